"""Which topics the example tenants of this repository show, and why they leave the others out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tenantctl.files import home_of, load, tenants
from tenantctl.playbooks import NAMES, checks, playbook

ROOT = Path(__file__).resolve().parents[1]
SHOWN = 3
"""Addresses that are named; of more it is said how many."""
HEAD = """\
# What the example tenants show

Made by `python -m tools.playbook_pages`; do not edit.

For every topic: what an example tenant declares under it in any environment, all phases released,
and how many checks look at it where it is adopted. A topic without either has the reason of the
tenants that declined it.
"""


@dataclass(frozen=True, slots=True)
class Example:
    """A tenant of this repository: its topics, and the addresses that each of them writes."""

    name: str
    playbook: str
    adopts: frozenset[str]
    declines: Mapping[str, str]
    resources: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Covered:
    """How a topic is shown: by resources and checks of tenants that adopt it, or why it is not."""

    topic: str
    resources: Mapping[str, tuple[str, ...]]
    adopted: tuple[str, ...]
    checks: int
    reasons: Mapping[str, str]

    @property
    def shown(self) -> bool:
        return any(self.resources.values()) or bool(self.adopted and self.checks)


def coverage() -> str:
    """The page."""
    rows = list(covered(examples()))
    named = [example.name for example in examples()]
    by_resource = sum(any(row.resources.values()) for row in rows)
    by_check = sum(row.shown for row in rows) - by_resource
    count = (
        f"{len(rows)} topics: {by_resource} with resources, {by_check} with checks alone,"
        f" {len(rows) - by_resource - by_check} declined by all."
    )
    lines = [
        HEAD,
        count,
        "",
        _row(("topic", *named, "checks", "why it is left out")),
        _row(("---", *("---" for _ in named), "---:", "---")),
    ]
    for row in rows:
        name = f"[{row.topic}](topics/{row.topic}.md)"
        told = (_told(row, example) for example in named)
        why = "" if row.shown else "; ".join(f"{n}: {said}" for n, said in row.reasons.items())
        lines.append(_row((name, *told, str(row.checks or "-"), why.replace("|", "\\|"))))
    return "\n".join([*lines, ""])


def _told(row: Covered, example: str) -> str:
    if found := row.resources.get(example):
        some = ", ".join(f"`{each}`" for each in found[:SHOWN])
        return f"{some} and {len(found) - SHOWN} more" if len(found) > SHOWN else some
    if example in row.adopted:
        return "adopted"
    return "declined" if example in row.reasons else "-"


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def covered(found: tuple[Example, ...]) -> Iterator[Covered]:
    """Every topic of the playbooks."""
    books = {name: playbook(name) for name in NAMES}
    for topic in dict.fromkeys(topic for book in books.values() for topic in book.topics):
        mine = [example for example in found if topic in books[example.playbook].topics]
        asked = {
            check.id for book in books.values() for check in checks(book) if topic in check.topics
        }
        yield Covered(
            topic,
            {example.name: example.resources.get(topic, ()) for example in mine},
            tuple(example.name for example in mine if topic in example.adopts),
            len(asked),
            {e.name: e.declines[topic] for e in mine if topic in e.declines},
        )


@cache
def examples() -> tuple[Example, ...]:
    """The tenants of this repository."""
    return tuple(example(name) for name in tenants(ROOT))


def example(name: str) -> Example:
    """A tenant, with all phases of its playbook released everywhere."""
    home = home_of(ROOT, name)
    said: dict[str, Any] = yaml.safe_load(home.folder.read("tenant.yaml"))
    resources: dict[str, set[str]] = {}
    phases = [phase.number for phase in playbook(said["playbook"]).phases]
    for env in home.names:
        file = home.environments.name(f"{env}.yaml")
        text = released((ROOT / file).read_text(encoding="utf-8"), phases)
        loaded = load(ROOT, name, env, texts={file: text})
        for address, origins in loaded.desired.origins.items():
            for origin in origins.values():
                if origin.topic:
                    resources.setdefault(origin.topic, set()).add(str(address))
    return Example(
        name,
        said["playbook"],
        frozenset(said.get("adopts", ())),
        said.get("declines") or {},
        {topic: tuple(sorted(found)) for topic, found in resources.items()},
    )


def released(text: str, phases: list[int]) -> str:
    """The environment file *text* with other *phases*."""
    for key, value in yaml.compose(text).value:
        if key.value == "phases":
            start, end = value.start_mark.index, value.end_mark.index
            return f"{text[:start]}{phases}{text[end:]}"
    return f"phases: {phases}\n{text}"
