"""Published configurations of other people, taken over: what comes of them, and what else would."""

from __future__ import annotations

import random
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from campaigns.figures import commit, table, write_page
from campaigns.takeover import ours, theirs
from campaigns.takeover.made_up import MADE_UP
from campaigns.takeover.mutations import spoilt
from campaigns.takeover.published import Published, published, twins
from campaigns.takeover.reasons import CANNOT, PAIRED, REASONS, Reason, explained
from campaigns.takeover.state import Difference, differences, state, tables
from conformance import deploy_cli
from support.project import command

SEED = 20260828
SPOILT = 200
"""Copies with something spoilt, over all configurations."""


# --- the quick part ---------------------------------------------------------------------------


@pytest.mark.thorough
@pytest.mark.parametrize("made", MADE_UP, ids=lambda made: made.name)
def test_a_made_up_configuration_is_taken_over_and_comes_true(made, tmp_path):
    source = made.written(tmp_path)
    taken = ours.taken(source, tmp_path / "project")
    assert {env: ours.came_true(taken, env) for env in source.environments} == dict.fromkeys(
        source.environments, ""
    )
    assert sum(taken.told["counts"].values()) == made.resources
    assert {note["message"] for note in taken.told["notes"]} == set(made.notes)


@pytest.mark.thorough
def test_small_published_configurations_are_taken_over_and_come_true(shared, tmp_path):
    known = [each for each in published(shared) if not each.terraform and len(each.mappings) < 2]
    for each in sorted(known, key=lambda each: sum(each.counts.values()))[:3]:
        taken = ours.taken(each, tmp_path / each.name)
        assert {env: ours.came_true(taken, env) for env in each.environments} == dict.fromkeys(
            each.environments, ""
        )


@pytest.mark.thorough
def test_what_is_spoilt_ends_in_a_project_that_loads_or_in_a_word_about_it(tmp_path):
    sources = [made.written(tmp_path / made.name) for made in MADE_UP]
    draw = random.Random(SEED)
    for number in range(12):
        assert try_spoilt(draw.choice(sources), tmp_path / str(number), draw) in {"taken", "told"}


def try_spoilt(each: Published, folder: Path, draw: random.Random) -> str:
    """Whether a copy with something spoilt was `taken`, or `told` to be wrong; else what not."""
    copy = folder / "source"
    how = spoilt(each.folder, copy, draw)
    mappings = [
        f"--mapping={env}={copy / path.relative_to(each.folder)}"
        for env, path in each.mappings.items()
    ]
    tool = "terraform" if each.terraform else "deploy-cli"
    path = copy / each.path.relative_to(each.folder)
    ran = command(
        "convert", tool, str(path), "--into", str(folder / "project"), "--tenant", "spoilt",
        *mappings, "--embedded",
    )  # fmt: skip
    if ran.code == 0:
        return "taken"  # it says so only of what loads
    written = (folder / "project").exists()
    told = ran.code in {64, 65} and ran.err.strip() and "Traceback" not in ran.err
    return "told" if told and not written else f"{how}: exit {ran.code}: {ran.err[:300]}"


# --- the campaign -----------------------------------------------------------------------------


@dataclass
class Seen:
    """One environment of one configuration, taken over; *other*: what the other tool made of it."""

    published: Published
    env: str
    resources: int
    notes: Counter[str]
    wrong: str
    other: str = "-"
    found: dict[Difference, Reason | None] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.published.name} {self.env}"


@pytest.mark.campaign
def test_what_is_taken_over_comes_true_and_is_what_the_other_tool_would_have_made(shared, tmp_path):
    deploy_cli.command()
    began = time.monotonic()
    known = published(shared)
    seen, projects = take_all(known, tmp_path / "ours")
    wanted = [each for each in seen if not each.published.terraform]
    served = tmp_path / "served"
    served.mkdir()
    stopped = theirs.results(served, [(each.published, each.env) for each in wanted])
    for each, why in zip(wanted, stopped, strict=True):
        each.other = why
    for each in wanted:
        if not each.other and not each.wrong:
            each.found = explained(compared(each, projects, served), REASONS)
    pairs = {name: explained(found, PAIRED) for name, found in paired(known, projects, tmp_path)}
    outcomes = Counter(spoil_all(known, tmp_path / "spoilt"))
    write(seen, pairs, outcomes, time.monotonic() - began)
    assert [each.name for each in seen if each.wrong and not cannot(each)] == []
    assert list(unexplained(seen, pairs)) == []
    assert outcomes.keys() <= {"taken", "told"}


def take_all(known: Iterable[Published], folder: Path) -> tuple[list[Seen], dict[str, ours.Taken]]:
    """Every configuration as a project, with all of its environments applied."""
    seen, projects = [], {}
    for each in known:
        taken = ours.taken(each, folder / each.name)
        projects[each.name] = taken
        levels = Counter(note["level"] for note in taken.told["notes"])
        count = sum(taken.told["counts"].values())
        for env in each.environments:
            wrong = ours.came_true(taken, env)
            seen.append(Seen(each, env, count, levels, wrong))
    return seen, projects


