"""A tenant as it was found somewhere, on its way into a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tenantctl.model.address import Address
from tenantctl.model.resource import Resource
from tenantctl.model.value import Json

LEVELS = ("mistake", "loss", "secret", "guess", "hint")


@dataclass(frozen=True, slots=True)
class Note:
    """What a person should know about something that was taken over.

    *level*: `mistake`: the source is likely wrong; `loss`: something was left out; `secret`: a
    value has to be supplied; `guess`: it was decided, and could be meant otherwise; `hint`: there
    is a better way. *file* is as the source names it, *line* and *column* count from 1, 0 where
    unknown. Holds no secrets.
    """

    level: str
    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    help: str = ""
    address: str = ""

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Draft:
    """A tenant as one environment has it, before anybody has written it down.

    *resources* are in flat form, with a Var or a Text of Vars where a value differs from
    environment to environment; *variables* are their values here. A Secret is named already; a
    Sealed is a secret that nobody has named.
    """

    domain: str
    resources: Mapping[Address, Resource]
    variables: Mapping[str, Json] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
