"""Variables that turn out to be secrets are secrets wherever they are used."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from tenantctl.foreign.item import Item, Made, MadeList
from tenantctl.foreign.terraform.values import composed, parts, screaming, secrets, variables
from tenantctl.kinds import KINDS
from tenantctl.model import ABSENT, Note, Path, Secret, Value, Var

SHORTEST = 12
"""Letters of a secret that is looked for inside texts: shorter ones are words like any other."""


def hidden(
    items: list[Item], notes: list[Note], names: Collection[str], clear: Mapping[str, str]
) -> tuple[list[Item], list[Note], frozenset[str]]:
    """*items* without the values of the variables *names*, and the variables they still need.

    *clear* are secrets by the values that they had in clear, which may stand elsewhere once more.
    Code with a secret in it is left out, with a note: whoever may see code would see the secret.
    """
    kept: list[Item] = []
    said = list(notes)
    long = {value: name for value, name in clear.items() if len(value) >= SHORTEST}
    for item in items:
        fields = {}
        for name, value in item.fields.items():
            part = _without(item, _cleared(value, long), (name,), names, said)
            if part is not ABSENT:
                fields[name] = part
        texts = tuple(_hide(text, names) for text in item.names)
        kept.append(replace(item, fields=fields, names=texts))
    used = {name for item in kept for name in variables([item.fields, *item.names, *item.owners])}
    return kept, said, frozenset(used)


def _without(
    item: Item, value: Value, path: Path, names: Collection[str], notes: list[Note]
) -> Value:
    if isinstance(value, MadeList):
        return value
    if isinstance(value, Mapping):
        parts = {k: _without(item, v, (*path, k), names, notes) for k, v in value.items()}
        return {k: v for k, v in parts.items() if v is not ABSENT}
    if isinstance(value, list):
        each = [_without(item, v, (*path, "[]"), names, notes) for v in value]
        return [v for v in each if v is not ABSENT]
    if not isinstance(value, Made):
        return value
    text = _hide(value, names)
    found = [*secrets(text)]
    if found and KINDS[item.kind].rule(path, item.fields).text in {"code", "html", "liquid"}:
        at = item.at
        who = item.names[-1] if item.names else item.kind
        said = f"{who}: {'.'.join(path)} is left out, because the secret {found[0]} stands in it"
        help = "let the code read it from the secrets of the action or the configuration"
        notes.append(Note("loss", said, at.file, at.line, at.column, help))
        return ABSENT
    return text


def _cleared(value: Value, clear: Mapping[str, str]) -> Value:
    """*value* with secrets in place of their values."""
    if not clear or isinstance(value, MadeList):
        return value
    if isinstance(value, Mapping):
        return {key: _cleared(each, clear) for key, each in value.items()}
    if isinstance(value, list):
        return [_cleared(each, clear) for each in value]
    if type(value) is not str:
        return value
    pieces: list[str] = [value]
    for secret, name in clear.items():
        pieces = [part for piece in pieces for part in _split(piece, secret, name)]
    return composed(pieces)


def _split(piece: str, value: str, name: str) -> list[str]:
    if type(piece) is not str or value not in piece:
        return [piece]
    first, *rest = piece.split(value)
    return [first, *(each for part in rest for each in (Made.of(name, Secret(name)), part))]


def _hide(text: str, names: Collection[str]) -> str:
    """*text* with secrets for those variables."""
    if not isinstance(text, Made):
        return text
    if not any(isinstance(part, Var) and part.name in names for part in parts(text)):
        return text
    pieces: list[str] = []
    for part in parts(text):
        match part:
            case Var(name) if name in names:
                pieces.append(Made.of(screaming(name), Secret(screaming(name))))
            case Var(name) | Secret(name):
                pieces.append(Made.of(name, part))
            case _:
                pieces.append(part)
    return composed(pieces)