def compared(each: Seen, projects: dict[str, ours.Taken], served: Path) -> list[Difference]:
    """Where the tenant of the project differs from the one that the other tool imported into."""
    project = projects[each.published.name].project
    with (
        project.sandbox(each.env, each.published.name) as mine,
        theirs.held(served, each.published, each.env) as other,
    ):
        both = tables(mine) | tables(other)
        return differences(state(mine, both), state(other, both))


def paired(
    known: Iterable[Published], projects: dict[str, ours.Taken], folder: Path
) -> Iterator[tuple[str, list[Difference]]]:
    """Where the two tenants of a configuration that was published for both tools differ."""
    for one, other in twins(known, folder):
        ((env, _),) = other.mappings.items()
        taken = ours.taken(other, folder / other.name)
        assert ours.came_true(taken, env) == "", other.name
        with (
            projects[one.name].project.sandbox(env, one.name) as first,
            taken.project.sandbox(env, other.name) as second,
        ):
            both = tables(first) | tables(second)
            yield one.name, differences(state(first, both), state(second, both))


def spoil_all(known: list[Published], folder: Path) -> Iterator[str]:
    draw = random.Random(SEED)
    small = [each for each in known if sum(each.counts.values()) < 200]
    for number in range(SPOILT):
        yield try_spoilt(draw.choice(small), folder / str(number), draw)
        shutil.rmtree(folder / str(number))


def cannot(each: Seen) -> str:
    """Why a configuration, as it was published, is refused by any tenant that is new."""
    return next((why for word, why in CANNOT.items() if word in each.wrong), "")


def unexplained(
    seen: Iterable[Seen], pairs: dict[str, dict[Difference, Reason | None]]
) -> Iterator[tuple[str, Difference]]:
    every = [(each.name, each.found) for each in seen] + list(pairs.items())
    for name, found in every:
        yield from ((name, each) for each, reason in found.items() if reason is None)


# --- the page ---------------------------------------------------------------------------------


def write(
    seen: list[Seen],
    pairs: dict[str, dict[Difference, Reason | None]],
    outcomes: Counter[str],
    seconds: float,
) -> None:
    facts = {
        "commit": commit(),
        "auth0-deploy-cli": deploy_cli.VERSION,
        "seed": SEED,
        "seconds": round(seconds),
    }
    what = (
        "Public configurations of other people, in every environment that they were published"
        " with: `tenantctl convert`, `validate`, `apply` to an empty tenant of the sandbox, `plan`"
        " again. Those of auth0-deploy-cli were imported by that tool, too, into another empty"
        " tenant; then both tenants were compared, document by document, by the names that things"
        " have. What differs is listed by reason; a difference without one fails the campaign."
    )
    body = "\n\n".join([_sources(seen), _reasons(seen), _pairs(pairs), _mends(), _spoilt(outcomes)])
    write_page("takeover", "Taking over what others have written", what, facts, body)


def _sources(seen: list[Seen]) -> str:
    rows: list[tuple[object, ...]] = [
        (
            "configuration",
            "resources",
            "notes",
            "applied, and planned again",
            "the other tool",
            "differences",
        )
    ]
    for each in seen:
        said = (
            ", ".join(f"{count} {level}" for level, count in sorted(each.notes.items())) or "none"
        )
        true = "nothing left to do" if not each.wrong else cannot(each) or each.wrong
        other = {"": "imports it", "-": "-"}.get(each.other, each.other)
        compared = str(len(each.found)) if not each.other else "-"
        rows.append((each.name, each.resources, said, true, other, compared))
    return f"## Configurations\n\n{table(rows)}"


def _reasons(seen: list[Seen]) -> str:
    counts = Counter(reason for each in seen for reason in each.found.values() if reason)
    rows: list[tuple[object, ...]] = [("differences", "in", "whose", "why")]
    for reason, count in counts.most_common():
        where = sum(reason in each.found.values() for each in seen)
        rows.append((count, f"{where} environments", reason.whose, reason.why))
    return f"## Why the two tenants differ\n\n{table(rows)}"


def _pairs(pairs: dict[str, dict[Difference, Reason | None]]) -> str:
    rows: list[tuple[object, ...]] = [("tenant", "differences", "why")]
    for name, found in pairs.items():
        for reason, count in Counter(found.values()).most_common():
            rows.append((name, count, reason.why if reason else "**unexplained**"))
    return f"## One tenant, published for auth0-deploy-cli and for Terraform\n\n{table(rows)}"


def _mends() -> str:
    rows = [("what was taken out for the other tool",), *((mend.why,) for mend in theirs.MENDS)]
    return (
        "## What the other tool does not take any more\n\nThese stand in old exports; tenantctl"
        f" read them as they were published.\n\n{table(rows)}"
    )


def _spoilt(outcomes: Counter[str]) -> str:
    return (
        "## Spoilt copies\n\n"
        f"{sum(outcomes.values())} copies with one to three files spoilt (cut off, another type,"
        " unknown keys, tabs, byte order marks, control characters, anchors, ...):"
        f" {outcomes['taken']} became a project that loads, {outcomes['told']} were refused with"
        " what is wrong. None ended in a traceback, none left files that do not load."
    )
