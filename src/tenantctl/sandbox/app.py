"""The machine as an ASGI app, and as a transport for httpx that can break connections."""

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tenantctl.sandbox.machine import Incoming, Machine
from tenantctl.sandbox.refusal import Dropped

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def make_app(machine: Machine) -> Starlette:
    """One route for everything: paths are matched still encoded, which Starlette does not offer."""

    async def endpoint(request: Request) -> Response:
        raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
        incoming = Incoming(
            method=request.method,
            path=raw.decode("ascii").partition("?")[0],
            query=request.url.query,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await request.body(),
        )
        outgoing = machine.answer(incoming)
        return Response(outgoing.body, outgoing.status, outgoing.headers)

    return Starlette(routes=[Route("/{path:path}", endpoint, methods=_METHODS)])


class SandboxTransport(httpx.AsyncBaseTransport):
    """Requests go straight into the app; a dropped connection becomes httpx's own exception."""

    def __init__(self, app: Starlette) -> None:
        self._inner = httpx.ASGITransport(app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self._inner.handle_async_request(request)
        except Dropped as dropped:
            if dropped.when == "before":
                raise httpx.ConnectError("connection refused", request=request) from None
            raise httpx.ReadError("connection lost", request=request) from None
