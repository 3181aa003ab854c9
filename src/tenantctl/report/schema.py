"""The JSON Schema of what `--json` prints of plans, receipts and drift, from the views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from tenantctl.model import Json
from tenantctl.report.document import FORMAT
from tenantctl.report.drift import DriftView
from tenantctl.report.view import AppliedView, ReceiptView, View

TYPES: Mapping[type, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}
OUTCOMES = ("empty", "refused", "ready")
HEAD: dict[str, Json] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def plan_schema() -> dict[str, Json]:
    """The schema of a plan. Fields may be added: whoever reads it passes over what it knows not."""
    outcome = {"outcome": {"type": "string", "enum": list(OUTCOMES)}}
    return _document("plan", View, outcome)


def receipt_schema() -> dict[str, Json]:
    """The schema of a receipt, as that of a plan."""
    return _document("receipt", ReceiptView, {})


def apply_schema() -> dict[str, Json]:
    """The schema of what a run has done, as that of a plan."""
    return _document("apply", AppliedView, {})


def drift_schema() -> dict[str, Json]:
    """The schema of a look for drift, as that of a plan."""
    return _document("drift", DriftView, {})


def _document(name: str, view: type, more: Mapping[str, Json]) -> dict[str, Json]:
    known: dict[str, Json] = {}
    body = _object(view, known)
    head = {"format": {"const": FORMAT}, "type": {"const": name}, **more}
    return {
        **HEAD,
        "title": f"tenantctl {name}, format {FORMAT}",
        "type": "object",
        "required": [*head, *body["required"]],
        "properties": {**head, **body["properties"]},
        "$defs": dict(sorted(known.items())),
    }


def _object(view: type, known: dict[str, Json]) -> dict[str, Json]:
    hints = get_type_hints(view)
    assert is_dataclass(view)
    names = [field.name for field in fields(view)]
    return {
        "type": "object",
        "required": names,
        "properties": {name: _schema(hints[name], known) for name in names},
    }


def _schema(hint: Any, known: dict[str, Json]) -> Json:
    if is_dataclass(hint) and isinstance(hint, type):
        if hint.__name__ not in known:
            known[hint.__name__] = {}  # in case it stands in itself
            known[hint.__name__] = _object(hint, known)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if get_origin(hint) in {Union, UnionType}:
        return {"anyOf": [_schema(each, known) for each in get_args(hint)]}
    if get_origin(hint) is tuple:
        return _tuple(get_args(hint), known)
    return {"type": "null"} if hint is NoneType else {"type": TYPES[hint]}


def _tuple(members: tuple[Any, ...], known: dict[str, Json]) -> Json:
    if members[-1] is Ellipsis:
        return {"type": "array", "items": _schema(members[0], known)}
    each = [_schema(member, known) for member in members]
    return {"type": "array", "prefixItems": each, "minItems": len(each), "maxItems": len(each)}
