"""What a tenant answers without a token, to whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from tenantctl.errors import Unreachable
from tenantctl.model import Json


@dataclass(frozen=True, slots=True)
class Look:
    """An answer: its *status*, where it leads to if anywhere, and its JSON if it is some."""

    status: int
    location: str = ""
    document: Json = None


async def look(http: httpx.AsyncClient, domain: str, path: str, query: Mapping[str, str]) -> Look:
    """The answer to a GET of *path*, below the tenant's own root; redirects are not followed.

    Raises Unreachable where there is none.
    """
    try:
        answer = await http.get(f"https://{domain}{path}", params=dict(query))
    except httpx.HTTPError as error:
        raise Unreachable(
            f"{domain} did not answer to {path}: {type(error).__name__}",
            help="check domain, network, proxy, certificate: tenantctl doctor tells which",
        ) from None
    try:
        document = answer.json()
    except ValueError:
        document = None
    return Look(answer.status_code, answer.headers.get("location", ""), document)
