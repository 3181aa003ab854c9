"""Several tenants behind one server: the API by path or port, their administration beside it."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from traceback import extract_tb
from typing import Final

from tenantctl.sandbox.administration import administer
from tenantctl.sandbox.app import (
    App,
    Receive,
    Scope,
    Send,
    headers_of,
    raw_path,
    read_body,
    reply,
)
from tenantctl.sandbox.machine import Outgoing
from tenantctl.sandbox.page import look, styled
from tenantctl.sandbox.refusal import Dropped, Refusal
from tenantctl.sandbox.sandbox import Sandbox

ADMINISTRATION: Final = "/_sandbox"
TENANTS: Final = "/t"
LARGEST: Final = 256 * 2**20
"""Bytes that a snapshot or a seed may have."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hosted:
    """A tenant that is served: `base_url` is what its clients put before `/api/v2`."""

    name: str
    sandbox: Sandbox
    base_url: str
    admin_url: str


def make_site(tenants: Mapping[str, Hosted], roots: Mapping[int, str]) -> App:
    """An ASGI app of all tenants, each under `/t/NAME`.

    `roots` names the tenant that answers without a prefix, by the port that was called. Below
    `/_sandbox` is the administration, which no site but this one may call from a browser.
    """

    async def site(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise NotImplementedError(f"the sandbox speaks HTTP, not {scope['type']}")
        path = raw_path(scope)
        try:
            if _is_administration(scope, path):
                await reply(send, await _administered(tenants, scope, receive, path))
                return
            found = _tenant(tenants, roots, scope, path)
            if found is None:
                await reply(send, refused(Refusal(404, "Not Found")))
                return
            hosted, below = found
            await hosted.sandbox.app({**scope, "raw_path": below.encode()}, receive, send)
        except Dropped:
            raise
        except Exception as error:  # noqa: BLE001 - a mistake of ours is an answer, not a traceback
            _log.error(_mistake(error))
            await reply(send, refused(Refusal(500, "This is a mistake of the sandbox")))

    return site


def refused(refusal: Refusal) -> Outgoing:
    headers = {"content-type": "application/json; charset=utf-8"}
    return Outgoing(refusal.status, headers, json.dumps(refusal.body()).encode())


def _tenant(
    tenants: Mapping[str, Hosted], roots: Mapping[int, str], scope: Scope, path: str
) -> tuple[Hosted, str] | None:
    """Whom a path is for, and the path that it is to this tenant."""
    if path.startswith(f"{TENANTS}/"):
        name, separator, below = path.removeprefix(f"{TENANTS}/").partition("/")
        hosted = tenants.get(name)
        return (hosted, separator + below) if hosted else None
    hosted = tenants.get(roots.get(_port(scope), ""))
    return (hosted, path) if hosted else None


def _is_administration(scope: Scope, path: str) -> bool:
    if path == ADMINISTRATION or path.startswith(f"{ADMINISTRATION}/"):
        return True
    if path != "/" or scope["method"] != "GET":
        return False
    return "text/html" in headers_of(scope).get("accept", "")


async def _administered(
    tenants: Mapping[str, Hosted], scope: Scope, receive: Receive, path: str
) -> Outgoing:
    """The answer below `/_sandbox`: pages for people, JSON for programs."""
    stranger = _stranger(headers_of(scope), _port(scope), scope.get("scheme", "http"))
    if stranger:
        return refused(Refusal(403, stranger))
    method, below = scope["method"], path.removeprefix(ADMINISTRATION).strip("/")
    if below == "style.css":
        return styled()
    name, _, thing = below.partition("/")
    hosted = tenants.get(name)
    if name and hosted is None:
        return refused(Refusal(404, f"There is no tenant {name!r} here"))
    if hosted is None or thing == "" or thing.startswith("resources"):
        if method not in {"GET", "HEAD"}:
            return refused(Refusal(405, "A page can only be read"))
        return look(list(tenants.values()) if hosted is None else [hosted], thing)
    body = await read_body(receive, LARGEST)
    if body is None:
        return refused(Refusal(413, f"The body is larger than {LARGEST} bytes"))
    return administer(hosted.sandbox, method, thing, body)


def _stranger(headers: Mapping[str, str], port: int, scheme: str) -> str:
    """Why a request does not come from this machine's own programs or pages; nothing if it does.

    A browser tells the site that asks; a name of somebody else's that points here is no host of
    ours.
    """
    usual = {"https": 443, "http": 80}.get(scheme)
    end = "" if port == usual else f":{port}"
    hosts = {f"127.0.0.1{end}", f"localhost{end}"}
    if headers.get("host") not in hosts:
        return f"The administration answers to {' and '.join(sorted(hosts))} only"
    if headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        return "The administration answers to no other site"
    origin = headers.get("origin")
    if origin is not None and origin not in {f"{scheme}://{host}" for host in hosts}:
        return "The administration answers to no other origin"
    return ""


def _port(scope: Scope) -> int:
    return int((scope.get("server") or ("", 0))[1] or 0)


def _mistake(error: Exception) -> str:
    """What went wrong and where, without the text of the error."""
    frame = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {PurePath(frame.filename).name}:{frame.lineno}"
