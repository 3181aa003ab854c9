"""What the rules of safety look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tenantctl.model import (
    Address,
    Delete,
    Desired,
    Edit,
    Entry,
    Environment,
    Step,
    Tenant,
    Update,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """All that the rules may look at."""

    steps: tuple[Step, ...]
    desired: Desired
    live: Tenant
    entries: Mapping[Address, Entry]
    environment: Environment
    own: frozenset[Address] = frozenset()

    @property
    def deletes(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if isinstance(step.change, Delete))

    def updates(self) -> Iterator[tuple[Step, Edit]]:
        for step in self.steps:
            if isinstance(step.change, Update):
                for edit in step.change.edits:
                    yield step, edit


def permit(rule: str, address: object) -> str:
    """What a person writes to permit a violation of *rule* at *address*."""
    return (
        "to permit it, write under policy in the environment file: "
        f'allow: [{{rule: {rule}, address: "{address}", reason: ..., expires: "YYYY-MM-DD"}}]'
    )
