"""Reading a secret that Auth0 keeps and shows: for a sink that a person named, and nothing else."""

from __future__ import annotations

from tenantctl.gateway.live import Live
from tenantctl.gateway.routes import accepts
from tenantctl.kinds import KINDS
from tenantctl.model import Address


async def show(live: Live, address: Address, name: str) -> str | None:
    """The field *name* of what was read at *address*; None where the answer lacks it.

    It lacks it where a token has no scope for keys (api-behaviour 2.1). Raises GatewayError.
    """
    kind = KINDS[address.kind]
    where = live.route(kind, address, f"GET {kind.wire.read}")
    only = accepts(kind, address, kind.wire.read, "include_fields")
    query = {"fields": name, "include_fields": "true"} if only else {}
    found = (await live.session.request(where, query=query) or {}).get(name)
    return found if isinstance(found, str) and found else None
