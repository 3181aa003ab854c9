"""What an environment says over the definition: maps merge, lists and scalars are replaced."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tenantctl.files.findings import Findings, suggestion
from tenantctl.files.tree import Branch, Entry, Items, Leaf, Patch, Tree, plain
from tenantctl.kinds import text_of
from tenantctl.model import Address, Origin, Path, dotted


@dataclass(frozen=True, slots=True)
class Overriding:
    """Lays overrides over the body of one address."""

    address: Address
    findings: Findings

    def branch(self, under: Branch, over: Branch, path: Path = ()) -> Branch:
        """*under* with what *over* says."""
        entries = dict(under.entries)
        for key, entry in over.entries.items():
            here = (*path, key)
            found = entries.get(key)
            if isinstance(entry.tree, Patch) and entry.tree.verb == "unmanaged":
                if entries.pop(key, None) is None:
                    self._nothing(entry.tree.origin, here, under)
                continue
            tree = self._tree(found.tree if found else None, entry.tree, here, under)
            if tree is not None:
                entries[key] = Entry(entry.key, tree)
        return Branch(entries, under.origin)

    def _tree(self, under: Tree | None, over: Tree, path: Path, around: Branch) -> Tree | None:
        if isinstance(over, Patch):
            return self._patched(under, over, path, around)
        if isinstance(under, Branch) and isinstance(over, Branch):
            return self.branch(under, over, path)
        if isinstance(over, Branch):
            return self.branch(Branch({}, over.origin), over, path)
        if isinstance(over, Items):
            origin = under.origin if under else None
            items = tuple(_over(item, origin) for item in over.items)
            return Items(items, replace(over.origin, over=origin))
        return _over(over, under.origin if under else None)

    def _patched(self, under: Tree | None, patch: Patch, path: Path, around: Branch) -> Tree | None:
        if not isinstance(under, Items):
            if under is None:
                self._nothing(patch.origin, path, around)
            else:
                message = f"{self.address} {dotted(path)} is no list at {under.origin}"
                self.findings.add(patch.origin, message, "write the value itself")
            return under
        have = {text_of(plain(item)): item for item in under.items}
        if patch.verb == "append":
            fresh = tuple(item for item in patch.items if text_of(plain(item)) not in have)
            return Items((*under.items, *fresh), under.origin)
        gone = {text_of(plain(item)): item for item in patch.items}
        for text, item in gone.items():
            if text not in have:
                message = f"{self.address} {dotted(path)} has no element {_name(item)}"
                known = map(_name, under.items)
                help = suggestion(_name(item), known, f"it is written at {under.origin}")
                self.findings.add(item.origin, message, help)
        return Items(tuple(have[text] for text in have if text not in gone), under.origin)

    def _nothing(self, at: Origin, path: Path, around: Branch) -> None:
        message = f"the definition of {self.address} has no {dotted(path)}"
        known = f"it has {', '.join(around.entries)}; write the value itself"
        self.findings.add(at, message, suggestion(path[-1], around.entries, known))


def _name(item: Tree) -> str:
    value = plain(item)
    return value if isinstance(value, str) else text_of(value)


def _over(tree: Tree, over: Origin | None) -> Tree:
    if isinstance(tree, Leaf):
        return Leaf(tree.value, replace(tree.origin, over=over))
    return tree
