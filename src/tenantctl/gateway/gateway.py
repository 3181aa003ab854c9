"""Opening a tenant, reading it, and carrying out one step at a time."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tenantctl.gateway.access import Access, Patience, Stats
from tenantctl.gateway.limits import Limits
from tenantctl.gateway.surveyed import Survey
from tenantctl.model import (
    Address,
    Json,
    Observer,
    Outcome,
    Scope,
    Step,
    Tenant,
    Traced,
    Value,
    Vault,
    nobody,
    scrubber,
)

if TYPE_CHECKING:
    import httpx

    from tenantctl.gateway.closer import Closer
    from tenantctl.gateway.live import Live
    from tenantctl.gateway.looks import Look

EMPTY: Mapping[str, str] = {}

# What talks HTTP is imported where a tenant is opened: the rest of a run does without it.


class Gateway:
    """One live tenant. Ids and secrets stay inside; what comes out speaks in addresses."""

    def __init__(self, access: Access, live: Live, stats: Stats, http: httpx.AsyncClient) -> None:
        self.domain = access.domain
        self._http = http
        self.stats = stats
        self._client_id = access.client_id
        self._live = live

    async def read(self, scope: Scope) -> Tenant:
        """The resources of *scope* that are there, and nothing else. Raises GatewayError."""
        from tenantctl.gateway.live import read

        return await read(self._live, scope)

    async def survey(self, scope: Scope, *, kinds: Collection[str] = ()) -> Survey:
        """All that the tenant has, of some *kinds* or of every one: see `gateway.survey`.

        What *scope* declares keeps its address, everything else gets one of its own. Raises
        UsageError for an unknown kind, GatewayError where the tenant cannot be read.
        """
        from tenantctl.gateway.survey import survey

        return await survey(self._live, scope, self.domain, kinds)

    async def execute(self, step: Step) -> Outcome:
        """Read, check, merge, write, settle: the one place that changes a tenant.

        Everything that *step* refers to must have been read or executed before. A refusal or a
        failed request is an outcome; only Denied is raised, for no other step would fare better.
        """
        from tenantctl.gateway.execute import execute
        from tenantctl.gateway.session import DOING

        token = DOING.set(step.id)
        try:
            return await execute(self._live, step)
        finally:
            DOING.reset(token)

    async def holders(
        self, wanted: Mapping[Address, Collection[str]]
    ) -> Mapping[Address, tuple[str, ...]]:
        """Who uses what has been read: see `gateway.holders`. Raises GatewayError."""
        from tenantctl.gateway.holders import holders

        return await holders(self._live, wanted)

    async def every(self, names: Collection[str]) -> Mapping[str, int]:
        """How many objects there are of each kind in *names*: see `gateway.holders`."""
        from tenantctl.gateway.holders import every

        return await every(self._live, names)

    def record(self) -> list[Mapping[str, Json]]:
        """The reads from now on, as they are answered: see `Session.record`."""
        return self._live.session.record()

    async def scopes(self) -> frozenset[str] | None:
        """What the tenant's token permits; None where it does not say. Raises GatewayError."""
        return await self._live.session.scopes()

    async def look(self, path: str, query: Mapping[str, str] = EMPTY) -> Look:
        """What the tenant answers without a token. Raises Unreachable where it does not."""
        from tenantctl.gateway.looks import look

        return await look(self._http, self.domain, path, query)

    async def closer(self, wanted: Mapping[str, Collection[str]]) -> Closer:
        """Signing keys, and fields of what has been read: see `gateway.closer`."""
        from tenantctl.gateway.closer import look_closer

        return await look_closer(self._live, wanted)

    async def trace(
        self, wanted: Collection[Address], ids: Mapping[Address, str], since: str
    ) -> Traced:
        """Who has written what is *wanted*, by the tenant's log: see `gateway.logs`."""
        from tenantctl.gateway.logs import trace

        return await trace(self._live, wanted, ids, since)

    def id_of(self, address: Address) -> str:
        """The id of what was read or created at *address*; empty if there is none."""
        return self._live.index.id_of(address)

    def value(self, ref: Value) -> Json:
        """A plain field of what was read or created; None where it has none, or is a secret.

        Likewise of any value with references inside: what it comes to.
        """
        from tenantctl.gateway.index import rendered

        return rendered(ref, self._live.index, self._live.vault)

    async def secret(self, address: Address, name: str) -> str | None:
        """A secret that Auth0 made for what was read; None where the token may not see it."""
        from tenantctl.gateway.secrets import show

        return await show(self._live, address, name)

    def own(self) -> frozenset[Address]:
        """What this gateway needs to get in: its own client, the grants and keys of that."""
        return self._live.index.of_client(self._client_id)


@asynccontextmanager
async def open_gateway(
    access: Access,
    *,
    vault: Vault,
    limits: Limits,
    transport: httpx.AsyncBaseTransport | None = None,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    patience: Patience = Patience(),  # noqa: B008 - frozen
    ca: Path | None = None,
    observe: Observer = nobody,
) -> AsyncIterator[Gateway]:
    """A gateway to the tenant that *access* names. No request is sent before it is needed.

    *transport* stands in for the network. TLS is always verified, against *ca* (PEM) where it is
    given; redirects are not followed. *clock* gives seconds since the epoch. *observe* is told of
    every request to the Management API.
    """
    import httpx

    from tenantctl.gateway.codec import Codec
    from tenantctl.gateway.index import Index
    from tenantctl.gateway.limiter import Limiter
    from tenantctl.gateway.live import Live
    from tenantctl.gateway.session import TIMEOUT, Session
    from tenantctl.gateway.token import TokenSource

    stats, index = Stats(), Index()
    scrub = scrubber(_known(access, vault))
    codec = Codec(index, vault, scrub)
    verify = ssl.create_default_context(cafile=str(ca)) if ca else True
    async with httpx.AsyncClient(
        transport=transport, verify=verify, follow_redirects=False, timeout=TIMEOUT
    ) as http:
        limiter = Limiter(limits, clock=clock, sleep=sleep, patience=patience.limited, stats=stats)
        tokens = TokenSource(
            access, http, clock=clock, sleep=sleep, retries=patience.retries, scrub=scrub
        )
        session = Session(
            access,
            http,
            limiter,
            tokens,
            patience=patience,
            sleep=sleep,
            scrub=scrub,
            stats=stats,
            observe=observe,
        )
        yield Gateway(access, Live(session, index, codec, vault, patience, sleep), stats, http)


def _known(access: Access, vault: Vault) -> Vault:
    """Every secret that a tenant may quote: those of *vault*, and what we sign in with."""
    own = access.client_secret or access.private_key or ""
    return Vault({**vault.values, "that tenantctl signs in with": own})
