"""A tenant in the state that a recording of traffic found: reads it made, ids it mentions."""

from collections.abc import Iterable
from sqlite3 import ProgrammingError
from typing import Any, Final, TypedDict
from urllib.parse import unquote

import jsonschema_rs

from tenantctl.sandbox import api
from tenantctl.sandbox.refusal import SandboxError
from tenantctl.sandbox.seeds import plant
from tenantctl.sandbox.subscriptions import OLD_TENANT
from tenantctl.sandbox.wire import Call, Collection, Tenant

PREFIX = "/api/v2"


class Read(TypedDict):
    """A GET and its answer, before anything below its path was written."""

    path: str
    query: dict[str, Any]
    status: int
    body: Any


class Mention(TypedDict):
    """An id that a request uses before any answer has told it, and the status it led to."""

    id: str
    method: str
    path: str
    status: int


class Recorded(TypedDict, total=False):
    """What a recording tells about the tenant it began with."""

    ids: list[Mention]
    reads: list[Read]


_TEXTS = {"method": {"type": "string"}, "path": {"type": "string"}, "id": {"type": "string"}}
READS: Final = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["path", "query", "status", "body"],
        "properties": {
            **_TEXTS,
            "status": {"type": "integer"},
            "query": {"type": "object"},
            "body": {"type": ["object", "array", "null"]},
        },
    },
}
_SCHEMA: Final = {
    "type": "object",
    "properties": {
        "ids": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "path", "status"],
                "properties": {**_TEXTS, "status": {"type": "integer"}},
            },
        },
        "reads": READS,
    },
}


def prepare(tenant: Tenant, recorded: Recorded) -> None:
    """Makes what the recording presupposes; what it found missing or forbidden is so here, too.

    The recorded tenants are of the older sort, where a connection still takes its clients. Raises
    SandboxError where it is no such thing.
    """
    error = next(jsonschema_rs.validator_for(_SCHEMA).iter_errors(recorded), None)
    if error is not None:
        where = "".join(f"[{step}]" for step in error.instance_path)
        raise SandboxError(f"what a recording began with{where}: {error.message}")
    tenant.settings.features |= OLD_TENANT
    _presuppose(tenant)
    for mention in recorded.get("ids", []):
        if mention["status"] < 400:
            _mention(tenant, mention)
    for read in recorded.get("reads", []):
        replay(tenant, read)


def _presuppose(tenant: Tenant) -> None:
    """What no recording reads, and all presuppose: the recorded tenants have been in use.

    They invite people, so they have a login route. Nothing deletes the template of a mail once
    somebody wrote it, so there is one of the mail that every sign-up sends.
    """
    settings = api.SINGLETONS["tenant_settings"].defaults
    route = {"_default_redirection_uri": f"https://{tenant.domain}/login"}
    tenant.store.put("tenant_settings", "", {**settings, **route})
    mail = {"body": "{{ url }}", "from": "", "subject": "", "syntax": "liquid", "enabled": False}
    tenant.store.put("email_templates", "verify_email", {"template": "verify_email", **mail})


def _mention(tenant: Tenant, mention: Mention) -> None:
    below = mention["path"].removeprefix(PREFIX)
    collection = _named_by_path(below, mention["id"]) or _named_by_prefix(mention["id"])
    if collection is not None and tenant.store.get(collection.name, mention["id"]) is None:
        sample = {"name": mention["id"], collection.id: mention["id"]}
        plant(collection, _call(tenant, {}, {}), sample)


def _named_by_path(path: str, id: str) -> Collection | None:
    """The collection whose member a part of the path is."""
    parts = path.split("/")
    places = [index for index, part in enumerate(parts) if unquote(part) == id]
    paths = {"/".join(parts[:index]) for index in places}
    return next((item for item in _roots() if item.path in paths), None)


def _named_by_prefix(id: str) -> Collection | None:
    """The collection that mints ids with the same prefix; an id without one may be anything.

    Users are named by the provider of their identity.
    """
    if "|" in id:
        return api.COLLECTIONS["users"]
    prefix, separator, _ = id.partition("_")
    if not separator:
        return None
    return next((item for item in _roots() if item.mint().startswith(f"{prefix}_")), None)


def _roots() -> Iterable[Collection]:
    return (item for item in api.COLLECTIONS.values() if item.parent is None)


def replay(tenant: Tenant, read: Read) -> None:
    """Makes the tenant such that a read is answered so. Raises SandboxError where it cannot be."""
    found = api.match("GET", read["path"].removeprefix(PREFIX))
    if found is None:
        return
    route, arguments = found
    decoded = {name: unquote(value) for name, value in arguments.items()}
    call = _call(tenant, decoded, read["query"])
    if read["status"] in {402, 403}:
        tenant.settings.features -= {route.feature}
    elif route.seed is not None and read["status"] in {200, 404}:
        try:
            route.seed(call, read["body"] if read["status"] == 200 else None)
        except (AttributeError, KeyError, TypeError, ValueError, ProgrammingError) as error:
            raise SandboxError(f"GET {read['path']} cannot have answered what is told") from error


def _call(tenant: Tenant, arguments: dict[str, str], query: dict[str, Any]) -> Call:
    listed = {k: v if isinstance(v, list) else [str(v)] for k, v in query.items()}
    return Call(tenant, "GET", arguments, listed, None, frozenset())
