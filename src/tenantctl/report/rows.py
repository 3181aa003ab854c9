"""The fields of a change as rows, each shown by what its rule says it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import unified_diff
from itertools import islice

from tenantctl.kinds import KINDS, Kind, Lens, Rule, Wire, canonical
from tenantctl.model import (
    ABSENT,
    Address,
    Change,
    Create,
    Delete,
    Edit,
    Path,
    Ref,
    Resource,
    Sealed,
    Text,
    Update,
    Value,
    is_secret,
    secret_names,
)
from tenantctl.report.escape import shortened
from tenantctl.report.objects import beside, inner_changes
from tenantctl.report.redact import Clean
from tenantctl.report.shown import concealed, field_name, prose, shown
from tenantctl.report.view import Line, Row

LINES = 40
"""Lines of one field that are shown unless everything is asked for."""
WIDE = 72
"""Characters of one value that are shown of a create or delete unless everything is asked for."""
BRIEF_LIST = 60
"""A list of scalars that fits here is shown before and after instead of line by line."""
STRANGER = Kind(name="", wire=Wire(read=""), shape="")
"""A kind that this version does not know: plain fields."""


def kind_of(address: Address) -> Kind:
    """The kind of *address*; one without rules where this version does not know it."""
    return KINDS.get(address.kind, STRANGER)


def rows_of(change: Change, scrub: Clean, *, full: bool) -> Iterator[Row]:
    """A row for each field of *change*; without *full*, long ones are cut and say so."""
    match change:
        case Create(resource) | Delete(resource):
            sign = change.sign
            yield from (_whole(row, full=full) for row in _fields(resource, scrub, sign))
        case Update(address, edits, _):
            fields = {edit.path[0]: edit.after for edit in edits if len(edit.path) == 1}
            lens = Lens(kind_of(address), fields)
            yield from (_cut(_edited(lens, edit, scrub), full=full) for edit in edits)


def _fields(resource: Resource, scrub: Clean, sign: str) -> Iterator[Row]:
    """What a resource consists of: mappings field by field, everything else on a row."""
    lens = Lens(kind_of(resource.address), resource.fields)
    hidden = concealed(lens, resource.fields, (), scrub)
    for path, value in _leaves(hidden):
        rule = lens.rule(path)
        if rule.text or "\n" in prose(value):
            lines = prose(value).removesuffix("\n").split("\n")
            what = f"({rule.text or 'text'}, {_count(len(lines), 'line')})"
            yield Row(
                field_name(path),
                "text",
                after=what,
                lines=tuple(Line(sign, t) for t in lines),
                language=rule.text,
            )
        else:
            said = _named(value, rule) if rule.by and value and _lists(value) else shown(value)
            yield Row(field_name(path), _kind(lens, path, value), after=said)


def _named(items: Sequence[Value], rule: Rule) -> str:
    """A keyed list in the form in which people write it."""
    inner = ", ".join(f"{name}{beside(item)}" for name, item in _by_name(items, rule).items())
    return f"[{inner}]" if rule.list == "sequence" else f"{{{inner}}}"


def _leaves(value: Value, path: Path = ()) -> Iterator[tuple[Path, Value]]:
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif path:
        yield path, value


def _kind(lens: Lens, path: Path, *values: Value) -> str:
    if any(is_secret(value) or isinstance(value, Sealed) for value in values):
        return "secret"
    if any(isinstance(value, list) for value in values):
        found = lens.rule(path).list
        return {"": "list", "ordered": "list", "sequence": "keyed"}.get(found, found)
    return "ref" if any(isinstance(value, Ref | Text) for value in values) else "scalar"


def _whole(row: Row, *, full: bool) -> Row:
    """A field of a create or delete: its lines only on demand, a long value cut."""
    if full:
        return row
    after = row.after or ""
    brief = shortened(after, WIDE - 12) if len(after) > WIDE else after
    return Row(row.field, row.kind, after=brief)


def _cut(row: Row, *, full: bool) -> Row:
    more = 0 if full else max(0, len(row.lines) - LINES)
    if not more:
        return row
    return replace(row, lines=row.lines[:LINES], more=more)


def _edited(lens: Lens, edit: Edit, scrub: Clean) -> Row:
    """The row of one edit."""
    before = concealed(lens, edit.before, edit.path, scrub)
    after = concealed(lens, edit.after, edit.path, scrub)
    field, kind = field_name(edit.path), _kind(lens, edit.path, before, after)
    if kind == "secret":
        return Row(field, kind, after=_secret(before, after, unknown=edit.unknown))
    if (text := lens.rule(edit.path).text) or "\n" in prose(before) + prose(after):
        lines = tuple(_unified(prose(before), prose(after)))
        return Row(field, "text", after=_changed(lines), lines=lines, language=text)
    if kind in {"set", "keyed", "list"} and _lists(before, after):
        lines = tuple(_listed(lens, edit, _items(before), _items(after), kind))
        if lines:
            return Row(field, kind, lines=lines)
    return Row(field, kind, shown(before), shown(after))


def _lists(*values: Value) -> bool:
    return all(isinstance(v, list) or v is None or v is ABSENT for v in values)


def _items(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []


def _secret(before: Value, after: Value, *, unknown: bool) -> str:
    """What can be said of a secret: which one, and whether it changes."""
    named = "".join(f" {name}" for name in secret_names(after))
    if unknown:
        return f"(secret{named}, cannot tell; apply decides)"
    if after is ABSENT or after is None:
        return "(secret, taken away)"
    return f"(secret{named}, {'new' if before is ABSENT or before is None else 'changed'})"


def _unified(before: str, after: str) -> Iterator[Line]:
    """A unified diff; lines end at a newline and nowhere else, so that no other end is hidden.

    A newline at the end is a line only where the other text has none.
    """
    if before.endswith("\n") and after.endswith("\n"):
        before, after = before[:-1], after[:-1]
    lines = unified_diff(_split(before), _split(after), lineterm="", n=3)
    for line in islice(lines, 2, None):
        yield Line(line[0], line[1:] if line[0] != "@" else line.strip("@ "))


def _split(text: str) -> list[str]:
    return text.split("\n") if text else []


def _changed(lines: Iterable[Line]) -> str:
    signs = [line.sign for line in lines]
    return f"({_count(signs.count('+'), 'line')} more, {signs.count('-')} less)"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _listed(
    lens: Lens, edit: Edit, before: Sequence[Value], after: Sequence[Value], kind: str
) -> Iterator[Line]:
    """What came, went or changed in a list, by what its elements are called."""
    rule = lens.rule(edit.path)
    if kind == "set":
        old, new = canonical(lens, before, edit.path), canonical(lens, after, edit.path)
        yield from _members(old, new)
    elif kind == "keyed":
        yield from _keyed(before, after, rule, unknown=edit.unknown)
        if rule.list == "sequence":
            yield from _reordered(before, after, rule)
    elif any(isinstance(item, Mapping) for item in [*before, *after]):
        yield from inner_changes(before, after, unknown=edit.unknown)
    elif len(shown(before)) + len(shown(after)) > BRIEF_LIST:
        yield from _unified("\n".join(map(shown, before)), "\n".join(map(shown, after)))


def _members(before: Mapping[str, Value], after: Mapping[str, Value]) -> Iterator[Line]:
    yield from (Line("+", shown(after[key])) for key in sorted(after.keys() - before.keys()))
    yield from (Line("-", shown(before[key])) for key in sorted(before.keys() - after.keys()))
    yield from _unchanged(len(before.keys() & after.keys()))


def _unchanged(number: int) -> Iterator[Line]:
    if number:
        yield Line(" ", f"({number} unchanged)")


def _keyed(
    before: Sequence[Value], after: Sequence[Value], rule: Rule, *, unknown: bool
) -> Iterator[Line]:
    old, new = _by_name(before, rule), _by_name(after, rule)
    same = 0
    for name, item in new.items():
        if name not in old:
            yield Line("+", f"{name}{beside(item)}")
            continue
        changes = list(inner_changes(old[name], item, prefix=name, unknown=unknown))
        same += not changes
        yield from changes
    for name, item in old.items():
        if name not in new:
            yield Line("-", f"{name}{beside(item)}")
    yield from _unchanged(same)


def _by_name(items: Sequence[Value], rule: Rule) -> Mapping[str, Value]:
    """Elements by what they are called, without their key; the mere value where that is all."""
    found: dict[str, Value] = {}
    for item in items:
        named = item.get(rule.by) if isinstance(item, Mapping) else item
        others = {k: v for k, v in item.items() if k != rule.by} if named is not item else {}
        found[shown(named)] = others[rule.value] if others.keys() == {rule.value} else others
    return found


def _reordered(before: Sequence[Value], after: Sequence[Value], rule: Rule) -> Iterator[Line]:
    old, new = list(_by_name(before, rule)), list(_by_name(after, rule))
    if [name for name in old if name in new] != [name for name in new if name in old]:
        yield Line("~", f"order: {', '.join(old)} -> {', '.join(new)}")
