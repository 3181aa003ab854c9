"""One request from arrival to answer: faults, limits, token, route, scopes, body, transaction."""

import json
import random
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, unquote

from tenantctl.sandbox import api, events, tokens
from tenantctl.sandbox.behaviour import Fault, FaultKind, Level, Limits, shuffled
from tenantctl.sandbox.front import Page, front
from tenantctl.sandbox.refusal import Dropped, Refusal, invalid_query
from tenantctl.sandbox.service import checked
from tenantctl.sandbox.settings import loaded
from tenantctl.sandbox.store import Store
from tenantctl.sandbox.subscriptions import REFUSALS, UNPAID
from tenantctl.sandbox.wire import Answer, Call, Query, Route, Tenant

PREFIX = "/api/v2"
TOKEN_PATH = "/oauth/token"  # noqa: S105 - a path
LOGGED = 10_000
RequestHook = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request as it came over the wire; the path still encoded, header names in lower case."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An answer, ready for the wire: after `wait` seconds, or only half of it where `truncated`."""

    status: int
    headers: dict[str, str]
    body: bytes
    wait: float = 0.0
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A line of the log: `path` is below `/api/v2`, or `/oauth/token`; never a value of a body.

    `at` is the tenant's time, in seconds since the epoch.
    """

    at: float
    method: str
    path: str
    query: dict[str, str]
    status: int
    client_id: str | None
    body_keys: tuple[str, ...]


@dataclass(slots=True)
class Machine:
    """A tenant, how it answers, and what it was asked.

    `kept` are the settings as the file has them: where another process has changed those, they hold
    from the next request on.
    """

    tenant: Tenant
    key: bytes
    kept: str | None = None
    on_request: RequestHook | None = None
    log: deque[Request] = field(default_factory=lambda: deque(maxlen=LOGGED))
    limits: Limits = field(default_factory=Limits)
    number: int = 0
    version: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Incoming) -> Outgoing:
        """Processes one request. Raises Dropped where a fault breaks the connection."""
        with self.lock:
            self.number += 1
            self._refresh()
            self._hook("before")
            path = request.path.removeprefix(PREFIX)
            faults = self.tenant.settings.faults
            struck = {item.kind: item for item in faults if item.strikes(request.method, path)}
            if "before" in struck:
                raise Dropped("before")
            outgoing = self._spoiled(struck) or self._processed(request, path, "lag" in struck)
            self._hook("after")
            if "after" in struck:
                raise Dropped("after")
        slow = struck.get("slow")
        wait = slow.seconds if slow else 0.0
        return replace(outgoing, wait=wait, truncated="truncated" in struck)

    def _refresh(self) -> None:
        version = self.tenant.store.version()
        if version == self.version:
            return
        self.version = version
        kept = self.tenant.store.meta("settings")
        if kept != self.kept:
            self.kept = kept
            self.tenant.settings = loaded(kept)

    def _hook(self, phase: str) -> None:
        if self.on_request is not None:
            self.on_request(self.number, phase)

    def _spoiled(self, struck: dict[FaultKind, Fault]) -> Outgoing | None:
        item = struck.get("status")
        if item is None:
            return None
        if item.status == 429:
            return _outgoing(_too_many("Global"), self._level())
        return _outgoing(Answer(item.status, Refusal(item.status, item.message).body()))

    def _level(self) -> Level:
        return Level(limit=1, remaining=0, reset=int(self.tenant.clock()) + 1)

    def _processed(self, request: Incoming, path: str, lagging: bool) -> Outgoing:
        if request.path == TOKEN_PATH and request.method == "POST":
            with self.tenant.store.transaction():
                answer = tokens.exchange(self.tenant, self.key, request.headers, request.body)
                self.tenant.store.count_request("TOKEN", answer.status)
            now = self.tenant.clock()
            self.log.append(Request(now, "POST", TOKEN_PATH, {}, answer.status, None, ()))
            return _outgoing(answer)
        if request.method == "GET" and (outgoing := self._fronted(request)):
            return outgoing
        buckets = self.tenant.settings.buckets
        covering = tuple(item for item in buckets if item.covers(request.method, path))
        level = self.limits.draw(covering, self.tenant.clock())
        bearer = self._bearer(request)
        answer = self._managed(request, path, level, lagging, bearer)
        client = bearer.client_id if isinstance(bearer, tokens.Bearer) else None
        query = {name: values[0] for name, values in _query(request.query).items()}
        keys = _keys(request.body)
        now = self.tenant.clock()
        self.log.append(Request(now, request.method, path, query, answer.status, client, keys))
        return _outgoing(answer, level)

    def _fronted(self, request: Incoming) -> Outgoing | None:
        """The answer to what people and applications ask without a token, if it is that."""
        host = request.headers.get("host", "")
        answer = front(self.tenant, request.path, _query(request.query), host)
        if answer is None:
            return None
        now = self.tenant.clock()
        self.log.append(Request(now, "GET", request.path, {}, answer.status, None, ()))
        if isinstance(answer, Page):
            return Outgoing(answer.status, dict(answer.headers), answer.text.encode())
        return _outgoing(answer)

    def _bearer(self, request: Incoming) -> tokens.Bearer | Refusal:
        """Who calls, or why they may not: the log wants to know it in either case."""
        try:
            return tokens.authenticate(self.tenant, self.key, request.headers.get("authorization"))
        except Refusal as refusal:
            return refusal

    def _managed(
        self,
        request: Incoming,
        path: str,
        level: Level | None,
        lagging: bool,
        bearer: tokens.Bearer | Refusal,
    ) -> Answer:
        """The answer of the Management API, counted in the transaction of what it did."""
        store, method = self.tenant.store, request.method
        call: Call | None = None
        try:
            if level is not None and level.exceeded is not None:
                raise _limit_reached(level.exceeded)
            route, call = self._authorized(request, path, bearer)
            if lagging and method == "GET":
                answer = self._lagging(route, call)
            else:
                with store.transaction():
                    answer = checked(route, call)
                    store.count_request(method, answer.status)
                    if method != "GET":
                        self._log_write(request, route, call, answer, bearer)
            return self._hostile(route, answer)
        except Refusal as refusal:
            answer = Answer(refusal.status, refusal.body())
            with store.transaction():
                store.count_request(method, refusal.status)
                if method != "GET" and call is not None:
                    self._log_write(request, route, call, answer, bearer)
            return answer

    def _log_write(
        self,
        request: Incoming,
        route: Route,
        call: Call,
        answer: Answer,
        bearer: tokens.Bearer | Refusal,
    ) -> None:
        told = {
            "method": request.method,
            "path": request.path,
            "query": {name: values[0] for name, values in call.query.items()},
            "user_agent": request.headers.get("user-agent", ""),
            "body": call.body if call.body is not None else {},
            "scopes": call.scopes,
            "client_id": bearer.client_id if isinstance(bearer, tokens.Bearer) else "",
            "status": answer.status,
            "answer": None if answer.body is ... else answer.body,
            "noun": route.scopes[0].partition(":")[2].replace("_", " "),
        }
        events.add_operation(self.tenant, told, succeeded=answer.status < 400)

    def _lagging(self, route: Route, call: Call) -> Answer:
        with self.tenant.store.before_last_write():
            answer = checked(route, call)
        with self.tenant.store.transaction():
            self.tenant.store.count_request(call.method, answer.status)
        return answer

    def _authorized(
        self, request: Incoming, path: str, bearer: tokens.Bearer | Refusal
    ) -> tuple[Route, Call]:
        """The route and the call to make of a request. Raises Refusal."""
        found = api.match(request.method, path) if request.path.startswith(PREFIX) else None
        if found is None:
            raise Refusal(404, "Not Found")
        if isinstance(bearer, Refusal):
            raise bearer
        route, arguments = found
        if not bearer.scopes.intersection(route.scopes):
            expected = ",".join(route.scopes)
            raise Refusal(
                403, f"Insufficient scope, expected any of: {expected}", "insufficient_scope"
            )
        if route.feature and route.feature not in self.tenant.features:
            status = 402 if route.feature in UNPAID else 403
            raise Refusal(status, REFUSALS[route.feature], "insufficient_entitlement")
        query = _query(request.query)
        unknown = sorted(query.keys() - route.query)
        if unknown:
            raise invalid_query(f"Additional properties not allowed: {','.join(unknown)}")
        decoded = {name: unquote(value) for name, value in arguments.items()}
        body = _body(request) if route.body is not None else None
        return route, Call(self.tenant, request.method, decoded, query, body, bearer.scopes)

    def _hostile(self, route: Route, answer: Answer) -> Answer:
        hostility = self.tenant.settings.hostility
        if hostility is None or not hostility.shuffle or route.method != "GET":
            return answer
        seed = f"{hostility.seed}:{self.number}"
        dice = random.Random(seed)  # noqa: S311 - reproducible on purpose
        body = shuffled(answer.body, dice)
        if isinstance(body, list):
            dice.shuffle(body)
        elif route.items and isinstance(body, dict):
            dice.shuffle(body[route.items])
        return Answer(answer.status, body)


def _query(text: str) -> Query:
    return parse_qs(text, keep_blank_values=True)


def _body(request: Incoming) -> Any:
    """JSON, or the text itself of a template or a form with a file. Raises Refusal 400."""
    sort = request.headers.get("content-type", "")
    if "html" in sort or sort.startswith("multipart/"):
        return request.body.decode(errors="replace")
    try:
        found = json.loads(request.body or b"null")
        if b"\\u" in request.body:  # half a surrogate pair is no text, though JSON can write it
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Refusal(400, "Invalid request payload JSON format", "invalid_body") from None
    return found


def _keys(body: bytes) -> tuple[str, ...]:
    try:
        found = json.loads(body or b"null")
    except (ValueError, RecursionError):
        return ()
    return tuple(sorted(found)) if isinstance(found, dict) else ()


def _limit_reached(name: str) -> Refusal:
    return Refusal(429, f"{name} limit has been reached", "too_many_requests")


def _too_many(name: str) -> Answer:
    return Answer(429, _limit_reached(name).body())


def _outgoing(answer: Answer, level: Level | None = None) -> Outgoing:
    headers = level.headers() if level is not None else {}
    if answer.body is ...:
        return Outgoing(answer.status, headers, b"")
    headers["content-type"] = "application/json; charset=utf-8"
    return Outgoing(answer.status, headers, json.dumps(answer.body).encode())


def count_requests(store: Store) -> dict[str, int]:
    """Management requests by method since the tenant was made, and how many of them changed it."""
    counts: dict[str, int] = {"writes": 0}
    for (method, status), count in store.request_counts().items():
        counts[method] = counts.get(method, 0) + count
        if method not in {"GET", "TOKEN"} and status < 300:
            counts["writes"] += count
    return counts
