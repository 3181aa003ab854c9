"""What a tenant holds, by its database alone: no differ, no gateway, no rule of a kind is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kinds.laws.table import Case, Tagged, Where
from tenantctl.kinds import KINDS
from tenantctl.sandbox import Sandbox

Json = Any
Row = tuple[str, str]
EMPTY: tuple[Json, ...] = (None, "", [], {})
STAMPS = frozenset({"updated_at", "modified_at", "last_updated", "created_at"})
"""Fields that every write moves."""
CALLED = ("name", "identifier", "description", "domain")
"""Fields by which people know an object."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every document of a tenant by table and id, what the sandbox keeps for itself left out."""

    documents: Mapping[Row, Json]
    parents: Mapping[Row, str]
    defaults: Callable[[str], Mapping[str, Json]]


def look(sandbox: Sandbox, snapshot: Json = None) -> Snapshot:
    """The tenant as it is, or as a *snapshot* of it has it."""
    rows = (snapshot or sandbox.snapshot())["documents"]
    return Snapshot(
        {(table, id): _public(body) for table, id, _, body in rows},
        {(table, id): parent for table, id, parent, _ in rows},
        sandbox.documents,
    )


def _public(body: Json) -> Json:
    return {name: value for name, value in body.items() if not name.startswith("_")}


def held(case: Case, now: Snapshot, before: Snapshot) -> list[Json]:
    """The documents of the resource: one, or of an association a row for each member.

    *before* is the tenant that has what the case needs, and not the resource.
    """
    mine = {row: body for row, body in now.documents.items() if row[0] == case.table}
    if case.where:
        return [body for body in mine.values() if case.where.items() <= body.items()]
    new = [body for row, body in mine.items() if row not in before.documents]
    if case.kind.members:
        return new
    if new and not _fixed(case):
        return new
    for id in (case.key, ""):
        if (case.table, id) in mine:
            return [mine[case.table, id]]
    return new or ([dict(d)] if (d := now.defaults(case.table).get("")) else [])


def _fixed(case: Case) -> bool:
    return case.kind.singleton or case.kind.fixed


def names(case: Case, now: Snapshot) -> Mapping[str, frozenset[str]]:
    """What each key that the case declares or needs may be called on the wire."""
    found: dict[str, frozenset[str]] = {}
    bodies = [(case.key, case.fields)]
    seeded = [body for table in case.seed.values() for body in table.values()]
    bodies += [(body["name"], body) for body in seeded if "name" in body]
    for name, body in _children(case.kind.name, case.fields):
        bodies += [(name, body), (f"{case.key}/{name}", body)]
    for kind, keyed in case.needs.items():
        for key, body in keyed.items():
            if isinstance(body, dict):
                bodies.append((key, body))
                bodies += [(f"{key}/{name}", inner) for name, inner in _children(kind, body)]
    for key, body in bodies:
        called = {key, *(body[name] for name in CALLED if isinstance(body.get(name), str))}
        for document in now.documents.values():
            words = {n: v for n, v in document.items() if isinstance(v, str)}
            if called & {words.get(name) for name in CALLED}:
                ids = {
                    v
                    for n, v in words.items()
                    if n in {"name", "identifier", "domain"} or "id" in n
                }
                found[key] = found.get(key, frozenset()) | ids
    return found | _composite(case, now, found)


def children(kind: str) -> frozenset[str]:
    """The fields of a kind that hold resources of their own, not fields of its own."""
    return frozenset(
        k.authored_in[1]
        for k in KINDS.values()
        if k.authored_in and k.authored_in[0] == kind and k.key
    )


def _children(kind: str, fields: Json) -> Iterator[tuple[str, Json]]:
    for name in children(kind) & fields.keys():
        yield from fields[name].items()


def _composite(
    case: Case, now: Snapshot, named: Mapping[str, frozenset[str]]
) -> Mapping[str, frozenset[str]]:
    """What the keys of several parts that the case needs may be called."""
    return {
        "/".join(key): _of_parts(now, kind, dict(zip(parts, key, strict=True)), named)
        for kind, keyed in case.needs.items()
        if (parts := KINDS[kind].parts)
        for key in _joined(keyed, len(parts))
    }


def _joined(keyed: Mapping[str, Json], depth: int) -> Iterator[tuple[str, ...]]:
    """The keys of several parts in nested maps."""
    for key, inner in keyed.items():
        if depth == 1:
            yield (key,)
        else:
            yield from ((key, *rest) for rest in _joined(inner, depth - 1))


