"""Whether a tenant can be reached at all, asked without a token: names, TLS, clock."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from tenantctl.errors import Unreachable

PATH = "/.well-known/openid-configuration"
PATIENCE = 5.0
"""Seconds for each: to connect, and to be answered."""
ISSUED = "%b %d %H:%M:%S %Y %Z"


@dataclass(frozen=True, slots=True)
class Reach:
    """An answer of a tenant: its *status*, whether it *names* itself as a tenant does, how long it
    took.

    *until* is when its certificate ends, *ahead* by how many seconds our clock is ahead of its own;
    both None where the answer does not say. Times are in seconds.
    """

    status: int
    names: bool
    seconds: float
    until: dt.datetime | None = None
    ahead: float | None = None


def addresses(domain: str) -> tuple[str, ...]:
    """What *domain* resolves to. Raises Unreachable where it does not."""
    host = domain.partition(":")[0]
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unreachable(
            f"{host} does not resolve: {error.strerror or error}",
            help="check domain: in the environment file, and this machine's name server",
        ) from None
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def reach(domain: str) -> Reach:
    """The answer of *domain*, through the proxy that is set, with its certificate verified.

    Raises Unreachable where there is none.
    """
    began = time.time()
    try:
        with (
            httpx.Client(timeout=PATIENCE, follow_redirects=False) as http,
            http.stream("GET", f"https://{domain}{PATH}") as answer,
        ):
            ended = time.time()
            until = _until(answer.extensions.get("network_stream"))
            answer.read()
    except httpx.HTTPError as error:
        raise _unreachable(domain, error) from None
    took = ended - began
    return Reach(
        status=answer.status_code,
        names=_names(answer),
        seconds=took,
        until=until,
        ahead=_ahead(answer.headers.get("date", ""), began + took / 2),
    )


def _unreachable(domain: str, error: httpx.HTTPError) -> Unreachable:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Unreachable(
                f"the certificate of {domain} is not trusted: {cause.verify_message}",
                help="a proxy that opens TLS needs its authority in SSL_CERT_FILE",
            )
    return Unreachable(
        f"{domain} does not answer: {type(error).__name__}",
        help="check the network, the firewall and the proxy (HTTPS_PROXY, NO_PROXY)",
    )


def _causes(error: BaseException) -> Iterable[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def _until(stream: Any) -> dt.datetime | None:
    """When the certificate ends that was verified for *stream*."""
    secured = stream.get_extra_info("ssl_object") if stream else None
    certificate = secured.getpeercert() if secured else None
    if not certificate or "notAfter" not in certificate:
        return None
    return dt.datetime.strptime(certificate["notAfter"], ISSUED).replace(tzinfo=dt.UTC)


def _names(answer: httpx.Response) -> bool:
    try:
        found = answer.json()
    except ValueError:
        return False
    return isinstance(found, dict) and isinstance(found.get("issuer"), str)


def _ahead(date: str, now: float) -> float | None:
    """How far ahead *now* is of what a header says; its resolution is a second."""
    try:
        said = parsedate_to_datetime(date).timestamp()
    except ValueError:
        return None
    difference = now - (said + 0.5)
    return 0.0 if abs(difference) <= 0.5 else difference
