"""Whether a resource in flat form is what the API and its kind allow, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain

from tenantctl.files.checked import SPECIALS, Checked, nearest, plain, said, unseen
from tenantctl.files.findings import Findings, suggestion
from tenantctl.files.members import check_members
from tenantctl.files.names import MISSING
from tenantctl.files.shape import Fault, Schema, absent, faults
from tenantctl.kinds import Kind, Rule, text_of, variants, write_shape
from tenantctl.model import (
    Address,
    Path,
    Text,
    Value,
    dotted,
    is_secret,
)

MASK = re.compile(
    r"_+VALUE_NOT_SHOWN_+|\*{3,}|•{3,}|##\w+##|@@\w+@@|<?REDACTED>?|YOUR_\w+|CHANGE_?ME|x{4,}",
    re.IGNORECASE,
)


def check(checked: Checked, findings: Findings) -> None:
    """Everything about one resource that needs no other; what is wrong goes to *findings*."""
    _Rules(checked, findings).walk(checked.flat.fields, (), ())
    for name, value in checked.kind.implied.items():
        if checked.flat.fields.get(name) != value:
            at = checked.flat.keys.get((name,), checked.home)
            findings.add(at, f"{name} goes without saying: it is {text_of(value)}", "take it out")
    if checked.kind.members:
        check_members(checked, findings)
    else:
        _check_bars(checked, findings)
        _check_shape(checked, findings)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What rules say: secrets, and fields that only Auth0 sets."""

    checked: Checked
    findings: Findings

    def walk(self, value: Value, indexed: Path, pattern: Path) -> None:
        flat = self.checked.flat
        if indexed:
            rule = self.checked.kind.rule(pattern, flat.fields)
            if rule.when == "never" and value is not None:
                message = f"{dotted(indexed)} is set by Auth0"
                self.findings.add(flat.keys.get(indexed, self.checked.home), message, "take it out")
                return
            parts = isinstance(value, Mapping) and self.checked.kind.divides(pattern)
            if (rule.secret and not parts) or not isinstance(value, (Mapping, list)):
                self.leaf(value, rule, indexed)
                return
        if isinstance(value, Mapping):
            for key, item in value.items():
                self.walk(item, (*indexed, key), (*pattern, key))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                self.walk(item, (*indexed, str(index)), (*pattern, "[]"))

    def leaf(self, value: Value, rule: Rule, indexed: Path) -> None:
        at = nearest(self.checked.flat.values, indexed, self.checked.home)
        name = dotted(indexed)
        if is_secret(value) and not rule.secret:
            message = f"{name} is no secret field: whoever may read the tenant would read the value"
            self.findings.add(at, message, "use a variable, or a field that Auth0 keeps secret")
        elif rule.secret and _literal(value):
            mask = isinstance(value, str) and MASK.fullmatch(value.strip())
            what = f"{value} is a mask, not a value" if mask else ""
            message = what or f"{name} is a secret, and its value stands in the file"
            help = "write !secret NAME and declare NAME under secrets in tenant.yaml"
            self.findings.add(at, message, help, show=False)
        elif rule.unset == "illegal" and value is None:
            self.findings.add(at, f"{name} cannot be unset", "write a value, or take the field out")


def _check_bars(checked: Checked, findings: Findings) -> None:
    """Fields that cannot stand beside each other are not both declared."""
    fields = checked.flat.fields
    for rule in (rule for rule in checked.kind.rules if rule.bars):
        name = rule.at[0]
        if name < rule.bars and None not in (fields.get(name), fields.get(rule.bars)):
            at = checked.flat.keys.get((rule.bars,), checked.home)
            message = f"{rule.bars} cannot stand beside {name}"
            findings.add(at, message, "keep one of them; the other is unset with it")


def _check_shape(checked: Checked, findings: Findings) -> None:
    kind, flat = checked.kind, checked.flat
    creates = bool(kind.wire.create) and not checked.system
    bodies = _bodies(kind, checked.address, creates=creates)
    document = {k: plain(v) for k, v in flat.fields.items() if v is not None}
    for path in bodies.beside:
        _drop(document, path)
    later = _taken(document, bodies.later)
    complete = creates and not kind.singleton
    for fault in chain(
        faults(document, bodies.create, bodies.update, complete=complete),
        faults(later, bodies.update, bodies.update, complete=False),
    ):
        if fault.kind == "unknown":
            _unknown(checked, fault, findings)
        elif fault.kind == "missing":
            _missing(checked, fault, findings)
        elif not unseen(checked, fault.path):
            at = nearest(flat.values, fault.path, checked.home)
            findings.add(at, f"{dotted(said(checked, fault.path))} {fault.word}", fault.help)
    if variant := _variant(checked):
        _check_variant(checked, variant, findings)


