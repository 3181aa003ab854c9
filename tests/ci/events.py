"""What GitHub sends with the events that set off workflows, as far as they are looked at."""

from __future__ import annotations

from ci.machine import Event

REPOSITORY = {"full_name": "octo/shop", "default_branch": "main"}
READ_ONLY = frozenset[str]()
"""The token of a fork's pull request writes nothing, whatever a job asks for."""


def pull_request(head: str = "octo/shop") -> Event:
    payload = {
        "action": "synchronize",
        "number": 7,
        "pull_request": {
            "number": 7,
            "title": '$(touch /tmp/never) `id` "; exit 1',
            "head": {"ref": "a-branch", "sha": "1" * 40, "repo": {"full_name": head}},
            "base": {"ref": "main", "repo": REPOSITORY},
        },
        "repository": REPOSITORY,
    }
    if head == "octo/shop":
        return Event("pull_request", payload, "refs/pull/7/merge")
    return Event("pull_request", payload, "refs/pull/7/merge", token=READ_ONLY)


def push(ref: str = "refs/heads/main") -> Event:
    return Event("push", {"ref": ref, "repository": REPOSITORY, "commits": []}, ref)


def schedule() -> Event:
    return Event("schedule", {"schedule": "41 3 * * *", "repository": REPOSITORY})


def dispatch(**inputs: str) -> Event:
    return Event("workflow_dispatch", {"inputs": inputs, "repository": REPOSITORY})
