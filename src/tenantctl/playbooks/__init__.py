"""The playbooks that come with the package: what a rollout consists of and in which order."""

from __future__ import annotations

import json
from functools import cache
from pkgutil import get_data

from tenantctl.errors import PlaybookError
from tenantctl.playbooks.loading import load
from tenantctl.playbooks.playbook import (
    Gate,
    Milestone,
    Phase,
    Playbook,
    Topic,
    Workstream,
)

__all__ = [
    "NAMES",
    "Gate",
    "Milestone",
    "Phase",
    "Playbook",
    "Topic",
    "Workstream",
    "load",
    "playbook",
    "source",
]

NAMES = ("b2c", "b2b")


@cache
def playbook(name: str) -> Playbook:
    """The playbook of this name, read once; raises PlaybookError on a name not in `NAMES`.

    Reads the compiled form (`tools/compile_playbooks.py`): 0.8 ms with all checks, where libyaml
    alone takes 30 ms over the source.
    """
    return load(json.loads(source(name)))


def source(name: str) -> bytes:
    """The compiled playbook as it is shipped; raises PlaybookError on a name not in `NAMES`."""
    found = get_data(__name__, f"{name}.json") if name in NAMES else None
    if found is None:
        raise PlaybookError(f"there is no playbook {name}; there is {', '.join(NAMES)}")
    return found
