"""Every way to get a file wrong, each with exactly what is said about it.

A case is a file of `bad/`: sections that start with `--- path` are files of the small project,
the last one, `--- problems`, is what `load` says. `TENANTCTL_GOLDEN=1` writes that section again;
review it as a diff.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
from pathlib import Path

import pytest

from tenantctl.errors import FilesError
from tenantctl.files import load

CASES = sorted((Path(__file__).parent / "bad").glob("*.txt"))
MARK = "--- "


def sections(text):
    """The sections of a case by their names; `\\xNN` in one stands for that byte."""
    found = {}
    for line in text.splitlines(keepends=True):
        if line.startswith(MARK):
            name = line.removeprefix(MARK).strip()
            found[name] = ""
        else:
            found[name] += line
    return found


def files(case):
    return {
        name: text.encode().replace(b"\\xff", b"\xff").replace(b"\\x07", b"\x07")
        for name, text in case.items()
        if name != "problems"
    }


def said(root, env="dev"):
    with pytest.raises(FilesError) as caught:
        load(root, "shop", env)
    return "\n".join(map(str, caught.value.problems)) + "\n"


def test_there_are_many_ways_to_get_a_file_wrong():
    assert len(CASES) >= 60


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_bad_input_is_explained_with_its_line(path, project):
    text = path.read_text(encoding="utf-8")
    case = sections(text)
    env = "prod" if path.stem.startswith("prod_") else "dev"
    answer = said(project(files(case)), env)
    if os.environ.get("TENANTCTL_GOLDEN"):
        kept = text.partition(f"{MARK}problems\n")[0]
        path.write_text(f"{kept}{MARK}problems\n{answer}", encoding="utf-8")
    else:
        assert answer == case["problems"]


def test_all_problems_of_all_files_are_said_at_once(project):
    root = project(
        {
            "tenants/shop/phase1/one.yaml": "logout: {tenant: {friendly_nam: x}}\n",
            "tenants/shop/phase1/two.yaml": "logout: {tenant: {picture_url: NO}}\n",
            "environments/shop/dev.yaml": "kind: develpment\ndomain: embedded\n",
        }
    )
    with pytest.raises(FilesError) as caught:
        load(root, "shop", "dev")
    assert {problem.file for problem in caught.value.problems} == {
        "tenants/shop/phase1/one.yaml",
        "tenants/shop/phase1/two.yaml",
        "environments/shop/dev.yaml",
    }


def test_what_stands_in_a_file_that_cannot_be_read_is_not_called_missing(project):
    root = project({"tenants/shop/phase1/base.yaml": "application_integration: {\n"})
    assert said(root).splitlines()[0] == (
        "tenants/shop/phase1/base.yaml:2:1: not YAML: while parsing a flow node, "
        "did not find expected node content"
    )
    assert said(root).count("tenants/shop") == 1


SLIPS = [
    "null", "[]", "{}", "!var url", "!secret KEY", "!file a", "!ref clients.web.name", "5", "1.5",
    "!unmanaged", "!append [a]", "[{a: b}]", "{$at: 1}", "{$mode: exclusive}", '"${secret.KEY}"',
    "[null]", "[[1]]", "{a: {b: [c]}}", "{$only: [prod]}", "&a [1]", '""', "-", "*a", "{", "\t",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(150))
def test_whatever_slips_into_a_file_is_a_problem_or_nothing(project, small, seed):
    order = random.Random(seed)
    name = order.choice(sorted(small.FILES))
    text = small.FILES[name]
    values = list(re.finditer(r": +(\S[^\n]*)|- (\S+)|(\{[^\n]*\})", text))
    for found in order.sample(values, k=1):
        group = found.lastindex or 0
        text = text[: found.start(group)] + order.choice(SLIPS) + text[found.end(group) :]
    root = project({name: text})
    with contextlib.suppress(FilesError):
        load(root, "shop", order.choice(["dev", "prod"]))


def test_no_answer_repeats_a_secret_that_stands_in_a_file():
    cases = [sections(path.read_text(encoding="utf-8")) for path in CASES]
    secrets = {"hunter2", "4711"}
    with_secrets = [case for case in cases if any(s in str(case) for s in secrets)]
    assert len(with_secrets) >= 4
    assert not [case for case in with_secrets if any(s in case["problems"] for s in secrets)]