@dataclass(frozen=True, slots=True)
class _Variant:
    """What there is in *field* of a resource whose field *by* has this *value*."""

    field: str
    by: str
    value: str
    names: frozenset[str]


def _variant(checked: Checked) -> _Variant | None:
    found = variants(checked.kind)
    value = checked.flat.fields.get(found.by) if found else None
    if found is None or not isinstance(value, str) or value not in found.names:
        return None
    return _Variant(found.field, found.by, value, found.names[value])


def _check_variant(checked: Checked, variant: _Variant, findings: Findings) -> None:
    """Names that others of the kind may have and this variant has not."""
    held = checked.flat.fields.get(variant.field)
    for name in held.keys() - variant.names if isinstance(held, Mapping) else ():
        if checked.kind.rule((variant.field, name), checked.flat.fields).when != "never":
            _unknown(checked, Fault("unknown", (variant.field,), name), findings)


@dataclass(frozen=True, slots=True)
class _Bodies:
    """The shapes of what creates and updates a resource, and the flat fields *beside* them.

    *later* are fields that only an update carries, whatever a create would take there.
    """

    create: Schema
    update: Schema
    beside: tuple[Path, ...]
    later: tuple[Path, ...]


def _bodies(kind: Kind, address: Address, *, creates: bool) -> _Bodies:
    """The bodies for *address*; only a kind of many shapes looks at the key."""
    key = address.key if "{key}" in kind.shape else ""
    return _known_bodies(kind, key, creates=creates)


@cache
def _known_bodies(kind: Kind, key: str, *, creates: bool) -> _Bodies:
    address = Address(kind.name, key)
    update = write_shape(kind, address, "update")
    create = write_shape(kind, address, "create") if creates else update
    later = tuple(rule.at for rule in kind.rules if rule.when == "update" and not rule.only)
    return _Bodies(create, update, tuple(_beside(kind, create, update)), later)


def _beside(kind: Kind, create: Schema, update: Schema) -> Iterator[Path]:
    """The fields that flat forms have and no body has: what is implied, hooks make, rules name."""
    yield from ((name,) for name in kind.implied if absent(create, (name,)))
    if kind.hooks.unfold:
        yield from ((name,) for name in kind.hooks.unfold({}) if absent(create, (name,)))
    for rule in kind.rules:
        plain = not set(rule.at) & {"*", "**"} and rule.at and rule.at[-1] != "[]"
        if plain and rule.when == "never":
            yield rule.at  # the rules have said it
        elif plain and absent(create, rule.at) and absent(update, rule.at):
            yield rule.at


def _drop(document: Value, path: Path) -> None:
    """Takes the field at *path* out, of every element where that has `[]`."""
    head, rest = path[0], path[1:]
    if head == "[]":
        for item in document if isinstance(document, list) else ():
            _drop(item, rest)
    elif isinstance(document, dict) and head in document:
        if rest:
            _drop(document[head], rest)
        else:
            del document[head]


def _taken(document: dict[str, Value], paths: Iterable[Path]) -> dict[str, Value]:
    """What stands at *paths*, taken out of *document*, which keeps what leads there."""
    taken: dict[str, Value] = {}
    for path in paths:
        inner: Value = document
        for part in path[:-1]:
            inner = inner.get(part) if isinstance(inner, dict) else None
        if isinstance(inner, dict) and path[-1] in inner:
            there = taken
            for part in path[:-1]:
                there = there.setdefault(part, {})
            there[path[-1]] = inner.pop(path[-1])
    return taken


def _unknown(checked: Checked, fault: Fault, findings: Findings) -> None:
    path = (*fault.path, fault.word)
    where = f" in {dotted(said(checked, fault.path))}" if fault.path else ""
    known = fault.known
    variant = _variant(checked)
    if variant and fault.path == (variant.field,):
        where += f": {variant.by} {variant.value} has none"
        known = tuple(sorted(variant.names))
    listed = f"known are {', '.join(known)}" if len(known) <= 12 else ""
    help = suggestion(fault.word, known, listed)
    message = f"{checked.address} has no field {fault.word}{where}"
    findings.add(nearest(checked.flat.keys, path, checked.home), message, help)


def _missing(checked: Checked, fault: Fault, findings: Findings) -> None:
    at = nearest(checked.flat.keys, fault.path, checked.home)
    where = f"{checked.address} {dotted(said(checked, fault.path))}".rstrip()
    findings.add(at, f"{where} has no {fault.word}", "Auth0 makes none without it")


def _literal(value: Value) -> bool:
    """Whether a person wrote the value, or a part of it, where a secret belongs."""
    if isinstance(value, Text):
        return value is not MISSING and not is_secret(value)
    return value is not None and not isinstance(value, SPECIALS)
