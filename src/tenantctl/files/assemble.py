"""Pieces and overrides become the resources of one environment, with everything said of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tenantctl.files.checked import Checked
from tenantctl.files.document import MapNode, ScalarNode
from tenantctl.files.environments import EnvironmentFile, Override
from tenantctl.files.evaluate import Context, evaluate
from tenantctl.files.findings import Findings, suggestion
from tenantctl.files.flatten import flatten
from tenantctl.files.fragments import Piece, Project, texts
from tenantctl.files.inner import MODES, inner_bodies, inner_kinds, kept, let_go
from tenantctl.files.names import Lookup, Use
from tenantctl.files.override import Overriding
from tenantctl.files.refer import WHY, system_key
from tenantctl.files.tree import Branch, Entry, Leaf
from tenantctl.files.unite import Arrange, Place, United, body, gather
from tenantctl.kinds import KINDS, Kind
from tenantctl.model import Address, Declaration, Identity, Origin, Value, matches
from tenantctl.model.environment import KINDS as ENVIRONMENT_KINDS

LAST = (1 << 30, 1 << 30)


@dataclass(frozen=True, slots=True)
class Whole:
    """A resource of this environment: flat, with its declaration."""

    checked: Checked
    declaration: Declaration


@dataclass(frozen=True, slots=True)
class Assembled:
    """All resources, what is withheld and why, and the names that are in use.

    *united* is what the definition says, whether or not this environment has it.
    """

    wholes: Mapping[Address, Whole]
    withheld: Mapping[Address, str]
    used: tuple[Use, ...]
    united: Mapping[Address, United] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assembly:
    """The assembling of one environment."""

    project: Project
    file: EnvironmentFile
    environments: tuple[str, ...]
    findings: Findings

    def assemble(self, pieces: list[Piece]) -> Assembled:
        """Every address once. What is wrong goes to the findings."""
        grouped: dict[Address, list[Piece]] = {}
        for piece in pieces:
            grouped.setdefault(piece.address, []).append(piece)
        united = {
            address: gather(KINDS[address.kind], found, self.findings)
            for address, found in grouped.items()
        }
        metas = {address: self._meta(found) for address, found in united.items()}
        withheld = dict(self._withheld(united))
        for address in united:
            for owner in KINDS[address.kind].owners(address):
                if reason := withheld.get(owner):
                    withheld[address] = reason
        for address in self._let_go(united):
            withheld.setdefault(address, "unmanaged")
        overrides, uses = self._overrides(united, withheld)
        used = list(uses)
        wholes: dict[Address, Whole] = {}
        for address in sorted(united.keys() - withheld.keys()):
            kept = [piece for piece in united[address].pieces if self._out(piece) == ""]
            used.extend(use for piece in kept for use in piece.uses)
            over = overrides.get(address, [])
            found = replace(united[address], pieces=tuple(kept))
            wholes[address] = self._whole(found, over, metas[address])
        return Assembled(wholes, withheld, tuple(used), united)

    def _out(self, piece: Piece) -> str:
        if piece.topic in self.file.declined:
            return "declined"
        phases = self.file.environment.phases
        return "" if piece.place[0] in phases else "phase"

    def _withheld(self, united: Mapping[Address, United]) -> Iterator[tuple[Address, str]]:
        for address, found in united.items():
            outs = [self._out(piece) for piece in found.pieces]
            home = self._out(found.home) if found.explicit else ""
            if not self._only(found):
                yield address, "only"
            elif home or all(outs):
                yield address, home or outs[0]
            elif matches(address, self.file.environment.hold):
                yield address, "hold"

    def _only(self, united: United) -> bool:
        """Whether `$only` lets this environment have the resource."""
        if "$only" not in united.meta:
            return True
        at, node = united.meta["$only"]
        words = texts(node)
        if not words:
            message = "$only must be a list of environments"
            self.findings.add(at, message, "such as [prod] or [kind:production]")
            return True
        known = (*self.environments, *(f"kind:{kind}" for kind in ENVIRONMENT_KINDS))
        for word in words:
            if word not in known:
                help = suggestion(word, known, f"there are {', '.join(known)}")
                self.findings.add(at, f"$only names no environment: {word}", help)
        environment = self.file.environment
        return environment.name in words or f"kind:{environment.kind}" in words

    def _let_go(self, united: Mapping[Address, United]) -> Iterator[Address]:
        """What hangs on a resource and is `!unmanaged` here; it must be there to be let go."""
        for override in self.file.overrides:
            parent = Address.parse(override.address)
            if parent not in united or not isinstance(override.node, MapNode):
                continue
            for glob, word in let_go(parent, override.node):
                found = [address for address in united if matches(address, (glob,))]
                if not found:
                    at = Origin(override.file, word.line, word.column)
                    message = f"the definition of {parent} has no {word.text}"
                    self.findings.add(at, message, "take it out: there is nothing to let go")
                yield from found

    def _overrides(
        self, united: Mapping[Address, United], withheld: Mapping[Address, str]
    ) -> tuple[Mapping[Address, list[tuple[Branch, str]]], list[Use]]:
        """Bodies over addresses, those over associations apart, each with its mode."""
        found: dict[Address, list[tuple[Branch, str]]] = {}
        uses: list[Use] = []
        for override in self.file.overrides:
            address = Address.parse(override.address)
            if not self._is_overridable(override, address, united):
                continue
            inner: list[Use] = []
            for target, branch, mode in self._parts(override, address, inner):
                found.setdefault(target, []).append((branch, mode))
            if address in withheld:
                message = f"this override has no effect: {WHY[withheld[address]]}"
                self.findings.warn(override.key, message)
            else:
                uses.extend(inner)
        return found, uses

    def _is_overridable(
        self, override: Override, address: Address, united: Mapping[Address, United]
    ) -> bool:
        kind = KINDS.get(address.kind)
        if kind and kind.authored_in:
            parent = Address(kind.authored_in[0], address.key)
            message = f"{address} is written as {kind.authored_in[1]} of {parent}"
            self.findings.add(override.key, message, f"write {parent}: {{...}}")
        elif address not in united:
            otherwise = "environments override what the definition has; $only adds resources"
            help = suggestion(str(address), map(str, united), otherwise)
            self.findings.add(override.key, f"the definition has no {address}", help)
        elif not isinstance(override.node, MapNode) or override.node.tag:
            self.findings.add(override.key, f"the override of {address} must be a map of fields")
        else:
            return True
        return False

    def _parts(
        self, override: Override, address: Address, uses: list[Use]
    ) -> Iterator[tuple[Address, Branch, str]]:
        lookup = Lookup(self.project.names, self.findings, uses)
        folder = self.project.folder
        context = Context(override.file, "", "override", lookup, folder, override.row)
        assert isinstance(override.node, MapNode)
        links = inner_kinds(KINDS[address.kind])
        for scalar, node in override.node.entries:
            kind = links.get(scalar.text)
            if kind and (rest := kept(kind, node)):
                for target, mode, inside in inner_bodies(context, kind, address, scalar, rest):
                    yield target, inside, mode[0] if mode else ""
        own = evaluate(context, override.node.without(*links))
        assert isinstance(own, Branch)
        yield address, own, ""

    def _whole(
        self, united: United, over: list[tuple[Branch, str]], meta: tuple[tuple[str, ...], bool]
    ) -> Whole:
        address = united.address
        kind = KINDS[address.kind]
        tree = body(kind, united.pieces, self.findings)
        for branch, _ in over:
            tree = Overriding(address, self.findings).branch(tree, branch)
        tree = Arrange(kind, self._place(united.pieces), self.findings).whole(tree)
        system = address.key in kind.system
        home = united.home.origin
        tree = self._keyed(kind, address, tree, home, system=system)
        flat = flatten(kind, address.key, tree)
        checked = Checked(kind, address, flat, home, system)
        key = self._natural_key(kind, address, flat.fields)
        pin = self.file.environment.pins.get(address, "")
        declaration = Declaration(
            identity=Identity(key, meta[0], pin),
            topics=united.topics,
            home=home,
            protect=meta[1],
            mode=self._mode(united, over),
            phase=min(piece.place[0] for piece in united.pieces),
        )
        return Whole(checked, declaration)

    def _place(self, pieces: Iterable[Piece]) -> Place:
        """Where what *pieces* say stands in the order; what an override says comes last."""
        phases = {piece.origin.file: piece.place[0] for piece in pieces}

        def place(origin: Origin) -> tuple[int, int]:
            if not origin.topic:
                return LAST
            own, index = self.project.playbook.place(origin.topic)
            return phases.get(origin.file, own), index

        return place

    def _keyed(
        self, kind: Kind, address: Address, tree: Branch, home: Origin, *, system: bool
    ) -> Branch:
        """*tree* with its natural key: the stable key where it is one text and not written."""
        if system:
            for name in kind.key:
                if name in tree.entries:
                    message = f"{name} of {address} is the same in every tenant"
                    self.findings.add(tree.entries[name].key, message, "take it out")
            return tree
        if len(kind.key) != 1 or kind.parts or kind.key[0] in tree.entries:
            return tree
        named = {kind.key[0]: Entry(home, Leaf(address.key.rpartition("/")[2], home))}
        return Branch({**named, **tree.entries}, tree.origin)

    def _natural_key(
        self, kind: Kind, address: Address, fields: Mapping[str, Value]
    ) -> tuple[Value, ...]:
        if address.key in kind.system:
            return system_key(kind, address, self.file.environment.domain)
        return tuple(fields.get(name) for name in kind.key)

    def _meta(self, united: United) -> tuple[tuple[str, ...], bool]:
        """What `$was` and `$protect` say, whether or not this environment has the resource."""
        return self._was(united), self._protect(united)

    def _was(self, united: United) -> tuple[str, ...]:
        if "$was" not in united.meta:
            return ()
        at, node = united.meta["$was"]
        words = texts(node)
        if not words:
            self.findings.add(at, "$was must be a list of earlier keys or names", "such as [shop]")
        return words or ()

    def _protect(self, united: United) -> bool:
        if "$protect" not in united.meta:
            return False
        at, node = united.meta["$protect"]
        value = node.value if isinstance(node, ScalarNode) and not node.tag else None
        if not isinstance(value, bool):
            self.findings.add(at, "$protect must be true or false")
        return bool(value)

    def _mode(self, united: United, over: list[tuple[Branch, str]]) -> str:
        written = [piece.mode for piece in united.pieces if piece.mode]
        for word, at in written[1:]:
            if word != written[0][0]:
                message = f"$mode of {united.address} is already {written[0][0]}"
                self.findings.add(at, message, f"it is written at {written[0][1]}")
        ours = [mode for _, mode in over if mode]
        return (ours or [word for word, _ in written] or [MODES[0]])[-1 if ours else 0]
