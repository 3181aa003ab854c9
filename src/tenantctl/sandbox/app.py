"""The machine as an ASGI app, and as a transport for httpx; both can hold back and break off."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any, Final
from urllib.parse import quote

import httpx

from tenantctl.sandbox.machine import TOKEN_PATH, Incoming, Machine, Outgoing
from tenantctl.sandbox.refusal import Dropped, Refusal

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

CONNECTION: Final = "tenantctl.connection"
"""The ASGI extension under which a server offers its asyncio transport, so that it can break."""
LARGEST: Final = 10 * 2**20
"""Bytes that a body may have."""


def make_app(machine: Machine) -> App:
    """An ASGI app of one tenant: no state beside the machine, no lifespan."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(f"the sandbox speaks HTTP, not {scope['type']}")
        await answer(machine, scope, receive, send, raw_path(scope))

    return app


def raw_path(scope: Scope) -> str:
    """The path as sent, still encoded and without the query."""
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    return raw.decode("ascii", "replace").partition("?")[0]


async def answer(machine: Machine, scope: Scope, receive: Receive, send: Send, path: str) -> None:
    """One request to the machine, as if to *path*, and its answer to the connection.

    Raises Dropped where the connection should break and the server offers no way to break it.
    """
    body = await read_body(receive, LARGEST)
    if body is None:
        await reply(send, too_large())
        return
    try:
        query = scope["query_string"].decode("latin-1")
        outgoing = machine.answer(Incoming(scope["method"], path, query, headers_of(scope), body))
    except Dropped:
        connection = scope.get("extensions", {}).get(CONNECTION)
        if connection is None:
            raise
        connection.abort()
        await disconnected(receive)
        return
    if outgoing.wait:
        await asyncio.sleep(outgoing.wait)
    await reply(send, outgoing)


def headers_of(scope: Scope) -> dict[str, str]:
    """Headers by name in lower case; of one that is repeated, the last."""
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }


async def read_body(receive: Receive, largest: int) -> bytes | None:
    """The body of a request; None where it is larger than *largest* bytes or was broken off."""
    message = await receive()
    if not message.get("more_body"):
        found: bytes = message.get("body", b"")
        return found if len(found) <= largest else None
    parts, size = [message["body"]], len(message["body"])
    while message.get("more_body") and size <= largest:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
    whole = size <= largest and message["type"] == "http.request"
    return b"".join(parts) if whole else None


def too_large() -> Outgoing:
    refusal = Refusal(413, f"Payload content length greater than maximum allowed: {LARGEST}")
    headers = {"content-type": "application/json; charset=utf-8", "connection": "close"}
    return Outgoing(413, headers, json.dumps(refusal.body()).encode())


async def reply(send: Send, outgoing: Outgoing) -> None:
    """Sends an answer; of one that is truncated, headers that promise the whole and half of it.

    A server closes the connection of an app that returns before it has sent what it promised.
    """
    headers = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in outgoing.headers.items()]
    if outgoing.status != 204:
        headers.append((b"content-length", b"%d" % len(outgoing.body)))
    await send({"type": "http.response.start", "status": outgoing.status, "headers": headers})
    cut = outgoing.truncated and outgoing.body != b""
    body = outgoing.body[: len(outgoing.body) // 2] if cut else outgoing.body
    await send({"type": "http.response.body", "body": body, "more_body": cut})


async def disconnected(receive: Receive) -> None:
    """Waits until the server has noticed that a connection is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


class SandboxTransport(httpx.AsyncBaseTransport):
    """Requests go straight into the machine; what breaks is one of httpx's own exceptions.

    Whoever asks for a token gets *token*, where it is given. What such a visitor cannot be answered
    is said with 501: a tenant that was made of reads may lack what its own creates would have given
    it.
    """

    def __init__(self, machine: Machine, token: str = "") -> None:
        self._machine = machine
        self._token = token

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        if self._token and path == TOKEN_PATH:
            return httpx.Response(200, json={"access_token": self._token, "token_type": "Bearer"})
        headers = {name.lower(): value for name, value in request.headers.items()}
        incoming = Incoming(request.method, path, query, headers, await request.aread())
        try:
            outgoing = self._answered(incoming)
        except Dropped as dropped:
            if dropped.when == "before":
                raise httpx.ConnectError("connection refused", request=request) from None
            raise httpx.ReadError("connection lost", request=request) from None
        if outgoing.wait:
            await _patience(request, outgoing.wait)
        if outgoing.truncated:
            return httpx.Response(
                outgoing.status, headers=outgoing.headers, stream=_Half(outgoing.body, request)
            )
        return httpx.Response(outgoing.status, headers=outgoing.headers, content=outgoing.body)

    def _answered(self, incoming: Incoming) -> Outgoing:
        try:
            return self._machine.answer(incoming)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            if not self._token:
                raise
            said = f"The sandbox cannot answer this ({type(error).__name__}); Auth0 may"
            body = json.dumps(Refusal(501, said).body()).encode()
            return Outgoing(501, {"content-type": "application/json; charset=utf-8"}, body)


async def _patience(request: httpx.Request, seconds: float) -> None:
    """Waits as long as the client does. Raises httpx.ReadTimeout."""
    longest = request.extensions.get("timeout", {}).get("read")
    if longest is not None and seconds > longest:
        await asyncio.sleep(longest)
        raise httpx.ReadTimeout("no answer in time", request=request)
    await asyncio.sleep(seconds)


class _Half(httpx.AsyncByteStream):
    """The first half of a body, and then the end of the connection."""

    def __init__(self, body: bytes, request: httpx.Request) -> None:
        self._body = body
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body[: len(self._body) // 2]
        raise httpx.RemoteProtocolError(
            "peer closed connection without sending complete message body", request=self._request
        )
