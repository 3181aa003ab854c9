"""What a backup asks for, where a live tenant has gone on since."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tenantctl.kinds import KINDS, Kind, Lens, element_key, said
from tenantctl.model import (
    ABSENT,
    Address,
    Path,
    Resource,
    Sealed,
    Tenant,
    Value,
    is_secret,
    refs,
)

HIDDEN = frozenset({"absent", "masked", "cipher", "volatile"})
UNWRITTEN = frozenset({"never", "create", "if_changed"})


@dataclass(frozen=True, slots=True)
class Restored:
    """The resources that are to be as they were, and what cannot be had back, in words.

    *secrets* are the fields whose value is in no backup and in no file, *lost* says of an address
    why it stays as it is, *newer* are objects that the backup does not have.
    """

    resources: Mapping[Address, Resource]
    secrets: Mapping[Address, tuple[Path, ...]] = field(default_factory=dict)
    lost: tuple[tuple[Address, str], ...] = ()
    newer: tuple[Address, ...] = ()


@dataclass(slots=True)
class Restoring:
    """A backup on its way to what is asked for.

    *then* is what it has, *live* what the tenant has, *declared* what the files ask for, of which
    secrets are taken. *own* is what the tool signs in with, *unread* what nobody could read, then
    or now, by kind or by address. *secrets* and *lost* grow on the way.
    """

    then: Mapping[Address, Resource]
    live: Tenant
    declared: Tenant
    own: Collection[Address]
    unread: Collection[str]
    secrets: dict[Address, list[Path]] = field(default_factory=dict)
    lost: list[tuple[Address, str]] = field(default_factory=list)

    def wanted(self, chosen: Callable[[Address], bool]) -> Restored:
        """What of the backup is asked for: all that is *chosen* and can be had back."""
        found = {}
        for address in sorted(self.then):
            if chosen(address) and self._possible(address):
                found[address] = self._resource(address)
        for address in self._emptied():
            if chosen(address):
                found[address] = self._nothing(address)
        newer = tuple(a for a in sorted(self.live.resources) if chosen(a) and self._is_newer(a))
        secrets = {address: tuple(paths) for address, paths in self.secrets.items()}
        return Restored(found, secrets, tuple(self.lost), newer)

    def _possible(self, address: Address) -> bool:
        kind = KINDS[address.kind]
        if kind.given or {address, *kind.owners(address)} & {*self.own}:
            return False
        if address.kind in self.unread or str(address) in self.unread:
            self.lost.append((address, "cannot be compared: it cannot be read now"))
            return False
        if address in self.live.resources:
            return True
        made = kind.wire.create or kind.wire.update
        if not made or (kind.stays(address.key) and not kind.fixed and not kind.singleton):
            self.lost.append((address, "is gone, and nobody can make it but Auth0"))
            return False
        return True

    def _resource(self, address: Address) -> Resource:
        kind, fields = KINDS[address.kind], self.then[address].fields
        have, known = self.live.get(address), self.declared.get(address)
        if address.key in kind.system:
            fields = {name: value for name, value in fields.items() if name not in kind.key}
        filling = Filling(Lens(kind, fields))
        filled = filling.struct(fields, known.fields if known else {}, ())
        if filling.secrets:
            self.secrets[address] = filling.secrets
        if kind.members:
            return Resource(address, self._members(kind, filled, have))
        if have is None:
            return Resource(address, said(kind, address.key, filled))
        kept = {n: v for n, v in filled.items() if not self._names_own(have.fields.get(n))}
        hidden = frozenset(filling.secrets)
        return Resource(address, self._unset(filling.lens, kept, have.fields, (), hidden))

    def _members(
        self, kind: Kind, fields: dict[str, Value], have: Resource | None
    ) -> dict[str, Value]:
        """The members of the backup, and those live ones that name what it does not know."""
        name = kind.members
        members = list(fields.get(name, ()))
        known = {element_key(item, kind.by) for item in members}
        live = have.fields.get(name, ()) if have else ()
        later = [m for m in live if element_key(m, kind.by) not in known and self._is_later(m)]
        return {**fields, name: [*members, *later]}

    def _is_later(self, member: Value) -> bool:
        """Whether a member names an object that the backup does not have."""
        named = {ref.address for ref in refs(member)}
        return any(
            a not in self.then and a.key not in KINDS[a.kind].system and not KINDS[a.kind].given
            for a in named
        )

    def _names_own(self, value: Value) -> bool:
        """Whether a live value names what the tool signs in with, which no backup does."""
        return any(ref.address in self.own for ref in refs(value))

    def _unset(
        self,
        lens: Lens,
        want: Mapping[str, Value],
        have: Mapping[str, Value],
        path: Path,
        hidden: frozenset[Path],
    ) -> dict[str, Value]:
        """*want* with null for what *have* has beyond it, as far as that can be unset.

        What is *hidden* was there, although *want* does not say what it was.
        """
        found = dict(want)
        for key, there in have.items():
            inner = (*path, key)
            if key not in want:
                if inner not in hidden and self._may_go(lens, there, inner):
                    found[key] = None
            elif _are_structs(lens, inner, want[key], there):
                found[key] = self._unset(lens, want[key], there, inner, hidden)
        return found

    def _may_go(self, lens: Lens, value: Value, path: Path) -> bool:
        rule = lens.rule(path)
        hidden = isinstance(value, Sealed) or rule.read in HIDDEN or bool(rule.follows)
        if hidden or rule.when in UNWRITTEN or self._names_own(value):
            return False
        return rule.unset != "illegal"

    def _emptied(self) -> Iterator[Address]:
        """What has something now, had nothing then, and can be emptied: no object of its own."""
        for address in sorted(self.live.resources):
            kind = KINDS[address.kind]
            unread = kind.name in self.unread or str(address) in self.unread
            if address in self.then or unread or not (kind.members or kind.empty is not None):
                continue
            owners = kind.owners(address)
            if all(owner in self.then for owner in owners):
                yield address

    def _nothing(self, address: Address) -> Resource:
        kind = KINDS[address.kind]
        if kind.members:
            return Resource(address, self._members(kind, {}, self.live.get(address)))
        return Resource(address, dict(kind.empty or {}))

    def _is_newer(self, address: Address) -> bool:
        """Whether an object is there that the backup does not have, though it could have had it."""
        kind = KINDS[address.kind]
        made = kind.key and not (kind.given or kind.members or kind.stays(address.key))
        known = address in self.then or kind.name in self.unread
        return bool(made) and not known and address not in self.own


def _are_structs(lens: Lens, path: Path, *values: Value) -> bool:
    """Whether what stands at *path* is compared member by member, and only what is said of it."""
    return lens.rule(path).map != "open" and all(isinstance(each, Mapping) for each in values)


@dataclass(slots=True)
class Filling:
    """Puts the secrets that the files declare where a backup has none; *secrets* lack a value."""

    lens: Lens
    secrets: list[Path] = field(default_factory=list)

    def struct(
        self, value: Mapping[str, Value], declared: Mapping[str, Value], path: Path
    ) -> dict[str, Value]:
        """*value* with the secrets that are declared, and without the others."""
        found = (
            (key, self._value(item, declared.get(key, ABSENT), (*path, key)))
            for key, item in value.items()
        )
        return {key: item for key, item in found if item is not ABSENT}

    def _value(self, value: Value, declared: Value, path: Path) -> Value:
        if self._is_hidden(value, path):
            if declared is not ABSENT and declared is not None:
                return declared
            self.secrets.append(path)
            return ABSENT
        if isinstance(value, Mapping):
            return self.struct(value, declared if isinstance(declared, Mapping) else {}, path)
        if isinstance(value, list | tuple):
            return self._list(value, declared if isinstance(declared, list | tuple) else (), path)
        return value

    def _is_hidden(self, value: Value, path: Path) -> bool:
        """Whether nobody was shown what stands here: what does is no more than a word for it."""
        if isinstance(value, Sealed) or is_secret(value):
            return True
        rule = self.lens.rule(path)
        told = rule.text == "certificate" and "BEGIN" in str(value)
        return rule.read == "absent" and isinstance(value, str) and not told

    def _list(self, value: Sequence[Value], declared: Sequence[Value], path: Path) -> Value:
        """A list; one in which a secret lacks its value is left out, for it is written whole."""
        by, before = self.lens.rule(path).by, len(self.secrets)
        named = {element_key(item, by): item for item in declared} if by else {}
        found = [
            self._value(item, named.get(element_key(item, by), ABSENT) if by else ABSENT, inner)
            for item, inner in ((item, (*path, "[]")) for item in value)
        ]
        if len(self.secrets) == before:
            return found
        self.secrets[before:] = [path]
        return ABSENT
