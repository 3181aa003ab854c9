"""What a tenant tells beside what is declared: its signing keys, and what changes by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tenantctl.errors import ApiError, Denied
from tenantctl.gateway.live import Live, list_all
from tenantctl.gateway.routes import Route
from tenantctl.gateway.unread import Unread, tried
from tenantctl.kinds import KINDS, Kind
from tenantctl.model import Address, Json, Ref

KEYS = Route("GET", "/keys/signing", "GET /keys/signing")
TOLD = ("current", "next", "previous", "revoked", "current_since")
"""What is told of a signing key: when it is used, and nothing of what it is."""


@dataclass(frozen=True, slots=True)
class Closer:
    """What a closer look shows.

    *keys* are the signing keys, None where *keys_unread* says why they are not known. *shown* are
    fields of what has been read; *unread* says why those of a kind are not.
    """

    keys: tuple[Mapping[str, Json], ...] | None = None
    keys_unread: str = ""
    shown: Mapping[Address, Mapping[str, Json]] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)


async def look_closer(live: Live, wanted: Mapping[str, Collection[str]]) -> Closer:
    """The signing keys, and the fields *wanted*, by kind, of what has been read before.

    What the token may not see is said. Raises GatewayError where the tenant does not answer.
    """
    keys, why = await _keys(live)
    shown: dict[Address, Mapping[str, Json]] = {}
    unread: dict[str, str] = {}
    for name, fields in wanted.items():
        found = await tried(KINDS[name], _shown(live, KINDS[name], fields))
        if isinstance(found, Unread):
            unread[name] = found.reason
        else:
            shown |= found
    return Closer(keys, why, shown, unread)


async def _keys(live: Live) -> tuple[tuple[Mapping[str, Json], ...] | None, str]:
    try:
        found = await live.session.request(KEYS)
    except Denied as error:
        if not error.lacks:
            raise
        return None, f"the token lacks {error.lacks}"
    except ApiError as error:
        if error.status not in {402, 403, 404, 501}:
            raise
        return None, f"the tenant does not show its signing keys ({error.message})"
    told = ({name: key[name] for name in TOLD if name in key} for key in found or ())
    return tuple(told), ""


async def _shown(
    live: Live, kind: Kind, fields: Collection[str]
) -> Mapping[Address, Mapping[str, Json]]:
    """*fields* of each object of *kind* that has an address."""
    assert kind.wire.list is not None
    found: dict[Address, Mapping[str, Json]] = {}
    for item in await list_all(live, kind, Address(kind.name, ""), kind.wire.list):
        ref = live.index.named(kind.name, "id", str(item[kind.wire.id]))
        if isinstance(ref, Ref):
            found[ref.address] = {name: item[name] for name in fields if name in item}
    return found
