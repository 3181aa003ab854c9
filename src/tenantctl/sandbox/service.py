"""The generic service: routes made from a description of a collection or a singleton."""

import re
from collections.abc import Iterable
from functools import partial

from tenantctl.sandbox.documents import concealed, projected, updated, without_nulls
from tenantctl.sandbox.pages import ordered, page
from tenantctl.sandbox.refusal import Refusal, invalid_path
from tenantctl.sandbox.seeds import seed_list, seed_one, seed_singleton
from tenantctl.sandbox.shapes import check_body, query_parameters, refuse_unset
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.vintage import outgrow
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Route, Singleton

_ITEM = "{id}"


def collection_routes(collection: Collection) -> tuple[Route, ...]:
    """The list, create, get, update and delete that a collection has."""
    item = f"{collection.path}/{_ITEM}"
    found = {
        "list": Route("GET", collection.path, (), partial(list_all, collection)),
        "create": Route("POST", collection.path, (), partial(create, collection)),
        "get": Route("GET", item, (), partial(read, collection)),
        "update": Route(collection.update, item, (), partial(update, collection)),
        "delete": Route("DELETE", item, (), partial(delete, collection)),
    }
    seeds = {"list": partial(seed_list, collection), "get": partial(seed_one, collection)}
    return tuple(
        Route(
            route.method,
            route.path,
            collection.permits(name),
            route.handle,
            _body(collection, name),
            _query(collection, name),
            collection.paging.items if name == "list" else "",
            collection.feature,
            seeds.get(name),
        )
        for name, route in found.items()
        if name in collection.operations
    )


def singleton_routes(singleton: Singleton) -> tuple[Route, ...]:
    """The read and the write of a singleton."""
    operation = "update" if singleton.method == "PATCH" else "replace"
    query = query_parameters(singleton.name, "get") | frozenset(singleton.query)
    body = Body(singleton.name, operation, singleton.limits, singleton.open, singleton.extra)
    return (
        Route(
            "GET",
            singleton.path,
            (singleton.read,),
            partial(_show, singleton),
            query=query,
            feature=singleton.feature,
            seed=partial(seed_singleton, singleton),
        ),
        Route(
            singleton.method,
            singleton.path,
            (singleton.write,),
            partial(_change, singleton),
            body,
            feature=singleton.feature,
        ),
    )


def list_all(collection: Collection, call: Call) -> Answer:
    parent = _parent(collection, call)
    rows = call.tenant.store.rows(collection.kept, parent if collection.parent else None)
    for parameter, field in collection.filters:
        given = call.query.get(parameter, [])
        wanted = {*given, *(part for value in given for part in value.split(","))}
        if wanted:
            rows = [row for row in rows if _text(row.document.get(field)) in wanted]
    if collection.matches is not None:
        rows = [row for row in rows if collection.matches(call, row.document)]

    def shown(row: Row) -> Document:
        return projected(call, view(collection, call, row.document), collection.always)

    return Answer(200, page(call, collection.paging, ordered(call, rows), shown))


def create(collection: Collection, call: Call) -> Answer:
    parent = _parent(collection, call)
    document = without_nulls(call.body)
    collection.check(call, document, {})
    _refuse_doubles(collection, call, document, {}, parent)
    document = collection.complete(call, {collection.id: collection.mint(), **document}, {})
    key = collection.key(call, document[collection.id])
    call.tenant.store.put(collection.kept, key, document, parent)
    return Answer(collection.create_status, view(collection, call, document))


def read(collection: Collection, call: Call) -> Answer:
    document = fetch(collection, call)
    return Answer(200, projected(call, view(collection, call, document), collection.always))


def update(collection: Collection, call: Call) -> Answer:
    old = fetch(collection, call)
    refuse_unset(collection.name, call.body)
    new = updated(old, call.body, collection.merged, collection.emptied)
    new["_writes"] = old.get("_writes", 0) + 1
    collection.check(call, new, old)
    _refuse_doubles(collection, call, new, old, _parent(collection, call))
    new = collection.complete(call, new, old)
    call.tenant.store.put(collection.kept, collection.key(call, old[collection.id]), new)
    return Answer(200, view(collection, call, new))


def delete(collection: Collection, call: Call) -> Answer:
    _check_format(collection, call)
    id, document = _located(collection, call)
    if document is None:
        if collection.delete_missing:
            raise Refusal(404, *(collection.missing_delete or collection.missing))
        return Answer(204)
    collection.cascade(call, document)
    call.tenant.store.delete(collection.kept, id)
    return collection.deleted(call)


