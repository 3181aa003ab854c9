"""The environments of a tenant beside each other, without loading each of them.

What the definition says of an address, and which names it uses there, is the same everywhere:
an environment only decides what of it counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tenantctl.files.assemble import Assembly
from tenantctl.files.definition import Definition
from tenantctl.files.elsewhere import named
from tenantctl.files.environments import EnvironmentFile, open_document
from tenantctl.files.findings import Findings
from tenantctl.files.fragments import Piece, Project, pieces, texts
from tenantctl.files.home import Home
from tenantctl.files.names import Names, Variable
from tenantctl.files.unite import United
from tenantctl.kinds import KINDS
from tenantctl.model import Address, Origin, matches
from tenantctl.model.neighbour import Neighbour
from tenantctl.playbooks import scopes

Named = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """What one topic of one file says of an address: *file* is relative to the tenant's folder."""

    topic: str
    phase: int
    file: str
    uses: frozenset[Named]


@dataclass(frozen=True, slots=True)
class Outline:
    """What all environments agree on about one address.

    *home* is the part that it lives and dies with, where there is one. *only* are the words of
    its `$only`.
    """

    address: Address
    parts: tuple[Part, ...]
    home: Part | None
    only: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Source:
    """What an environment was loaded from, for a look at the ones beside it."""

    home: Home
    definition: Definition
    outlines: Mapping[Address, Outline]


def outline(united: United) -> Outline:
    """What is the same of *united* in every environment."""
    known: dict[int, Part] = {id(piece): _part(piece) for piece in united.pieces}
    only = united.meta.get("$only")
    return Outline(
        address=united.address,
        parts=tuple(known.values()),
        home=known[id(united.home)] if united.explicit else None,
        only=texts(only[1]) if only else None,
    )


def _part(piece: Piece) -> Part:
    uses = frozenset((use.what, use.name) for use in piece.uses)
    file = "/".join(piece.origin.file.split("/")[2:])
    return Part(piece.topic, piece.place[0], file, uses)


def names_of(definition: Definition, file: EnvironmentFile) -> Names:
    """What the files may name, with its values in the environment of *file*."""
    values = file.environment.variables
    variables = {
        name: (
            Variable(type, declared, values[name], file.given[name])
            if name in values
            else Variable(type, declared)
        )
        for name, (type, declared) in definition.variables.items()
    }
    return Names(variables, definition.secrets, definition.file)


def neighbours(source: Source) -> tuple[Neighbour, ...]:
    """Every environment of the tenant; raises FilesError where one of their files is wrong."""
    return tuple(_neighbour(source, name) for name in source.home.names)


def _neighbour(source: Source, name: str) -> Neighbour:
    findings = Findings()
    file = source.home.environment(name, findings)
    source.home.stop(findings)
    there = [each for each in source.outlines.values() if _is_there(each, file, source)]
    gone = source.outlines.keys() - {each.address for each in there}
    uses = {
        use for each in there for part in each.parts if _counts(part, file) for use in part.uses
    }
    uses |= set(_overriding(file, gone, source))
    given = {*(("variable", n) for n in file.given), *(("secret", n) for n in file.declared)}
    definition = source.definition
    declared = {
        *(("variable", n) for n in definition.variables),
        *(("secret", n) for n in definition.secrets),
    }
    return Neighbour(
        name=name,
        kind=file.environment.kind,
        domain=file.environment.domain,
        custom_domain=_custom_domain(source, file, there),
        missing=tuple(sorted(n for _, n in (uses & declared) - given)),
        origin=Origin(file.file, 1, 1),
    )


def _counts(part: Part, file: EnvironmentFile) -> bool:
    return part.topic not in file.declined and part.phase in file.environment.phases


def _is_there(each: Outline, file: EnvironmentFile, source: Source) -> bool:
    """Whether the environment has the address; the same as `Assembly` finds."""
    environment = file.environment
    words = each.only
    if words and not {environment.name, f"kind:{environment.kind}"}.intersection(words):
        return False
    deciding = (each.home,) if each.home else each.parts
    if not any(_counts(part, file) for part in deciding):
        return False
    if matches(each.address, environment.hold):
        return False
    owners = KINDS[each.address.kind].owners(each.address)
    above = (source.outlines[owner] for owner in owners if owner in source.outlines)
    return all(_is_there(other, file, source) for other in above)


def _overriding(file: EnvironmentFile, gone: Iterable[Address], source: Source) -> Iterator[Named]:
    """What the overrides of an environment name, of addresses that it has."""
    without = set(gone)
    for override in file.overrides:
        if Address.parse(override.address) not in without:
            yield from named(override.node, source.home.folder)


def _custom_domain(source: Source, file: EnvironmentFile, there: list[Outline]) -> str:
    """The first custom domain that an environment declares; of it alone the files are evaluated."""
    kind, field = scopes()["custom_domain"]
    mine = [each for each in there if each.address.kind == kind]
    if not mine:
        return ""
    findings, book = Findings(), source.definition.playbook
    assert book is not None
    names = names_of(source.definition, file)
    folder = source.home.folder
    project = Project(book, source.definition.adopted, source.definition.file, names, folder)
    found: list[Piece] = []
    wanted = {each.address for each in mine}
    for path, phase in sorted({(part.file, part.phase) for each in mine for part in each.parts}):
        document = open_document(folder, path, findings)
        found += [p for p in pieces(document, phase, project, findings) if p.address in wanted]
    over = tuple(o for o in file.overrides if Address.parse(o.address) in wanted)
    assembly = Assembly(project, replace(file, overrides=over), source.home.names, findings)
    wholes = assembly.assemble(found).wholes
    values = (wholes[address].checked.flat.fields.get(field) for address in sorted(wholes))
    return next((value for value in values if isinstance(value, str)), "")
