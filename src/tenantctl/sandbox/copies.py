"""A tenant in which reads are answered as another tenant has answered them.

Several pages of a list are one list again, so that what is not in it is not in the copy either.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import jsonschema_rs

from tenantctl.sandbox import api
from tenantctl.sandbox.recordings import PREFIX, READS, Read, replay
from tenantctl.sandbox.refusal import SandboxError
from tenantctl.sandbox.wire import Tenant

_PAGES: Final = frozenset({"page", "per_page", "include_totals", "take", "from"})
_FACTS: Final = frozenset({"start", "limit", "total", "length", "next", "page", "per_page"})
_DOMAINS: Final = "custom_domains"
_Key = tuple[str, tuple[tuple[str, str], ...]]


def copied(tenant: Tenant, reads: Iterable[Any]) -> None:
    """Fills an empty tenant with what *reads* have shown, in the order in which they were made.

    What they did not show is not there; what a read never shows is there as a create would leave
    it. A list that was read twice counts as it was the second time. A custom domain that was not
    verified stays so: nobody knows what the world's DNS says by now. Raises SandboxError where they
    are no reads, or none that this API could have answered.
    """
    known = list(reads)
    error = next(jsonschema_rs.validator_for(READS).iter_errors(known), None)
    if error is not None:
        where = "".join(f"[{step}]" for step in error.instance_path)
        raise SandboxError(f"what a copy is made of{where}: {error.message}")
    tenant.exact = True
    try:
        for read in _whole(known):
            replay(tenant, read)
    finally:
        tenant.exact = False
    for row in tenant.store.rows(_DOMAINS):
        if row.document.get("status") != "ready":
            tenant.store.put(_DOMAINS, row.id, {**row.document, "_unproven": True})


def _whole(reads: Iterable[Read]) -> Iterator[Read]:
    """*reads* with the pages of each list put together."""
    found: dict[_Key, dict[tuple[str, str], Read]] = {}
    for read in reads:
        query = read["query"]
        rest = {name: str(value) for name, value in query.items() if name not in _PAGES}
        key = (read["path"], tuple(sorted(rest.items())))
        page = (str(query.get("page", "0")), str(query.get("from", "")))
        pages = found.setdefault(key, {})
        if page in pages and page == ("0", ""):
            pages.clear()  # it begins again
        pages[page] = read
    for pages in found.values():
        yield _joined(list(pages.values()))


def _joined(pages: list[Read]) -> Read:
    """One read in the place of all *pages* of a list."""
    first = pages[0]
    if len(pages) == 1 or any(page["status"] != 200 for page in pages):
        return pages[-1]
    matched = api.match("GET", first["path"].removeprefix(PREFIX))
    name = matched[0].items if matched else ""
    items = [item for page in pages for item in _items(page["body"], name)]
    if not isinstance(first["body"], dict):
        return {**first, "body": items}
    rest = {key: value for key, value in first["body"].items() if key not in _FACTS}
    return {**first, "body": {**rest, name: items}}


def _items(body: Any, name: str) -> list[Any]:
    return body.get(name, []) if isinstance(body, dict) else body or []
