"""The playbooks that come with the package: what a rollout consists of and in which order."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from tenantctl.errors import PlaybookError
from tenantctl.playbooks.playbook import (
    Gate,
    Milestone,
    Phase,
    Playbook,
    Topic,
    Workstream,
    load,
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
]

NAMES = ("b2c",)


@cache
def playbook(name: str) -> Playbook:
    """The playbook of this name, read once; raises PlaybookError on a name not in `NAMES`.

    Reads the compiled form (`tools/compile_playbooks.py`): 0.7 ms with all checks, where libyaml
    alone takes 8 ms over the source.
    """
    if name not in NAMES:
        raise PlaybookError(f"there is no playbook {name}; there is {', '.join(NAMES)}")
    text = resources.files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    return load(json.loads(text))
