"""How the users of an enterprise connection get here: SCIM, and directories that are read.

Both are one configuration a connection, made by a POST and gone with the connection.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import public, without_nulls
from tenantctl.sandbox.pages import page
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.resources import connections
from tenantctl.sandbox.resources.mappings import directory_mapping, scim_mapping
from tenantctl.sandbox.service import delete_below, joined, require
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Body, Call, Paging, Route

_MISSING = Refusal(404, "Not Found")


@dataclass(frozen=True, slots=True)
class Provisioning:
    """A configuration below a connection.

    `mapping` gives the mapping of a strategy, None where the strategy is not `supported`; `changed`
    is the field that tells the last update. A `twice` refuses a second POST. `below` goes with it.
    """

    kind: str
    path: str
    noun: str
    items: str
    mapping: Callable[[str], list[Document] | None]
    defaults: Document
    changed: str
    supported: Refusal
    twice: Refusal
    below: tuple[str, ...]
    told: Callable[[Call], Document] = lambda _call: {}
    feature: str = ""


_SCIM = Provisioning(
    kind="connection_scim_configuration",
    path="scim-configuration",
    noun="scim_config",
    items="scim_configurations",
    mapping=scim_mapping,
    defaults={"user_id_attribute": "externalId"},
    changed="updated_on",
    supported=Refusal(
        404,
        "This connection type does not support SCIM."
        " Please see our documentation for the currently supported connection types:"
        " https://auth0.com/docs/authenticate/protocols/scim/configure-inbound-scim.",
    ),
    twice=Refusal(409, "The connection already has a SCIM configuration"),
    below=("connection_scim_tokens",),
    told=lambda call: {"tenant_name": call.tenant.name},
)
_DIRECTORY = Provisioning(
    kind="connection_directory_provisioning",
    path="directory-provisioning",
    noun="directory_provisionings",
    items="directory_provisionings",
    mapping=directory_mapping,
    defaults={"synchronize_automatically": False, "synchronize_groups": "off"},
    changed="updated_at",
    supported=Refusal(400, "The connection does not support directory provisioning"),
    twice=Refusal(409, "Directory provisioning is already enabled on the specified connection"),
    below=("connection_synchronized_groups",),
    feature="directory_provisioning",
)


def provisioning_routes(facts: Provisioning) -> tuple[Route, ...]:
    """The list of all, and create, get, update, delete and default mapping of one."""
    path = f"/connections/{{id}}/{facts.path}"
    paging = Paging(facts.items, "only_checkpoint")
    reading, noun, kind = (f"read:{facts.noun}",), facts.noun, facts.kind
    every = f"/connections-{facts.items.replace('_', '-')}"
    query = paging.parameters()
    seed, seed_all = partial(_seed, facts), partial(_seed_all, facts)
    routes = (
        Route("GET", every, reading, partial(_list_all, facts, paging), query=query, seed=seed_all),
        Route("GET", path, reading, partial(_read, facts), seed=seed),
        Route("POST", path, (f"create:{noun}",), partial(_create, facts), Body(kind, "create")),
        Route("PATCH", path, (f"update:{noun}",), partial(_update, facts), Body(kind, "update")),
        Route("DELETE", path, (f"delete:{noun}",), partial(_delete, facts)),
        Route("GET", f"{path}/default-mapping", reading, partial(_default_mapping, facts)),
    )
    return tuple(
        Route(
            route.method,
            route.path,
            route.scopes,
            route.handle,
            route.body,
            route.query,
            feature=facts.feature,
            seed=route.seed,
        )
        for route in routes
    )


def connection_of(call: Call) -> Document:
    """The connection the path names. Raises Refusal 404."""
    return require(call, "connections", call.arguments["id"], Refusal(404, *connections.MISSING))


def configured(kind: str, call: Call) -> Document:
    """The configuration below the connection of the path. Raises Refusal 404."""
    connection_of(call)
    return require(call, kind, call.arguments["id"], _MISSING)


def _list_all(facts: Provisioning, paging: Paging, call: Call) -> Answer:
    rows = call.tenant.store.rows(facts.kind)
    return Answer(200, page(call, paging, rows, _shown))


def _shown(row: Row) -> Document:
    return public(row.document)


def _read(facts: Provisioning, call: Call) -> Answer:
    return Answer(200, public(configured(facts.kind, call)))


def _supported_mapping(facts: Provisioning, connection: Document) -> list[Document]:
    mapping = facts.mapping(connection.get("strategy", ""))
    if mapping is None:
        raise facts.supported
    return mapping


def _create(facts: Provisioning, call: Call) -> Answer:
    connection = connection_of(call)
    mapping = _supported_mapping(facts, connection)
    if call.tenant.store.get(facts.kind, connection["id"]) is not None:
        raise facts.twice
    document = _made(facts, call, connection, {"mapping": mapping, **_sent(call)})
    call.tenant.store.put(facts.kind, connection["id"], document, connection["id"])
    return Answer(201, document)


def _sent(call: Call) -> Document:
    found: Document = without_nulls(call.body or {})
    return found


def _made(facts: Provisioning, call: Call, connection: Document, given: Document) -> Document:
    now = identity.timestamp(call.tenant.clock())
    named = {
        "connection_id": connection["id"],
        "connection_name": connection.get("name", ""),
        "strategy": connection.get("strategy", ""),
    }
    times = {"created_at": now, facts.changed: now}
    return {**facts.told(call), **named, **facts.defaults, **times, **given}


def _update(facts: Provisioning, call: Call) -> Answer:
    old = configured(facts.kind, call)
    now = identity.timestamp(call.tenant.clock())
    new = {**old, **_sent(call), facts.changed: now}
    call.tenant.store.put(facts.kind, call.arguments["id"], new)
    return Answer(200, public(new))


def _delete(facts: Provisioning, call: Call) -> Answer:
    id = connection_of(call)["id"]
    delete_below(call, (facts.kind, *facts.below), id)
    return Answer(204)


def _default_mapping(facts: Provisioning, call: Call) -> Answer:
    connection = connection_of(call)
    return Answer(200, {"mapping": _supported_mapping(facts, connection)})


def _seed(facts: Provisioning, call: Call, body: Any) -> None:
    id = call.arguments["id"]
    if body is None:
        call.tenant.store.delete(facts.kind, id)
    else:
        _keep(facts, call, id, body)


def _seed_all(facts: Provisioning, call: Call, body: Any) -> None:
    for item in (body or {}).get(facts.items, []):
        _keep(facts, call, item["connection_id"], item)


def _keep(facts: Provisioning, call: Call, id: str, body: Document) -> None:
    """What a connection was seen to have; the connection exists."""
    store = call.tenant.store
    if store.get("connections", id) is None:
        store.put("connections", id, {"id": id, "name": body.get("connection_name", id)})
    store.put(facts.kind, id, body, id)


def _list_tokens(call: Call) -> Answer:
    id = connection_of(call)["id"]
    rows = call.tenant.store.rows("connection_scim_tokens", id)
    return Answer(200, [_shown(row) for row in rows])


def _create_token(call: Call) -> Answer:
    configured(_SCIM.kind, call)
    id, store, now = call.arguments["id"], call.tenant.store, call.tenant.clock()
    if len(store.rows("connection_scim_tokens", id)) >= _MOST_TOKENS:
        raise Refusal(409, "Maximum of 2 tokens already issued for this connection")
    sent = _sent(call)
    token: Document = {
        "token_id": identity.prefixed("tok_", 16)(),
        "created_at": identity.timestamp(now),
        "scopes": sent.get("scopes", list(_TOKEN_SCOPES)),
    }
    if "token_lifetime" in sent:
        token["valid_until"] = identity.timestamp(now + sent["token_lifetime"])
    store.put("connection_scim_tokens", token["token_id"], token, id)
    return Answer(201, {**token, "token": f"{token['token_id']}.{identity.secret()}"})


def _delete_token(call: Call) -> Answer:
    connection_of(call)
    call.tenant.store.delete("connection_scim_tokens", call.arguments["token"])
    return Answer(204)


def _synchronize(call: Call) -> Answer:
    provisioning = configured(_DIRECTORY.kind, call)
    id, now = call.arguments["id"], identity.timestamp(call.tenant.clock())
    done = {"last_synchronization_at": now, "last_synchronization_status": "completed"}
    call.tenant.store.put(_DIRECTORY.kind, id, {**provisioning, **done})
    started = {"synchronization_id": identity.uuid4(), "status": "requested"}
    return Answer(201, {"connection_id": id, **started})


def _list_groups(call: Call) -> Answer:
    configured(_DIRECTORY.kind, call)
    rows = call.tenant.store.rows(_GROUPS, call.arguments["id"])
    wanted = call.first("q")
    if wanted is not None:
        rows = [row for row in rows if _matches(row.document, wanted)]
    return Answer(200, page(call, _GROUP_PAGES, rows, _shown))


def _matches(group: Document, wanted: str) -> bool:
    """Whether a group satisfies `field:value`, where the value may end in an asterisk."""
    field, _, value = wanted.partition(":")
    found = str(group.get(field, ""))
    value = value.strip('"')
    return found.startswith(value[:-1]) if value.endswith("*") else found == value


def _replace_groups(call: Call) -> Answer:
    configured(_DIRECTORY.kind, call)
    delete_below(call, (_GROUPS,), call.arguments["id"])
    return _put_groups(call)


def _add_groups(call: Call) -> Answer:
    configured(_DIRECTORY.kind, call)
    return _put_groups(call)


def _put_groups(call: Call) -> Answer:
    id = call.arguments["id"]
    for group in call.body["groups"]:
        call.tenant.store.put(_GROUPS, f"{id}/{group['id']}", without_nulls(group), id)
    return Answer(204)


def _delete_groups(call: Call) -> Answer:
    configured(_DIRECTORY.kind, call)
    for group in call.body["groups"]:
        call.tenant.store.delete(_GROUPS, f"{call.arguments['id']}/{group['id']}")
    return Answer(204)


def _seed_groups(call: Call, body: Any) -> None:
    id = call.arguments["id"]
    for group in (body or {}).get("groups", []):
        call.tenant.store.put(_GROUPS, f"{id}/{group['id']}", group, id)


_MOST_TOKENS = 2
_TOKEN_SCOPES = ("get:users", "post:users", "patch:users", "put:users", "delete:users")
_GROUPS = "connection_synchronized_groups"
_GROUP_PAGES = Paging("groups", "only_checkpoint")
_TOKENS_PATH = "/connections/{id}/scim-configuration/tokens"
_GROUPS_PATH = "/connections/{id}/directory-provisioning/synchronized-groups"
_FEATURE = _DIRECTORY.feature


def _group_route(method: str, verb: str, handle: Callable[[Call], Answer], shape: str) -> Route:
    scopes = (f"{verb}:directory_provisionings",)
    return Route(method, _GROUPS_PATH, scopes, handle, Body(_GROUPS, shape), feature=_FEATURE)


ROUTES = joined(
    provisioning_routes(_SCIM),
    provisioning_routes(_DIRECTORY),
    [
        Route("GET", _TOKENS_PATH, ("read:scim_token",), _list_tokens),
        Route(
            "POST",
            _TOKENS_PATH,
            ("create:scim_token",),
            _create_token,
            Body("connection_scim_tokens", "create"),
        ),
        Route("DELETE", f"{_TOKENS_PATH}/{{token}}", ("delete:scim_token",), _delete_token),
        Route(
            "POST",
            "/connections/{id}/directory-provisioning/synchronizations",
            ("create:directory_provisionings",),
            _synchronize,
            feature=_FEATURE,
        ),
        Route(
            "GET",
            _GROUPS_PATH,
            ("read:directory_provisionings",),
            _list_groups,
            None,
            _GROUP_PAGES.parameters() | {"q"},
            "groups",
            _FEATURE,
            _seed_groups,
        ),
        _group_route("PUT", "update", _replace_groups, "replace"),
        _group_route("POST", "create", _add_groups, "add"),
        _group_route("DELETE", "delete", _delete_groups, "remove"),
    ],
)
