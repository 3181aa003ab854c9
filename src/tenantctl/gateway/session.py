"""Requests to one tenant: limited, retried where that is safe, and answered in our own errors."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, TypeAlias

import httpx
from auth0.management.core import AsyncClientWrapper

from tenantctl.errors import ApiError, Denied, GatewayError, Limited, Unreachable
from tenantctl.gateway.access import Access, Patience, Stats
from tenantctl.gateway.limiter import Grant, Limiter, seen
from tenantctl.gateway.routes import Route
from tenantctl.gateway.token import TokenSource
from tenantctl.model import Exchange, Json, Observer, StepId

WIDTH = 8
"""Requests in flight; more buy nothing but 429s (Auth0's burst sizes over usual latencies)."""

TIMEOUT = 30.0
NOTHING = object()
_SCOPE = re.compile(r"[a-z]+:[a-z_]+")

DOING: ContextVar[StepId | None] = ContextVar("doing", default=None)
"""The step that requests of this task are sent for: steps run side by side."""

Scrub = Callable[[str], str]
Read: TypeAlias = Mapping[str, Json]
"""The `path` below /api/v2 of a GET, its `query`, and the `status` and `body` of the answer."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A request without an answer; *unsent* where it certainly was not carried out."""

    reason: str
    unsent: bool


Answer: TypeAlias = httpx.Response | Lost


class Session:
    """Sends requests, and raises GatewayErrors that carry no body, header or token."""

    def __init__(
        self,
        access: Access,
        http: httpx.AsyncClient,
        limiter: Limiter,
        tokens: TokenSource,
        *,
        patience: Patience,
        sleep: Callable[[float], Awaitable[None]],
        scrub: Scrub,
        stats: Stats,
        observe: Observer,
    ) -> None:
        self._client = AsyncClientWrapper(
            base_url=f"https://{access.domain}/api/v2",
            token="",
            async_token=tokens.get,
            httpx_client=http,
            timeout=TIMEOUT,
            max_retries=0,
        ).httpx_client
        self._domain = access.domain
        self._limiter = limiter
        self._tokens = tokens
        self._patience = patience
        self._sleep = sleep
        self._scrub = scrub
        self._stats = stats
        self._clock = limiter.clock
        self._observe = observe
        self._width = asyncio.Semaphore(WIDTH)
        self._reads: list[Read] | None = None

    async def request(
        self, route: Route, *, query: Mapping[str, str | int] | None = None, body: Any = NOTHING
    ) -> Json:
        """The JSON that the tenant answers; None for an empty answer.

        Everything but a POST is repeated when it fails on the way; a POST only where it certainly
        did not get through. Raises ApiError, Unreachable (with *unknown* where the request may
        have been carried out), Denied or Limited.
        """
        query = dict(query or {})
        pauses = iter(self._patience.retries)
        renewed, attempts = False, count(1)
        while True:
            token = self._tokens.last
            answer = await self._attempt(route, query, body, attempts)
            if isinstance(answer, httpx.Response):
                if answer.is_success:
                    found = _content(answer, route)
                    self._note(route, query, answer.status_code, found)
                    return found
                if answer.status_code == 401 and not renewed:
                    renewed = True
                    self._tokens.drop(token or self._tokens.last)
                    continue
            pause = next(pauses, None) if _repeatable(route, answer) else None
            if pause is None:
                error = self._error(route, answer)
                if isinstance(error, ApiError):
                    self._note(route, query, error.status, None)
                raise error
            self._stats.retried += 1
            await self._sleep(pause)

    def record(self) -> list[Read]:
        """The reads from now on, as they are answered, secrets in clear as the tenant shows them.

        What is refused for a lacking scope says nothing of the tenant and is not among them.
        """
        self._reads = []
        return self._reads

    def _note(self, route: Route, query: Mapping[str, Any], status: int, body: Json) -> None:
        if self._reads is not None and route.method == "GET":
            self._reads.append(
                {"path": route.path, "query": dict(query), "status": status, "body": body}
            )

    async def scopes(self) -> frozenset[str] | None:
        """What we may do; None where the tenant does not say. Raises Denied or Unreachable."""
        return await self._tokens.scopes()

    async def _attempt(
        self, route: Route, query: Mapping[str, Any], body: Any, attempts: Iterator[int]
    ) -> Answer:
        """One answer that is not a 429; the tenant does not process what it answers with that."""
        since = self._clock()
        for _ in range(1 + len(self._patience.retries)):
            answer = await self._send(route, query, body, since=since, attempt=next(attempts))
            if isinstance(answer, Lost) or answer.status_code != 429:
                return answer
            since = self._clock()
            await self._limiter.rest(route.method, route.path, answer.headers)
        raise Limited(
            f"{route.label} is refused for rate limits again and again",
            help="somebody else uses up the tenant's limits; run it again later",
        )

    async def _send(
        self, route: Route, query: Mapping[str, Any], body: Any, *, since: float, attempt: int
    ) -> Answer:
        grant = await self._limiter.acquire(route.method, route.path)
        began, status, headers = grant.sent, 0, httpx.Headers()
        self._stats.requests += 1
        self._stats.writes += route.method != "GET"
        try:
            async with self._width:
                began = self._clock()
                answer = await self._client.request(
                    route.path,
                    method=route.method,
                    params=dict(query) or None,
                    json=None if body is NOTHING else body,
                )
            status, headers = answer.status_code, answer.headers
        except httpx.HTTPError as error:
            unsent = isinstance(
                error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout
            )
            return Lost(type(error).__name__, unsent)
        finally:
            self._limiter.land(grant, status, headers)
            told = _exchange(route, grant, status, headers)
            took = self._clock() - began
            self._observe(
                replace(told, began=began, seconds=took, waited=began - since, attempt=attempt)
            )
        return answer

    def _error(self, route: Route, answer: Answer) -> GatewayError:
        if isinstance(answer, Lost):
            return Unreachable(
                f"{route.label}: no answer from {self._domain} ({answer.reason})",
                unknown=not answer.unsent,
                help="check the network and the domain",
            )
        found = _fault(answer)
        if found is None:
            return Unreachable(
                f"{route.label}: {self._domain} answered {answer.status_code}, not as Auth0 does",
                unknown=answer.status_code >= 500,
                help="check that no proxy stands between, and that the domain is the tenant's own",
            )
        message, code = self._scrub(found[0]), found[1]
        if self._tokens.last:
            message = message.replace(self._tokens.last, "(access token)")
        said = f"{route.label}: {answer.status_code} {message}"
        if answer.status_code == 401:
            return Denied(said, help="check the client's credentials and its grant")
        if answer.status_code == 403 and code == "insufficient_scope":
            return Denied(
                said,
                lacks=_lacking(message),
                help="grant the client the scope that the message names; `tenantctl scopes` lists"
                " all that are needed",
            )
        return ApiError(said, status=answer.status_code, code=code, help=_way_out(code))


def _exchange(route: Route, grant: Grant, status: int, headers: httpx.Headers) -> Exchange:
    """What may be told of a request and its answer: no id, no query."""
    news = seen(headers)
    return Exchange(
        method=route.method,
        path=route.label.removeprefix(f"{route.method} "),
        status=status,
        began=grant.sent,
        seconds=0.0,
        bucket=grant.bucket,
        limit=news.limit if news else None,
        remaining=news.remaining if news else None,
        step=DOING.get(),
    )


def _repeatable(route: Route, answer: Answer) -> bool:
    """Whether to ask again: not what has been carried out, nor what is not implemented."""
    if isinstance(answer, Lost):
        return answer.unsent or route.method != "POST"
    status = answer.status_code
    return route.method != "POST" and (status == 408 or (status >= 500 and status != 501))


def _content(answer: httpx.Response, route: Route) -> Json:
    if not answer.content:
        return None
    try:
        return answer.json()
    except ValueError:
        raise Unreachable(
            f"{route.label}: answered {answer.status_code} without JSON", unknown=True
        ) from None


def _fault(answer: httpx.Response) -> tuple[str, str] | None:
    """Auth0's message and code of an error answer; None where it is not Auth0's."""
    try:
        found = answer.json()
    except ValueError:
        return None
    if not isinstance(found, dict) or not ({"message", "error", "statusCode"} & found.keys()):
        return None
    message = found.get("message") or found.get("error") or ""
    return str(message), str(found.get("errorCode") or "")


def _lacking(message: str) -> str:
    """The scopes that *message* names, of which one would do."""
    return " or ".join(_SCOPE.findall(message)) or "a scope"


def _way_out(code: str) -> str:
    if code == "insufficient_entitlement":
        return "the tenant's subscription does not include this; leave it out or upgrade"
    return ""
