"""What a pipeline's runner reads in a log is no command, whoever has typed it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from report.samples import EMPTY, step, update
from tenantctl.cli import terminal
from tenantctl.cli.showing import show_plan
from tenantctl.model import Edit, Violation

COMMANDS = (
    "::set-output name=plan::forged",
    "##[set-output name=plan]forged",
    "##vso[task.prependpath]/tmp/evil",
    "##teamcity[buildStatus text='fine']",
)
CODE = "a\n{0}\n  {0}\nb\nc\n{0}\nd"
"""Lines of code, of which some stay as they are: they are shown without a sign before them."""
SHOP = step(
    "application_integration",
    update(
        "clients.shop",
        Edit(("description",), "old", " ".join(COMMANDS)),
        *(
            Edit(("addons", str(n)), CODE.format(each), CODE.format(each).replace("d", "e"))
            for n, each in enumerate(COMMANDS)
        ),
    ),
)
PLAN = replace(
    EMPTY, steps=(SHOP,), violations=tuple(Violation("r", each, each, each) for each in COMMANDS)
)


def heeded(line: str) -> bool:
    """Whether a runner takes *line* for a command, as they say of themselves."""
    return line.lstrip().startswith("::") or any(
        start in line for start in ("##[", "##vso[", "##teamcity[")
    )


@pytest.mark.parametrize("runner", ["GITHUB_ACTIONS", "TF_BUILD"])
def test_a_plan_in_the_log_of_a_pipeline_holds_no_command(capsys, monkeypatch, runner) -> None:
    monkeypatch.setenv(runner, "true")
    show_plan(PLAN, as_json=False, full=True)
    terminal.say("\n".join(COMMANDS))
    out, err = capsys.readouterr()
    assert "forged" in out
    assert [line for line in (out + err).splitlines() if heeded(line)] == []


def test_elsewhere_a_plan_shows_what_is_there(capsys, monkeypatch) -> None:
    for name in terminal.RUNNERS:
        monkeypatch.delenv(name, raising=False)
    show_plan(PLAN, as_json=False, full=True)
    assert sum(heeded(line) for line in capsys.readouterr().out.splitlines()) > 8


def test_json_says_the_same_to_programs_in_a_pipeline(capsys, monkeypatch) -> None:
    said = {"name": " ".join(COMMANDS), COMMANDS[2]: ["::stop-commands::x"]}
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    for print_it in (terminal.out_json, terminal.out_line):
        print_it(said)
        out = capsys.readouterr().out
        assert json.loads(out) == said
        assert not any(map(heeded, out.splitlines()))
