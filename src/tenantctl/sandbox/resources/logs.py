"""The tenant's log: searched by page, or followed from a checkpoint."""

import re
from typing import Any, Final

from tenantctl.sandbox.documents import projected
from tenantctl.sandbox.pages import number
from tenantctl.sandbox.refusal import Refusal, invalid_query
from tenantctl.sandbox.search import compiled
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Call, Route

_SCOPES = ("read:logs", "read:logs_users")
_MOST = 100
_REACH: Final = 1000
_SORT = re.compile(r"([\w.]+):(-?1)", re.ASCII)
_QUERY = frozenset(
    {
        "fields", "from", "include_fields", "include_totals", "page", "per_page", "q", "search",
        "sort", "take",
    }
)  # fmt: skip


def _list(call: Call) -> Answer:
    """Pages of what a search finds, newest first, or what came after a log id, oldest first."""
    if "from" in call.query or "take" in call.query:
        return Answer(200, _following(call))
    size = number(call, "per_page", 50, 0, _MOST)
    index = number(call, "page", 0, 0, None)
    if index * size >= _REACH:
        raise invalid_query(f"Requesting page exceeds the allowed maximum of {_REACH} records")
    totals = call.first("include_totals") == "true"
    start = index * size
    found = _found(call, None if totals else start + size)
    shown = [projected(call, event) for event in found[start : start + size]]
    if totals:
        facts = {"start": start, "limit": size, "length": len(shown), "total": len(found)}
        return Answer(200, {**facts, "logs": shown})
    return Answer(200, shown)


def _following(call: Call) -> list[Document]:
    """Whatever else is asked for is ignored here (OpenAPI, get_logs). Log ids grow with time."""
    size = number(call, "take", 50, 1, _MOST)
    after = call.first("from") or ""
    known = call.tenant.store.event(after)
    if known is not None:
        return [event for _, event in call.tenant.store.events(after=known[0], limit=size)]
    later = (event for _, event in call.tenant.store.events() if event["log_id"] > after)
    return list(later)[:size]


def _found(call: Call, enough: int | None) -> list[Document]:
    """What the search finds in the order asked for; no more than enough where that saves work."""
    tests = [compiled(text) for name in ("q", "search") for text in call.query.get(name, [])]
    order = _order(call)
    if not tests and order == ("date", True) and enough is not None:
        return [e for _, e in call.tenant.store.events(limit=enough, newest_first=True)]
    events = [event for _, event in call.tenant.store.events(newest_first=True)]
    found = [event for event in events if all(test(event) for test in tests)]
    field, descending = order
    if order == ("date", False):
        return found[::-1]
    return found if field == "date" else _sorted(found, field, descending)


def _order(call: Call) -> tuple[str, bool]:
    """The field to sort by, and whether the largest comes first. Raises Refusal 400."""
    text = call.first("sort")
    if text is None:
        return "date", True
    asked = _SORT.fullmatch(text)
    if asked is None:
        raise invalid_query(f'String does not match pattern: "{text}"', "sort")
    return asked[1], asked[2] == "-1"


def _sorted(events: list[Document], field: str, descending: bool) -> list[Document]:
    def key(event: Document) -> str:
        value: Any = event
        for step in field.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        return "" if value is None else str(value)

    return sorted(events, key=key, reverse=descending)


def _read(call: Call) -> Answer:
    found = call.tenant.store.event(call.arguments["id"])
    if found is None:
        raise Refusal(404, "Log not found.")
    return Answer(200, found[1])


def _seed_list(call: Call, body: Any) -> None:
    """Events such that the page shows them: pages before it are filled with copies."""
    logs = body.get("logs", []) if isinstance(body, dict) else body or []
    whole = [event for event in logs if "log_id" in event]
    for event in whole if "from" in call.query else reversed(whole):
        _add(call, event)
    newer = number(call, "page", 0, 0, None) * number(call, "per_page", 50, 0, _MOST)
    for count in range(min(newer, _REACH) if whole else 0):
        id = f"{whole[0]['log_id']}{count:04d}"
        _add(call, {**whole[0], "_id": id, "log_id": id})


def _seed_one(call: Call, body: Any) -> None:
    if body is not None:
        _add(call, {**body, "log_id": call.arguments["id"]})


def _add(call: Call, event: Document) -> None:
    store, id = call.tenant.store, str(event["log_id"])
    if store.event(id) is None:
        store.add_event(id, str(event.get("date", "")), str(event.get("type", "")), event)


ROUTES = (
    Route("GET", "/logs", _SCOPES, _list, query=_QUERY, seed=_seed_list),
    Route("GET", "/logs/{id}", _SCOPES, _read, seed=_seed_one),
)
