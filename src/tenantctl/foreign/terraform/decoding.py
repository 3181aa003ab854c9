"""JSON in texts that are made of other things."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tenantctl.foreign.item import Made, Named
from tenantctl.foreign.terraform.values import composed, parts
from tenantctl.model import Json, Secret, Text, Value, Var

_MARK = "\ue000{}\ue001"


def decoded(text: str) -> Value:
    """What the JSON in *text* says; texts in it are made of what *text* was made of.

    Raises ValueError where it is no JSON.
    """
    if not isinstance(text, Made) or not isinstance(text.source, Text):
        return json.loads(text)
    marked = ""
    found: dict[str, str] = {}
    for part in parts(text):
        if type(part) is str:
            marked += part
            continue
        mark = _MARK.format(len(found))
        found[mark] = _standing(part)
        marked += mark
    return _restored(json.loads(marked), found)


def _standing(part: Value) -> str:
    """A part as a text of its own."""
    if isinstance(part, Named):
        return part
    match part:
        case Var(name) | Secret(name):
            return Made.of(name, part)
    raise ValueError


def _restored(value: Json, found: Mapping[str, str]) -> Value:
    if isinstance(value, dict):
        return {str(_text(key, found)): _restored(each, found) for key, each in value.items()}
    if isinstance(value, list):
        return [_restored(each, found) for each in value]
    return _text(value, found) if isinstance(value, str) else value


def _text(value: str, found: Mapping[str, str]) -> str:
    pieces = [value]
    for mark, text in found.items():
        pieces = [
            each
            for piece in pieces
            for each in (_split(piece, mark, text) if type(piece) is str else [piece])
        ]
    return composed(pieces)


def _split(piece: str, mark: str, text: str) -> list[str]:
    first, *rest = piece.split(mark)
    return [first, *(each for part in rest for each in (text, part))]
