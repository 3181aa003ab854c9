"""Addresses for live objects that nobody has declared."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from tenantctl.gateway.index import Index
from tenantctl.gateway.match import Document, natural_key
from tenantctl.kinds import Kind
from tenantctl.model import Address, Ref, stable_keys

ID = re.compile(r"\w{16,}")
"""What the id of an object may be inside a name."""

NAMES = ("name", "display_name", "description", "identifier", "domain", "type")
"""Fields by which people know an object, the best first."""


def system_objects(
    kind: Kind, domain: str, documents: Mapping[str, Document]
) -> dict[Address, Document]:
    """Those of *documents*, which go by id, that every tenant has, under their well-known keys."""
    found: dict[Address, Document] = {}
    for key, forms in kind.system.items():
        name = tuple(form.format(domain=domain) for form in forms)
        fitting = [each for each in documents.values() if natural_key(kind, each) == name]
        if fitting:  # somebody may have called an object of their own so
            found[Address(kind.name, key)] = max(fitting, key=_is_system)
    return found


def _is_system(document: Document) -> bool:
    return bool(document.get("global") or document.get("is_system"))


def fresh(
    kind: Kind,
    documents: Iterable[Document],
    taken: Collection[str],
    index: Index,
    prefix: str = "",
) -> dict[Address, Document]:
    """Each of *documents* under a stable key of its own, made of the best name that it has.

    Names decide, then ids, never the order of *documents*. The id of another object in a name
    counts as the key of that. *prefix* leads to what it hangs on.
    """

    def name(document: Document) -> str:
        return ID.sub(lambda found: _key_of(found[0], index), called(kind, document))

    ordered = sorted(documents, key=lambda each: (name(each), str(each[kind.wire.id])))
    names = [name(each) for each in ordered]
    keys = stable_keys(names, taken=taken, otherwise=kind.name)
    pairs = zip(keys, ordered, strict=True)
    return {Address(kind.name, f"{prefix}{key}"): each for key, each in pairs}


def _key_of(id: str, index: Index) -> str:
    address = index.carrier(id)
    return address.key if address else id


def given(
    kind: Kind, documents: Iterable[Document], taken: Collection[Address]
) -> dict[Address, Document]:
    """Those of *documents* that have a name which a key can be, and no other one has."""
    found: dict[Address, Document] = {}
    twice: set[Address] = set()
    for each in documents:
        address = Address(kind.name, called(kind, each))
        if address in found or address in taken or "/" in address.key or not address.key:
            twice.add(address)
        found[address] = each
    return {address: each for address, each in found.items() if address not in twice}


def called(kind: Kind, document: Document) -> str:
    """What people call an object: its name, else its natural key, else another telling field."""
    telling = [part for part in kind.key if part not in kind.implied]
    key = " ".join(_text(document.get(part)) for part in telling)
    names = (_text(document.get(name)) for name in NAMES)
    return _text(document.get("name")) or key.strip() or next(filter(None, names), "")


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def composite(kind: Kind, documents: Iterable[Document], index: Index) -> dict[Address, Document]:
    """Each of *documents* under the keys of what the parts of its key refer to."""
    ordered = sorted(documents, key=lambda each: str(each.get(kind.wire.id)))
    parts = {part: _keys(kind, part, ordered, index) for part in kind.parts}
    return {
        Address(kind.name, "/".join(parts[part][n] for part in kind.parts)): each
        for n, each in enumerate(ordered)
    }


def _keys(kind: Kind, part: str, documents: list[Document], index: Index) -> list[str]:
    """What stands for *part* in the key of each of *documents*.

    What a reference leads to may be unknown: then it is called by what stands there.
    """
    rule = kind.rule((part,))
    texts = [str(each.get(part, rule.default)) for each in documents]
    if not rule.ref:
        return texts
    meant = {text: index.named(rule.ref.to, rule.ref.via, text) for text in sorted({*texts})}
    keys = {text: ref.address.key for text, ref in meant.items() if isinstance(ref, Ref)}
    strange = [text for text in meant if text not in keys]
    taken = {address.key for address in index.known(rule.ref.to)}
    keys |= zip(strange, stable_keys(strange, taken=taken), strict=True)
    return [keys[text] for text in texts]
