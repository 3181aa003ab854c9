"""Lists cut into pages and wrapped in the envelope of their endpoint (recorded traffic 5)."""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any

from tenantctl.sandbox.refusal import Refusal, invalid_query
from tenantctl.sandbox.store import Document, Row
from tenantctl.sandbox.wire import Call, Paging


def page(call: Call, paging: Paging, rows: list[Row], view: Callable[[Row], Document]) -> Any:
    """The body of a list: which rows, in which envelope, is decided by the query."""
    checkpoint = "take" in call.query or "from" in call.query
    either = paging.style in {"checkpoint", "array_or_checkpoint"}
    if paging.style == "only_checkpoint" or (either and checkpoint):
        return _by_checkpoint(call, paging, rows, view)
    if paging.style == "array" or (paging.style == "array_or_checkpoint" and not checkpoint):
        return [view(row) for row in rows]
    if paging.style == "object":
        return {paging.items: [view(row) for row in rows]}
    return _by_offset(call, paging, rows, view)


def ordered(call: Call, rows: list[Row]) -> list[Row]:
    """The rows as `sort=field:1`, or `:-1` for descending, asks for them. Raises Refusal 400."""
    wanted = call.first("sort")
    if wanted is None:
        return rows
    found = re.fullmatch(r"([\w.]+):(-?1)", wanted, re.ASCII)
    if found is None:
        raise invalid_query(f'String does not match pattern: "{wanted}"', "sort")
    field, direction = found.groups()
    return sorted(rows, key=lambda row: _value(row.document, field), reverse=direction == "-1")


def _value(document: Document, field: str) -> str:
    value: Any = document
    for step in field.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return "" if value is None else str(value)


def number(call: Call, name: str, default: int, minimum: int, maximum: int | None) -> int:
    """An integer of the query, within bounds. Raises Refusal 400."""
    text = call.first(name)
    if text is None:
        return default
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise invalid_query("Expected type integer but found type string", name)
    value = int(text)
    if value < minimum:
        raise invalid_query(f"Value {value} is less than minimum {minimum}", name)
    if maximum is not None and value > maximum:
        raise invalid_query(f"Value {value} is greater than maximum {maximum}", name)
    return value


def _by_offset(call: Call, paging: Paging, rows: list[Row], view: Callable[[Row], Document]) -> Any:
    size = _capped(call, number(call, "per_page", paging.default, 1, paging.maximum))
    index = number(call, "page", 0, 0, None)
    if paging.reach is not None and index * size >= paging.reach:
        raise invalid_query(
            f"Requesting page exceeds the allowed maximum of {paging.reach} records"
        )
    items = [view(row) for row in rows[index * size : (index + 1) * size]]
    if paging.style in {"actions", "numbered"}:
        # Past the end Auth0 counts nothing (recorded traffic 5).
        facts = {"total": len(rows) if items else 0, "page": index, "per_page": size}
        told = {name: fact for name, fact in facts.items() if fact or paging.style == "numbered"}
        return {paging.items: items, **told}
    if call.first("include_totals") == "true":
        totals = {
            "start": index * size,
            "limit": len(items) if paging.counted else size,
            "length": len(items),
            "total": len(rows),
        }
        return {**{name: totals[name] for name in paging.facts}, paging.items: items}
    return items


def _by_checkpoint(
    call: Call, paging: Paging, rows: list[Row], view: Callable[[Row], Document]
) -> Any:
    size = _capped(call, number(call, "take", paging.default, 1, paging.maximum))
    after = _decode(call.first("from"))
    rest = [row for row in rows if row.sequence > after]
    shown = rest[:size]
    body: Document = {paging.items: [view(row) for row in shown]}
    if len(rest) > size or (paging.trailing and shown):
        body["next"] = _encode(shown[-1].sequence)
    return body


def _capped(call: Call, size: int) -> int:
    cap = call.tenant.page_cap
    return size if cap is None else min(size, cap)


def _encode(sequence: int) -> str:
    return base64.urlsafe_b64encode(f"checkpoint:{sequence}".encode()).decode().rstrip("=")


def _decode(token: str | None) -> int:
    if not token:
        return 0
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        return int(text.removeprefix("checkpoint:"))
    except (binascii.Error, ValueError):
        raise Refusal(400, "Invalid checkpoint token", "invalid_query_string") from None
