"""What the guides ask for, as data: the playbooks that come with the package, and the checks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pkgutil import get_data
from typing import Any

from tenantctl.errors import PlaybookError
from tenantctl.playbooks.check import LEVELS, Check, Node
from tenantctl.playbooks.grammar import read_by
from tenantctl.playbooks.loading import load, load_checks
from tenantctl.playbooks.playbook import (
    REQUIREMENTS,
    Again,
    Gate,
    Milestone,
    Phase,
    Playbook,
    Topic,
    Workstream,
)
from tenantctl.playbooks.written import written

__all__ = [
    "LEVELS",
    "NAMES",
    "REQUIREMENTS",
    "Again",
    "Check",
    "Gate",
    "Milestone",
    "Node",
    "Phase",
    "Playbook",
    "Topic",
    "Workstream",
    "checks",
    "every_check",
    "load",
    "load_checks",
    "nameless",
    "playbook",
    "read_by",
    "scopes",
    "shipped_topics",
    "source",
    "texts",
    "texts_of",
    "written",
]

NAMES = ("b2c", "b2b")


@cache
def playbook(name: str) -> Playbook:
    """The playbook of this name, read once; raises PlaybookError on a name not in `NAMES`.

    Reads the compiled form (`tools/compile_playbooks.py`): 0.8 ms, where libyaml alone takes
    30 ms over the source.
    """
    return load(json.loads(source(name)), shipped_topics())


def nameless(id: str) -> Playbook:
    """A playbook of which nothing is known but its *id*: everything goes by its own id."""
    return Playbook(id, id, (), {}, {}, {})


def source(name: str) -> bytes:
    """The compiled playbook as it is shipped; raises PlaybookError on a name not in `NAMES`."""
    if name not in NAMES:
        raise PlaybookError(f"there is no playbook {name}; there is {', '.join(NAMES)}")
    return _data(name)


@cache
def shipped_topics() -> Mapping[str, Any]:
    """What the topics of the guides configure, by id: see `topics.yaml`."""
    found: Mapping[str, Any] = json.loads(_data("topics"))
    return found


def checks(book: Playbook) -> tuple[Check, ...]:
    """The checks that belong to a playbook, by id: ours that are about its topics, and its own."""
    mine = {check.id for check in book.checks}
    shipped = (
        c for c in every_check() if c.id not in mine and not book.topics.keys().isdisjoint(c.topics)
    )
    return tuple(sorted((*shipped, *book.checks), key=lambda check: check.id))


@cache
def every_check() -> tuple[Check, ...]:
    """The checks that come with the package, by id."""
    return load_checks(json.loads(_data("checks")), {})


@cache
def texts() -> Mapping[str, Mapping[str, Any]]:
    """What there is to read: `topics` with summary, docs and example, `checks` with why, mend, see.

    Kept apart, for no plan needs it.
    """
    found: Mapping[str, Mapping[str, Any]] = json.loads(_data("texts"))
    return found


def texts_of(book: Playbook) -> Mapping[str, Mapping[str, Any]]:
    """The same for a playbook: what it says itself of a topic or a check counts first."""
    if not book.texts:
        return texts()
    return {
        word: {
            **said,
            **{id: {**said.get(id, {}), **own} for id, own in book.texts.get(word, {}).items()},
        }
        for word, said in texts().items()
    }


@cache
def scopes() -> Mapping[str, Any]:
    """What checks look at, and what people say of themselves: see `scopes.yaml`."""
    found: Mapping[str, Any] = json.loads(_data("scopes"))
    return found


def _data(name: str) -> bytes:
    found = get_data(__name__, f"{name}.json")
    if found is None:
        raise PlaybookError(f"{name}.json is missing: the installation is damaged")
    return found
