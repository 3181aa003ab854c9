"""Searches of a collection: a filter in the syntax of Lucene or SCIM, and a cursor."""

from collections.abc import Callable
from functools import partial
from typing import Final

from tenantctl.sandbox import scim_filters, search
from tenantctl.sandbox.documents import projected
from tenantctl.sandbox.pages import page
from tenantctl.sandbox.refusal import invalid_query
from tenantctl.sandbox.service import view
from tenantctl.sandbox.shapes import query_parameters
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Answer, Call, Collection, Paging, Route

_PARSERS: Final[dict[str, Callable[[str], search.Test]]] = {
    "lucene": search.compiled,
    "scim": scim_filters.compiled,
}


def search_route(collection: Collection, sorts: tuple[str, ...], *hidden: str) -> Route:
    """The search beside a collection's list; it shows what a list shows, without what is hidden."""
    paging = Paging(collection.paging.items, "only_checkpoint")
    return Route(
        "GET",
        f"{collection.path}/search",
        collection.permits("list"),
        partial(_search, collection, paging, sorts, hidden),
        None,
        query_parameters(collection.name, "search"),
        "" if sorts else paging.items,
        collection.feature,
    )


def _search(
    collection: Collection,
    paging: Paging,
    sorts: tuple[str, ...],
    hidden: tuple[str, ...],
    call: Call,
) -> Answer:
    parser, sort = call.first("parser") or "lucene", call.first("sort")
    if parser not in _PARSERS:
        raise invalid_query(f'No enum match for: "{parser}"', "parser")
    if sort is not None and sort not in sorts:
        raise invalid_query(f'No enum match for: "{sort}"', "sort")
    query = call.first("q") or ""
    test = _PARSERS[parser](query) if query.strip() else _everything
    rows = [row for row in call.tenant.store.rows(collection.kept) if test(row.document)]
    if sort is not None:
        rows = sorted(rows, key=lambda row: str(row.document.get(sort, "")))

    def shown(row: Row) -> Document:
        found = view(collection, call, row.document)
        told = {name: value for name, value in found.items() if name not in hidden}
        return projected(call, told)

    return Answer(200, page(call, paging, rows, shown))


def _everything(_document: Document) -> bool:
    return True
