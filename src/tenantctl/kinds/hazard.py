"""What it risks to change a thing: data that reviewers are shown, with where Auth0 says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from tenantctl.model import Json, Path

Verb = Literal["create", "update", "delete"]

LOCKOUT: Final = "lockout"
LOSS: Final = "data_loss"
TOKEN: Final = "token_breaking"  # noqa: S105  (the name of a risk)
LOGIN: Final = "login_affecting"
ROTATION: Final = "secret_rotation"

RISKS: Final = (LOCKOUT, LOSS, TOKEN, LOGIN, ROTATION)
"""Every risk, the worst first; what has none is safe.

`lockout`: people, applications or administrators may be shut out. `data_loss`: something goes that
no apply brings back. `token_breaking`: tokens or sessions in use stop working, or an application
or an API is refused one, or refuses it. `login_affecting`: people sign in, up or out in another
way. `secret_rotation`: a secret changes, and whoever holds the old one needs the new one.
"""

API: Final = "https://auth0.com/docs/api/management/v2"
"""Where the reference of the Management API says what a field does."""
DOCS: Final = "https://auth0.com/docs/"


AT_ONCE: Final[tuple[Verb, ...]] = ("create", "update")
"""Of what takes effect as soon as it is there, on what was there before."""


@dataclass(frozen=True, slots=True, eq=False)
class Hazard:
    """What it risks to change the fields at a path and below, or to create or delete the whole.

    *at*: where; `*` is any one key, and nothing the whole. *risks*: out of `RISKS`; none: it is
    safe. *why*: what may happen, for a reviewer. *on*: what is done to the resource. *keys*: the
    first parts of keys of fixed kinds that it holds for; none: all. *when*: the value gets `less`
    (members or a number; what was there goes) or `more`, is switched `on` or `off`. *to*: the new
    value is one of these. *see*: where Auth0 says so; an address, or what follows `DOCS` in it.

    The longest *at* that fits and whose conditions hold wins; of equal ones the first.
    """

    at: Path
    risks: tuple[str, ...]
    why: str = ""
    on: tuple[Verb, ...] = ("update",)
    keys: tuple[str, ...] = ()
    when: Literal["", "less", "more", "on", "off"] = ""
    to: tuple[Json, ...] = ()
    see: str = API

    @property
    def source(self) -> str:
        """The address of the page that says so."""
        return self.see if self.see.startswith("https:") else f"{DOCS}{self.see}"


def safe(*names: str, when: Literal["", "less", "more", "on", "off"] = "") -> tuple[Hazard, ...]:
    """The fields *names* can be changed without risk; dots lead into structures."""
    return tuple(Hazard(tuple(name.split(".")), (), when=when) for name in names)


def shrinking(
    names: tuple[str, ...], risks: tuple[str, ...], why: str, see: str = API
) -> Iterator[Hazard]:
    """Fields of which only having less is a risk; dots lead into structures."""
    for name in names:
        at = tuple(name.split("."))
        yield Hazard(at, risks, why, when="less", see=see)
        yield Hazard(at, (), when="more")


def deleting(risks: tuple[str, ...], why: str, see: str = API) -> Hazard:
    """What a delete of the whole risks."""
    return Hazard((), risks, why, on=("delete",), see=see)


def anything(
    risks: tuple[str, ...], why: str, see: str = API, on: tuple[Verb, ...] = ("update",)
) -> Hazard:
    """What it risks to change a field of which nothing else is said, or to do *on* the whole."""
    return Hazard((), risks, why, on=on, see=see)
