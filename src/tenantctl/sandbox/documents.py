"""Functions over documents: what an update makes of one, and what a read shows of it."""

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Call, Hidden

MASK = "********"
UNSEEN = "(unseen)"
"""What stands, in a tenant that was made of reads, for a secret that they cannot show."""
CIPHERED = re.compile(r"2\.0\$[0-9a-f]{32}\$[0-9a-f]{32}")
"""What `cipher` makes; in a copy of a tenant it stands for a value that nobody knows."""


UNSHOWN = "_unshown"
"""The member that names those that no read shows until somebody writes them."""


def updated(
    old: Document, patch: Document, merged: Iterable[str] = (), emptied: Iterable[str] = ()
) -> Document:
    """The document after a PATCH: absent leaves alone, null takes away, objects are replaced.

    Objects at the `merged` top-level fields keep what the patch does not mention, at any depth;
    `{}` clears those that are also `emptied`.
    """
    new = dict(old)
    for name, value in patch.items():
        if value is None:
            new.pop(name, None)
        elif name in emptied and value == {}:
            new[name] = {}
        elif name in merged:
            new[name] = overlaid(old.get(name), value)
        else:
            new[name] = without_nulls(value)
    if UNSHOWN in old:
        new[UNSHOWN] = [name for name in old[UNSHOWN] if name not in patch]
    return new


def overlaid(old: Any, patch: Any) -> Any:
    """Deep merge of objects; null takes a member away."""
    if not isinstance(patch, dict):
        return patch
    new = dict(old) if isinstance(old, dict) else {}
    for name, value in patch.items():
        if value is None:
            new.pop(name, None)
        else:
            new[name] = overlaid(new.get(name), value)
    return new


def without_nulls(value: Any) -> Any:
    """An object without members that are null, at any depth of objects; lists are left alone."""
    if not isinstance(value, dict):
        return value
    return {name: without_nulls(item) for name, item in value.items() if item is not None}


def filled(document: Document, defaults: Document) -> Document:
    """The document with defaults where it says nothing, at any depth of objects."""
    new = dict(document)
    for name, value in defaults.items():
        if name not in new:
            new[name] = value
        elif isinstance(value, dict) and isinstance(new[name], dict):
            new[name] = filled(new[name], value)
    return new


def public(document: Document) -> Document:
    """Without what the sandbox keeps for itself."""
    unshown = document.get(UNSHOWN, ())
    return {
        name: value
        for name, value in document.items()
        if not name.startswith("_") and name not in unshown
    }


def concealed(document: Document, hidden: Iterable[Hidden]) -> Document:
    """What a read shows: secrets absent, masked or enciphered, private members left out."""
    shown = public(document)
    for rule in hidden:
        salt = str(document.get("_writes", 0))
        shown = _conceal(shown, rule.path, rule.how, salt)
    return shown


def _conceal(value: Any, path: tuple[str, ...], how: str, salt: str) -> Any:
    step, rest = path[0], path[1:]
    if isinstance(value, list):
        return [_conceal(item, rest if step == "*" else path, how, salt) for item in value]
    if not isinstance(value, dict):
        return value
    new: Document = {}
    for name, item in value.items():
        if step not in {"*", name}:
            new[name] = item
        elif rest:
            new[name] = _conceal(item, rest, how, salt)
        elif how == "masked":
            new[name] = MASK
        elif how == "cipher":
            known = isinstance(item, str) and CIPHERED.fullmatch(item)
            new[name] = item if known else cipher(str(item), salt)
    return new


def cipher(value: str, salt: str) -> str:
    """A text that reveals nothing and differs after every write, as Auth0's encryption does."""
    digest = hashlib.sha256(f"{salt}:{value}".encode()).hexdigest()
    return f"2.0${digest[:32]}${digest[32:]}"


def projected(call: Call, document: Document, always: frozenset[str] = frozenset()) -> Document:
    """The part of a document that `fields` and `include_fields` ask for."""
    fields = call.first("fields")
    if not fields:
        return document
    names = {name.strip() for name in fields.split(",")}
    if call.first("include_fields") == "false":
        return {name: value for name, value in document.items() if name not in names}
    return {name: value for name, value in document.items() if name in names or name in always}
