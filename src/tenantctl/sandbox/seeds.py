"""A tenant set up so that reads answer what somebody has recorded, ids included.

The inverse of the reads: what a GET answered becomes what is stored. Fields that a read never shows
get what a create would give them.
"""

from collections.abc import Iterable
from typing import Any

from tenantctl.sandbox.documents import UNSHOWN, filled
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Call, Collection, Singleton

_PAGING = frozenset(
    {"page", "per_page", "include_totals", "take", "from", "fields", "include_fields"}
)


def seed_one(collection: Collection, call: Call, body: Any) -> None:
    """Stores one object under the id of the path; None is an object that does not exist."""
    if body is None:
        call.tenant.store.delete(collection.kept, collection.key(call, call.arguments["id"]))
    else:
        plant(collection, call, {**body, collection.id: call.arguments["id"]})


def seed_list(collection: Collection, call: Call, body: Any) -> None:
    """Stores the items of a list; a list that shows everything leaves nothing else standing."""
    items = body.get(collection.paging.items, []) if isinstance(body, dict) else body
    sifted = {field: call.query[name][0] for name, field in collection.filters if call.first(name)}
    planted = {plant(collection, call, filled(item, _typed(sifted))) for item in items}
    whole = not isinstance(body, dict) or body.get("total", len(items)) == len(items)
    asked = call.query.keys() - _PAGING - {name for name, _ in collection.filters}
    if whole and not asked and "next" not in body:
        _clear_others(collection, call, planted, sifted)


def seed_singleton(singleton: Singleton, call: Call, body: Any) -> None:
    """Stores what a read of a singleton answered; all of it, unless it asked for some fields."""
    key = "/".join(call.arguments.values())
    if body is None:
        call.tenant.store.delete(singleton.name, key)
    else:
        old = call.tenant.store.get(singleton.name, key) or singleton.defaults
        document = {**old, **body} if call.query.keys() & _PAGING else body
        call.tenant.store.put(singleton.name, key, document)


def plant(collection: Collection, call: Call, given: Document) -> str:
    """Stores an object as given, with what a create fills in where it says nothing.

    Answers the id under which the store keeps it.
    """
    parent = call.arguments[collection.parent[1]] if collection.parent else ""
    id = str(given.get(collection.id) or collection.mint())
    if not call.tenant.exact:  # what one tenant showed has no two of a name
        _drop_rivals(collection, call, given, id, parent)
    whole = collection.unseen({**dict(collection.sample), **given, collection.id: id})
    key = collection.key(call, id)
    document = {**_completed(collection, call, whole), **whole}
    if call.tenant.exact and (beside := _beside(call, document, whole)):
        document[UNSHOWN] = beside
    call.tenant.store.put(collection.kept, key, document, parent)
    return key


def _beside(call: Call, document: Document, shown: Document) -> list[str]:
    """What was filled in although a read showed the object without it, and not for being asked."""
    asked = (call.first("fields") or "").split(",")
    return sorted(
        name for name in document.keys() - shown.keys() - {*asked} if not name.startswith("_")
    )


def _completed(collection: Collection, call: Call, given: Document) -> Document:
    """What a create would make of it.

    What was recorded stands, also where a create would refuse it, or it lacks what a create has:
    a recording may have asked for a few fields only.
    """
    try:
        return collection.complete(_creating(call), dict(given), {})
    except (Refusal, KeyError, TypeError):
        return given


def _drop_rivals(collection: Collection, call: Call, given: Document, id: str, parent: str) -> None:
    """Whoever holds a name that only one object can have makes room."""
    store = call.tenant.store
    for field, _ in collection.unique:
        rival = store.find(collection.kept, field, given[field], parent) if field in given else None
        if rival is not None and rival.id != id:
            store.delete(collection.kept, rival.id)


def _clear_others(
    collection: Collection, call: Call, planted: Iterable[str], sifted: dict[str, str]
) -> None:
    store = call.tenant.store
    parent = call.arguments[collection.parent[1]] if collection.parent else None
    for row in store.rows(collection.kept, parent):
        told = {field: _text(row.document.get(field)) for field in sifted}
        if row.id not in planted and told == sifted:
            store.delete(collection.kept, row.id)


def _creating(call: Call) -> Call:
    return Call(call.tenant, "POST", call.arguments, {}, None, frozenset())


def _typed(sifted: dict[str, str]) -> Document:
    words: dict[str, bool] = {"true": True, "false": False}
    return {field: words.get(value, value) for field, value in sifted.items()}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
