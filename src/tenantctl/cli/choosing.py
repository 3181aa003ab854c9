"""One environment or several: what a command line means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tenantctl.errors import UsageError

if TYPE_CHECKING:
    from tenantctl.workflows.several import Asked, Known, Target


JOBS = 4


@dataclass(frozen=True, slots=True)
class Several:
    """What the options of several environments say."""

    every: bool = False
    environments: Sequence[str] | None = None
    kinds: Sequence[str] | None = None
    wave: int | None = None
    shard: str | None = None
    jobs: int | None = None

    @property
    def given(self) -> bool:
        return self.every or any(self._options)

    @property
    def _options(self) -> tuple[object, ...]:
        return self.environments, self.kinds, self.wave, self.shard, self.jobs

    @property
    def at_once(self) -> int:
        return self.jobs or JOBS

    def asked(self, name: str) -> Asked:
        """Which environments are asked for."""
        from tenantctl.workflows.several import Asked

        found = (tuple(self.environments or ()), tuple(self.kinds or ()), self.wave)
        return Asked(name, *found, self.shard or "")


def meant(
    root: Path, text: str | None, several: Several
) -> tuple[Known, tuple[Target, ...]] | None:
    """The environments that a command line means; None where it is the one that *text* names.

    Raises UsageError where it is neither.
    """
    if several.every and text:
        raise UsageError(f"--all is all of them, {text} too", help=f"leave out --all, or {text}")
    if text is None and not several.every:
        raise UsageError("which environment?", help="write TENANT/ENV, TENANT, or --all")
    if text and _is_one(root, text):
        if several.given:
            from tenantctl.files import find

            find(root, text)
            raise UsageError(
                f"{text} is one environment: there is nothing to choose from",
                help="write the tenant alone, or --all",
            )
        return None
    from tenantctl.workflows.several import choose, known_targets

    known = known_targets(root)
    return known, choose(known.targets, several.asked(text or ""))


def _is_one(root: Path, text: str) -> bool:
    """Whether *text* names an environment: with its tenant, or alone where there is one tenant.

    What is no tenant's name is told as it always was.
    """
    if "/" in text:
        return True
    from tenantctl.files import environments_of, tenants

    found = tenants(root)
    if len(found) == 1 and text in environments_of(root, found[0]):
        return True
    return text not in found and not is_fleet(root, text)


def is_fleet(root: Path, text: str) -> bool:
    """Whether *text* is the name of a fleet and of no tenant."""
    from tenantctl.files.fleet import read_fleets

    fleets = read_fleets(root)
    return fleets is not None and text in {each.fleet.name for each in fleets.members.values()}
