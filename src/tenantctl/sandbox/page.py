"""What a person sees who opens the sandbox in a browser: tenants, resources, last requests.

Pages hold names and ids, never whole documents: those have secrets. Whoever writes to a tenant
chooses the names, so everything is escaped and nothing may run.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any, Final, Protocol
from urllib.parse import quote, unquote

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from tenantctl.sandbox.identity import timestamp
from tenantctl.sandbox.machine import Outgoing
from tenantctl.sandbox.sandbox import Sandbox

SHOWN: Final = 500
REQUESTS: Final = 50
_NAMES: Final = ("name", "display_name", "identifier", "domain", "template", "audience")
_HEADERS: Final = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


class Shown(Protocol):
    """A tenant that a page tells about."""

    @property
    def name(self) -> str: ...
    @property
    def base_url(self) -> str: ...
    @property
    def sandbox(self) -> Sandbox: ...


def look(tenants: Sequence[Shown], thing: str) -> Outgoing:
    """A page about some tenants, or about the resources of a kind where `thing` names it.

    `thing` is empty, or `resources/KIND`, of one tenant. 404 where it holds nothing of that kind.
    """
    _, _, kind = thing.partition("/")
    if not thing:
        return _page(tenants=[_overview(tenant) for tenant in tenants])
    sandbox = tenants[0].sandbox
    count = sandbox.status()["resources"].get(unquote(kind), 0)
    if not count:
        return _page(404, missing=unquote(kind), tenant=tenants[0])
    rows = [_row(id, document) for id, document in _some(sandbox, unquote(kind))]
    return _page(tenant=tenants[0], kind=unquote(kind), rows=rows, more=count - len(rows))


def styled() -> Outgoing:
    """The one style sheet."""
    text = files("tenantctl.sandbox").joinpath("page.css").read_bytes()
    return Outgoing(200, {**_HEADERS, "content-type": "text/css; charset=utf-8"}, text)


def _overview(tenant: Shown) -> dict[str, Any]:
    sandbox = tenant.sandbox
    last = islice(reversed(sandbox.log), REQUESTS)
    return {
        "name": tenant.name,
        "base_url": tenant.base_url,
        **sandbox.status(),
        "log": [{"time": timestamp(request.at), "request": request} for request in last],
    }


def _some(sandbox: Sandbox, kind: str) -> list[tuple[str, Mapping[str, Any]]]:
    return list(islice(sandbox.documents(kind).items(), SHOWN))


def _row(id: str, document: Mapping[str, Any]) -> dict[str, str]:
    named = (document.get(field) for field in _NAMES)
    return {"id": id, "name": next((text for text in named if isinstance(text, str)), "")}


def _page(status: int = 200, **told: Any) -> Outgoing:
    return Outgoing(status, dict(_HEADERS), _template().render(**told).encode())


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("tenantctl.sandbox", ""),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["step"] = lambda text: quote(text, safe="")
    return environment.get_template("page.html")