def fetch(collection: Collection, call: Call) -> Document:
    """The document the path names. Raises Refusal 404."""
    _parent(collection, call)
    _check_format(collection, call)
    _, document = _located(collection, call)
    if document is None:
        raise Refusal(404, *collection.missing)
    return document


def _located(collection: Collection, call: Call) -> tuple[str, Document | None]:
    """The id in the store of what the path names, and the document where there is one."""
    id = collection.key(call, collection.locate(call, call.arguments["id"]))
    row = call.tenant.store.row(collection.kept, id)
    if row is None or (collection.parent and row.parent != call.arguments[collection.parent[1]]):
        return id, None
    return id, row.document


def _check_format(collection: Collection, call: Call) -> None:
    if collection.format is not None:
        name, pattern, label = collection.format
        given = call.arguments["id"]
        if not re.fullmatch(pattern, given):
            raise invalid_path(f"Object didn't pass validation for format {name}: {given}", label)


def view(collection: Collection, call: Call, document: Document) -> Document:
    """What an answer shows of a document."""
    return collection.show(call, concealed(document, collection.hidden))


def require(call: Call, kind: str, id: str, refusal: Refusal) -> Document:
    """A document that a body refers to; raises the refusal where there is none."""
    document = call.tenant.store.get(kind, id)
    if document is None:
        raise refusal
    return document


def delete_below(call: Call, kinds: Iterable[str], parent: str) -> None:
    """Deletes every document of these kinds that was stored below a parent."""
    for kind in kinds:
        for row in call.tenant.store.rows(kind, parent):
            call.tenant.store.delete(kind, row.id)


def delete_referring(call: Call, kinds: Iterable[str], field: str, value: str) -> None:
    """Deletes every document of these kinds whose field has this value, whatever its parent."""
    for kind in kinds:
        for row in call.tenant.store.rows(kind):
            if row.document.get(field) == value:
                call.tenant.store.delete(kind, row.id)


def state(singleton: Singleton, call: Call) -> Document:
    """The stored state of a singleton, its defaults where nothing was ever written."""
    found = call.tenant.store.get(singleton.name, "/".join(call.arguments.values()))
    return singleton.defaults if found is None else found


def _show(singleton: Singleton, call: Call) -> Answer:
    shown = singleton.show(call, concealed(state(singleton, call), singleton.hidden))
    return Answer(200, projected(call, shown))


def _change(singleton: Singleton, call: Call) -> Answer:
    old = state(singleton, call)
    patch = singleton.method == "PATCH"
    new = updated(old, call.body, singleton.merged) if patch else without_nulls(call.body)
    singleton.check(call, new, old)
    new = singleton.normal({**new, "_writes": old.get("_writes", 0) + 1})
    call.tenant.store.put(singleton.name, "/".join(call.arguments.values()), new)
    echo = singleton.echo or singleton.show
    return Answer(200, echo(call, concealed(new, singleton.hidden)))


def _parent(collection: Collection, call: Call) -> str:
    """The id of the parent the path names, '' without one. Raises Refusal 404."""
    if collection.parent is None:
        return ""
    kind, argument = collection.parent
    id = call.arguments[argument]
    require(call, kind, id, Refusal(404, *(collection.orphan or collection.missing)))
    return id


def _refuse_doubles(
    collection: Collection, call: Call, new: Document, old: Document, parent: str
) -> None:
    for field, message in collection.unique:
        value = new.get(field)
        if value is None or value == old.get(field):
            continue
        if call.tenant.store.find(collection.kept, field, value, parent):
            raise Refusal(409, message.format(**new), None)


def _body(collection: Collection, operation: str) -> Body | None:
    if operation not in {"create", "update"}:
        return None
    name = "replace" if operation == "update" and collection.update == "PUT" else operation
    return Body(collection.name, name, collection.limits, collection.open, collection.extra)


def _query(collection: Collection, operation: str) -> frozenset[str]:
    known = query_parameters(collection.name, operation)
    if operation == "list":
        filters = (parameter for parameter, _ in collection.filters)
        return known | collection.paging.parameters() | {*filters, *collection.query}
    return known


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def joined(*groups: Iterable[Route]) -> tuple[Route, ...]:
    return tuple(route for group in groups for route in group)


def checked(route: Route, call: Call) -> Answer:
    """Validates the body, then handles the call."""
    if route.body is not None:
        check_body(route.body, call.body)
    outgrow(route, call)
    return route.handle(call)
