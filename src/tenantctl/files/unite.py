"""Pieces of one resource become one body: every scalar has one author, elements are united."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tenantctl.files.document import Node
from tenantctl.files.evaluate import WEIGHT
from tenantctl.files.findings import Findings
from tenantctl.files.fragments import Piece
from tenantctl.files.names import MISSING
from tenantctl.files.tree import Branch, Entry, Items, Leaf, Tree, plain
from tenantctl.kinds import Kind, text_of
from tenantctl.model import Address, Origin, Path, dotted

USUAL_WEIGHT = 1000


@dataclass(frozen=True, slots=True)
class United:
    """Everything the files say of one address. *explicit*: the home was not just the earliest."""

    address: Address
    pieces: tuple[Piece, ...]
    home: Piece
    explicit: bool
    meta: Mapping[str, tuple[Origin, Node]]

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(piece.topic for piece in self.pieces))


def gather(kind: Kind, pieces: Iterable[Piece], findings: Findings) -> United:
    """The pieces of one address in playbook order, with their home."""
    ordered = tuple(sorted(pieces, key=lambda piece: piece.place))
    home, explicit = _home(kind, ordered)
    for piece in ordered:
        if piece is not home:
            for word, (at, _) in piece.meta.items():
                message = f"{word} stands at the home of {piece.address} only"
                findings.add(at, message, f"its home is {home.origin}")
    return United(ordered[0].address, ordered, home, explicit, home.meta)


def _home(kind: Kind, pieces: tuple[Piece, ...]) -> tuple[Piece, bool]:
    """Who writes the natural key, else a create-only field, else the earliest."""
    natural = set(kind.key) - set(kind.parts)
    for piece in pieces:
        if natural & piece.body.entries.keys():
            return piece, True
    created = {rule.at[0] for rule in kind.rules if rule.when == "create" and len(rule.at) == 1}
    for piece in pieces:
        if (created - set(kind.parts)) & piece.body.entries.keys():
            return piece, True
    return pieces[0], False


def body(kind: Kind, pieces: Iterable[Piece], findings: Findings) -> Branch:
    """One body out of several, the earliest first; a second author of a scalar is a problem."""
    whole: Branch | None = None
    for piece in pieces:
        if whole is None:
            whole = piece.body
        else:
            merge = _Merge(piece.address, frozenset(kind.parts), findings)
            whole = merge.branch(whole, piece.body, ())
    assert whole is not None
    return whole


@dataclass(frozen=True, slots=True)
class _Merge:
    address: Address
    parts: frozenset[str]
    findings: Findings

    def branch(self, one: Branch, other: Branch, path: Path) -> Branch:
        entries = dict(one.entries)
        for key, entry in other.entries.items():
            if key not in entries:
                entries[key] = entry
            elif path or key not in self.parts:
                first = entries[key]
                entries[key] = Entry(first.key, self.tree(first.tree, entry, (*path, key)))
        return Branch(entries, one.origin)

    def tree(self, one: Tree, other: Entry, path: Path) -> Tree:
        two = other.tree
        if isinstance(one, Branch) and isinstance(two, Branch):
            return self.branch(one, two, path)
        if isinstance(one, Items) and isinstance(two, Items):
            return Items((*one.items, *two.items), one.origin)
        where = f"{self.address} {dotted(path)}"
        if isinstance(one, Leaf) or isinstance(two, Leaf):
            message = f"{where} is already written at {one.origin}"
            help = "keep one of them: every value has one author"
        else:
            message = f"{where} is written differently at {one.origin}"
            help = "write both as a list, or both as a map"
        self.findings.add(other.key, message, help)
        return one


Place = Callable[[Origin], tuple[int, int]]
"""The phase and the index of an origin's topic."""


@dataclass(frozen=True, slots=True)
class Arrange:
    """Puts elements into their order: sequences by weight, keyed lists by key, sets once each."""

    kind: Kind
    place: Place
    findings: Findings

    def whole(self, tree: Branch) -> Branch:
        """The body of a resource, without weights."""
        own = any(rule.list == "sequence" and len(rule.at) == 1 for rule in self.kind.rules)
        if own and self.kind.hooks.unfold:
            return self._sequence(tree, ())
        found = self._tree(tree, ())
        assert isinstance(found, Branch)
        return found

    def _tree(self, tree: Tree, path: Path) -> Tree:
        rule = self.kind.rule(path) if path else None
        if isinstance(tree, Items):
            items = tuple(self._tree(item, (*path, "[]")) for item in tree.items)
            alike = rule is not None and rule.list in {"set", "keyed"}
            return Items(_once(items) if alike else items, tree.origin)
        if not isinstance(tree, Branch):
            return tree
        if rule and rule.list == "sequence":
            return self._sequence(tree, path)
        self._refuse_weight(tree)
        if rule and rule.list:
            entries = dict(sorted(tree.entries.items()))
            if rule.by and not rule.value:
                entries = {key: self._with_fields(key, entry) for key, entry in entries.items()}
            return self._children(entries, tree, (*path, "[]"), path)
        return self._children(tree.entries, tree, path, path)

    def _children(
        self, entries: Mapping[str, Entry], tree: Branch, inner: Path, path: Path
    ) -> Branch:
        listed = inner != path
        return Branch(
            {
                key: Entry(entry.key, self._tree(entry.tree, inner if listed else (*path, key)))
                for key, entry in entries.items()
                if key != WEIGHT
            },
            tree.origin,
        )

    def _sequence(self, tree: Branch, path: Path) -> Branch:
        self._refuse_weight(tree)
        ordered = sorted(tree.entries.items(), key=lambda pair: self._position(pair[1]))
        entries = {
            key: Entry(entry.key, self._element(self._with_fields(key, entry).tree, (*path, "[]")))
            for key, entry in ordered
            if key != WEIGHT
        }
        return Branch(entries, tree.origin)

    def _with_fields(self, key: str, entry: Entry) -> Entry:
        """An entry that holds the fields of an element, which may be none."""
        empty = isinstance(entry.tree, Leaf) and entry.tree.value is None
        if empty or isinstance(entry.tree, Branch) or key == WEIGHT:
            return entry
        if not (isinstance(entry.tree, Leaf) and entry.tree.value is MISSING):
            help = f"such as {key}: {{}}"
            self.findings.add(entry.key, f"{key} must be a map of fields", help)
        return Entry(entry.key, Branch({}, entry.tree.origin))

    def _element(self, tree: Tree, path: Path) -> Tree:
        if not isinstance(tree, Branch):
            return tree
        return self._children(tree.entries, tree, path, path)

    def _position(self, entry: Entry) -> tuple[float, tuple[int, int], str, int, int]:
        weight: float = USUAL_WEIGHT
        if isinstance(entry.tree, Branch) and WEIGHT in entry.tree.entries:
            written = entry.tree.entries[WEIGHT]
            value = plain(written.tree) if isinstance(written.tree, Leaf) else None
            if isinstance(value, int) and not isinstance(value, bool):
                weight = value
            else:
                self.findings.add(written.key, "$at must be a number", "such as $at: 100")
        at = entry.key
        return weight, self.place(at), at.file, at.line, at.column

    def _refuse_weight(self, tree: Branch) -> None:
        if WEIGHT in tree.entries:
            message = "$at means something only in a list whose order is written by weight"
            self.findings.add(tree.entries[WEIGHT].key, message, "take it out")


def _once(items: tuple[Tree, ...]) -> tuple[Tree, ...]:
    seen: dict[str, Tree] = {}
    for item in items:
        seen.setdefault(text_of(plain(item)), item)
    return tuple(seen.values())
