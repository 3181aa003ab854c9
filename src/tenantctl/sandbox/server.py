"""Tenants over TLS on this machine's own address, until somebody ends it."""

import asyncio
import contextlib
import os
import signal
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tenantctl.sandbox.app import CONNECTION, App
from tenantctl.sandbox.refusal import SandboxError
from tenantctl.sandbox.sandbox import Sandbox
from tenantctl.sandbox.site import ADMINISTRATION, TENANTS, Hosted, make_site

ADDRESS: Final = "127.0.0.1"
GRACE: Final = 3
"""Seconds that requests under way get when the server ends."""


@dataclass(frozen=True, slots=True)
class Guest:
    """A tenant to serve; with a `port` it answers without a prefix there, 0 for any that is free.

    `name` is a step of a path: letters, digits, dots, dashes and underscores.
    """

    name: str
    sandbox: Sandbox
    port: int | None = None


@dataclass(frozen=True, slots=True)
class Serving:
    """What is served, and the certificate to trust for it: None without TLS."""

    tenants: tuple[Hosted, ...]
    ca_file: Path | None


def serve(
    guests: Sequence[Guest],
    port: int,
    ca_folder: Path | None,
    ready: Callable[[Serving], None],
) -> None:
    """Serves until SIGINT or SIGTERM; calls `ready` once clients may connect.

    All guests are on `port` under `/t/NAME`, the first one at its root as well. TLS by an authority
    that is made for this run, whose certificate lies in `ca_folder` as long as the server runs;
    plain HTTP where that is None. Raises SandboxError where a port is taken.
    """
    with contextlib.ExitStack() as stack:
        ports = (port, *(guest.port for guest in guests if guest.port is not None))
        sockets = [stack.enter_context(_listener(each)) for each in ports]
        found = [each.getsockname()[1] for each in sockets]
        tls, ca_file = None, None
        if ca_folder is not None:
            tls, ca_file = stack.enter_context(authority(ca_folder, found[0]))
        hosted, roots = placed(guests, found, "https" if tls else "http")
        site = make_site({each.name: each for each in hosted}, roots)
        _Server(site, tls, lambda: ready(Serving(hosted, ca_file))).run(sockets)


@contextmanager
def authority(folder: Path, port: int) -> Iterator[tuple[ssl.SSLContext, Path]]:
    """A server's TLS context, and the file with the certificate that a client has to trust.

    Private keys are on disk only for the moment in which OpenSSL reads them.
    """
    import trustme

    made = trustme.CA(organization_name="tenantctl sandbox")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.issue_cert(ADDRESS, "localhost").configure_cert(context)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, suffix=".pem")
    with os.fdopen(handle, "wb") as file:
        file.write(made.cert_pem.bytes())
    path = Path(name).replace(folder / f"ca-{port}.pem")
    try:
        yield context, path
    finally:
        path.unlink(missing_ok=True)


def _listener(port: int) -> socket.socket:
    try:
        return socket.create_server((ADDRESS, port), backlog=2048)
    except (OSError, OverflowError) as error:
        raise SandboxError(f"cannot listen on {ADDRESS}:{port}: {error}") from None


def placed(
    guests: Sequence[Guest], ports: Sequence[int], scheme: str
) -> tuple[tuple[Hosted, ...], dict[int, str]]:
    """The tenants with their addresses, and who answers at the root of which port.

    The first of `ports` is shared, the others belong to the guests that have one, in their order.
    """
    roots = {ports[0]: guests[0].name}
    rest = iter(ports[1:])
    for guest in guests:
        if guest.port is not None:
            roots[next(rest)] = guest.name
    own = {name: port for port, name in roots.items()}
    hosted = []
    for guest in guests:
        bases = [f":{ports[0]}{TENANTS}/{guest.name}"]
        bases += [f":{port}" for port, name in roots.items() if name == guest.name]
        for base in bases:
            guest.sandbox.serve_at(f"{scheme}://{ADDRESS}{base}")
            guest.sandbox.serve_at(f"{scheme}://localhost{base}")
        below = f":{own[guest.name]}" if guest.name in own else bases[0]
        admin = f"{scheme}://{ADDRESS}:{ports[0]}{ADMINISTRATION}/{guest.name}"
        hosted.append(Hosted(guest.name, guest.sandbox, f"{scheme}://{ADDRESS}{below}", admin))
    return tuple(hosted), roots


class _Protocol(HttpToolsProtocol):
    """Gives the app the connection, so that it can break it."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: self.transport}  # type: ignore[dict-item]

    def shutdown(self) -> None:
        """Ends at once where nothing is under way: a TLS farewell may wait for the client."""
        idle = self.cycle is None or self.cycle.response_complete
        if idle and self.transport.get_write_buffer_size() == 0:
            self.transport.abort()
        else:
            super().shutdown()


class _Server(uvicorn.Server):
    """Says when it is ready, and ends by a signal as if that were nothing unusual."""

    def __init__(self, site: App, tls: ssl.SSLContext | None, ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                site,
                http=_Protocol,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE,
                ssl_context_factory=(lambda *_: tls) if tls else None,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Without raising the signal again afterwards, as uvicorn does."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        asked = (signal.SIGINT, signal.SIGTERM)
        before = {each: signal.signal(each, self.handle_exit) for each in asked}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)
