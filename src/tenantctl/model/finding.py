"""What checks say of an environment, and what people have said to them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tenantctl.model.resource import Origin


@dataclass(frozen=True, slots=True)
class Finding:
    """How one check turned out in one environment.

    *status*: `passed`, `failed`, `unknown` (something that it reads was not looked at) or `absent`
    (it does not apply here). *level* is `off`, `info`, `warn` or `block`: what it means where it
    does not pass; *waived* says why that is less than the check's own. *details* say what failed
    or is not known, one sentence each, *places* where it is written. *vacuous* is true where it
    passed because there was nothing to look at. It is due by *milestone* of *phase*.
    """

    check: str
    title: str
    severity: str
    level: str
    status: str
    details: tuple[str, ...] = ()
    places: tuple[Origin, ...] = ()
    topics: tuple[str, ...] = ()
    phase: int = 1
    milestone: str = ""
    waived: str = ""
    vacuous: bool = False

    @property
    def open(self) -> bool:
        """Whether somebody has to see to it."""
        return self.status == "failed" or (self.status == "unknown" and self.level != "off")

    @property
    def blocking(self) -> bool:
        """Whether it stands in the way of an apply: it failed, and nobody has waived it."""
        return self.status == "failed" and self.level == "block"


@dataclass(frozen=True, slots=True)
class Attestation:
    """What a person states: *name* holds as of *on*, for some *environments* or for all.

    It holds until *until* at the longest, and as long as a check finds it young enough.
    """

    name: str
    by: str
    on: dt.date
    until: dt.date | None = None
    environments: tuple[str, ...] = ()
    link: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """A person takes it upon them that a check fails until *expires*, in these environments."""

    check: str
    reason: str
    owner: str
    expires: dt.date
    environments: tuple[str, ...] = ()
    origin: Origin | None = None