def _of_parts(
    now: Snapshot, kind: str, parts: Mapping[str, str], named: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    """The ids of the documents whose fields are the parts of a key, or what these are called."""
    return frozenset(
        id
        for (table, id), document in now.documents.items()
        if table == kind
        and all(document.get(n) in {key, *named.get(key, ())} for n, key in parts.items())
    )


@dataclass(frozen=True, slots=True)
class Eye:
    """How authored values are understood: what keys are called, what secrets and files hold."""

    names: Mapping[str, frozenset[str]]
    secrets: Mapping[str, str]
    files: Mapping[str, str]

    def lacks(self, want: Json, have: Json, path: str = "") -> Iterator[str]:
        """Everything of *want*, in authored form, that *have* does not hold."""
        if isinstance(want, Tagged):
            want = self._resolved(want)
        if want in EMPTY and want != "":
            if have not in EMPTY:
                yield f"{path} is {have!r}, not unset"
        elif isinstance(want, dict) and isinstance(have, list):
            yield from self._keyed(want, have, path)
        elif isinstance(want, dict) and isinstance(have, dict):
            for name, item in want.items():
                yield from self.lacks(item, have.get(name), f"{path}.{name}")
        elif isinstance(want, list) and isinstance(have, list):
            yield from self._listed(want, have, path)
        elif not self.same(want, have):
            yield f"{path} is {have!r}, not {want!r}"

    def _resolved(self, want: Tagged) -> Json:
        if want.tag == "secret":
            return self.secrets[want.value]
        if want.tag == "ref":
            return want.value.split(".")[1]
        return self.files[want.value] if want.tag == "file" else want.value

    def same(self, want: Json, have: Json) -> bool:
        """Whether a scalar is what was authored, or one of the names of the key that was."""
        if type(want) is type(have) and want == have:
            return True
        if isinstance(want, str) and isinstance(have, str) and "${" in want:
            return self._spelt(want, have)
        if isinstance(want, int | float) and isinstance(have, int | float):
            return not isinstance(want, bool) and not isinstance(have, bool) and want == have
        known = self.names.get(want, frozenset()) if isinstance(want, str) else ()
        return isinstance(have, str) and have in known

    def _spelt(self, want: str, have: str) -> bool:
        """Whether a text is what was authored, with the names of the keys it speaks of."""
        parts = re.split(r"\$\{(?:\w+\.)([\w-]+)(?:\.\w+)*\}", want)
        words = [
            "|".join(map(re.escape, self.names.get(part, ()))) if n % 2 else re.escape(part)
            for n, part in enumerate(parts)
        ]
        return re.fullmatch("".join(f"({word})" for word in words), have) is not None

    def _listed(self, want: list[Json], have: list[Json], path: str) -> Iterator[str]:
        """Each element is there, each time; in what order is for the plan to say."""
        left = list(have)
        for item in want:
            fit = next((other for other in left if self._fits(item, other)), None)
            if fit is None:
                yield f"{path} has no {item!r}: {have!r}"
            else:
                left.remove(fit)
        if len(have) > len(want):
            yield f"{path} has more than {want!r}: {have!r}"

    def _keyed(self, want: dict[str, Json], have: list[Json], path: str) -> Iterator[str]:
        """A map of keys, or of keys and lists, is held as a list of elements."""
        pairs = [
            (key, item)
            for key, items in want.items()
            for item in (items if isinstance(items, list) else [items])
        ]
        left = list(have)
        for key, item in pairs:
            fit = next((o for o in left if self._has(key, o) and self._carries(item, o)), None)
            if fit is None:
                yield f"{path} has no {key} with {item!r}: {have!r}"
            else:
                left.remove(fit)
        if len(have) > len(pairs):
            yield f"{path} has more than {want!r}: {have!r}"

    def _fits(self, want: Json, have: Json) -> bool:
        if isinstance(want, str) and isinstance(have, dict):
            return self._has(want, have)
        return not any(self.lacks(want, have))

    def _has(self, key: str, element: Json) -> bool:
        """Whether *element* is called *key* in one of its fields."""
        if not isinstance(element, dict):
            return self.same(key, element)
        return any(self._has(key, v) for v in element.values() if not isinstance(v, list))

    def _carries(self, item: Json, element: Json) -> bool:
        if item is None or item == {}:
            return True
        if isinstance(item, Tagged):
            item = self._resolved(item)
        if isinstance(item, dict):
            return not any(self.lacks(item, element))
        return any(self.same(item, value) for value in element.values())


def differences(
    before: Snapshot, after: Snapshot, ripples: frozenset[str] = frozenset()
) -> dict[Row, tuple[Where, ...]]:
    """The documents that are not as they were, each with the paths that differ; `()` is all of it.

    Stamps and *ripples*, tables or `table.field`, do not count.
    """
    found = {}
    for row in before.documents.keys() | after.documents.keys():
        if row[0] in ripples:
            continue
        old, new = before.documents.get(row), after.documents.get(row)
        paths = [
            path
            for path in _moved(old, new)
            if not (path and (path[0] in STAMPS or _rippled(row[0], path, ripples)))
        ]
        if paths:
            found[row] = tuple(paths)
    return found


def _rippled(table: str, path: Where, ripples: frozenset[str]) -> bool:
    return any(".".join((table, *path[:size])) in ripples for size in range(1, len(path) + 1))


def _moved(old: Json, new: Json, path: Where = ()) -> Iterator[Where]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in {**old, **new}:
            yield from _moved(old.get(name), new.get(name), (*path, name))
    elif old != new and not (old in EMPTY and new in EMPTY and path):
        yield path


def at(value: Json, path: Where) -> Json:
    """What stands at *path*; a keyed list is stepped into by any field of its elements."""
    for part in path:
        if isinstance(value, list):
            named = [e for e in value if isinstance(e, dict) and part in e.values()]
            value = named[0] if named else None
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return value
