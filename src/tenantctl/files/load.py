"""From the files of a project to the tenant that one environment asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from tenantctl.errors import FilesError, Problem
from tenantctl.files.assemble import Assembled, Assembly, Whole
from tenantctl.files.check import check
from tenantctl.files.definition import Definition, fits, read_definition
from tenantctl.files.digest import digest_of
from tenantctl.files.environments import DAYS, EnvironmentFile, Override, open_document
from tenantctl.files.findings import Findings, suggestion
from tenantctl.files.fleet import TENANT_FILE
from tenantctl.files.fragments import Piece, Project, pieces
from tenantctl.files.home import Home, home_of
from tenantctl.files.legacy import warn_of_age
from tenantctl.files.names import Use
from tenantctl.files.neighbours import Source, names_of, outline
from tenantctl.files.promises import check_library, read_attestations
from tenantctl.files.refer import Known, refer
from tenantctl.files.unique import same_names, same_values
from tenantctl.kinds import KINDS
from tenantctl.model import (
    Address,
    Attestation,
    Declaration,
    Desired,
    Environment,
    Json,
    Origin,
    Resource,
    Tenant,
    Waiver,
)
from tenantctl.playbooks import Playbook

PHASE = re.compile(r"phase([1-9][0-9]*)/(.+)")
Elsewhere: TypeAlias = Callable[[], Iterable[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """An environment with the tenant that its files ask for, and what else they say.

    *adopted* are the topics of the definition that this environment does not decline, *declined*
    those that either declines, each with where; *reasons* are the definition's for that. *source*
    is for looks at the environments beside this one.
    """

    environment: Environment
    desired: Desired
    playbook: Playbook
    warnings: tuple[Problem, ...] = ()
    adopted: Mapping[str, Origin] = field(default_factory=dict)
    declined: Mapping[str, Origin] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Json] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    overrides: tuple[Override, ...] = ()
    source: Source | None = None


def load(
    root: Path,
    tenant: str,
    env: str,
    *,
    texts: Mapping[str, str] | None = None,
    beside: Collection[Address] = (),
    phases: Collection[int] = (),
    settings: Environment | None = None,
) -> Loaded:
    """The desired tenant of an environment. Raises FilesError with all problems at once.

    *texts* are files, by their path below *root*, that somebody is about to write: they are read
    as if they were there, and there is no digest then. *beside* are addresses that can be
    referred to although nobody declares them yet. *phases* stand in for those that are released.
    *settings* count instead of the environment file's own, but for variables, overrides and topics;
    of secrets that both declare, where they are kept.
    """
    findings = Findings()
    home = home_of(root, tenant, texts=texts)
    file = _settled(home.environment(env, findings), settings, phases)
    document = open_document(home.folder, TENANT_FILE, findings, DAYS)
    definition = read_definition(document, home.folder, findings)
    if definition.playbook is None:
        home.stop(findings)
        raise FilesError([])
    names = names_of(definition, file)
    project = Project(definition.playbook, definition.adopted, definition.file, names, home.folder)
    _check_environment(file, definition, home.names, findings)
    found = _pieces(project, findings)
    assembled = Assembly(project, file, home.known, findings).assemble(found)
    uses = _uses(definition, found, assembled, home.named)
    _check_names(definition, file, uses, assembled, findings)
    for table in project.tables.values():
        table.unused(findings)
    live = (*file.environment.live, *map(str, beside))
    desired = _desired(assembled, replace(file.environment, live=live), findings)
    check_library(definition.library, assembled.united, findings)
    attestations = _attestations(home, definition, findings)
    home.stop(findings)
    digest = "" if texts else digest_of(home, playbook=definition.playbook.id)
    outlines = {address: outline(united) for address, united in assembled.united.items()}
    return replace(
        _told(definition, file),
        desired=replace(desired, digest=digest),
        warnings=tuple(sorted(set(findings.warnings))),
        attestations=attestations,
        source=Source(home, definition, outlines),
    )


def _told(definition: Definition, file: EnvironmentFile) -> Loaded:
    """What the definition and the environment say of themselves; the tenant is still to come."""
    assert definition.playbook is not None
    return Loaded(
        environment=file.environment,
        desired=Desired(Tenant({}), {}, {}),
        playbook=definition.playbook,
        adopted={t: at for t, at in definition.adopted.items() if t not in file.declined},
        declined={**definition.declined, **file.declined},
        reasons=definition.reasons,
        parameters=definition.parameters,
        waivers=definition.waivers,
        overrides=file.overrides,
    )


def _attestations(
    home: Home, definition: Definition, findings: Findings
) -> tuple[Attestation, ...]:
    """What people attest of this tenant; of one of a fleet, what they attest of all, too."""
    assert definition.playbook is not None
    for waiver in definition.waivers:
        for name in waiver.environments:
            if name not in home.known and waiver.origin:
                help = suggestion(name, home.known, f"there is {', '.join(home.known)}")
                findings.add(waiver.origin, f"there is no environment {name}", help)
    folders = [home.environments, *([home.own] if home.member else [])]
    return tuple(
        attestation
        for folder in folders
        for attestation in read_attestations(folder, definition.playbook, home.known, findings)
    )


def _settled(
    file: EnvironmentFile, settings: Environment | None, phases: Collection[int]
) -> EnvironmentFile:
    """*file* with the *settings* of the same environment at another time, and with *phases*."""
    there = file.environment
    if settings:
        secrets = {name: settings.secrets.get(name, each) for name, each in there.secrets.items()}
        there = replace(settings, variables=there.variables, secrets=secrets)
        phases = phases or settings.phases
    if not phases:
        return file
    said = {number: file.phases.get(number, _start(file)) for number in phases}
    return replace(file, environment=replace(there, phases=tuple(phases)), phases=said)


def _pieces(project: Project, findings: Findings) -> list[Piece]:
    found: list[Piece] = []
    try:
        files = [(PHASE.fullmatch(name), name) for name in project.folder.files()]
    except OSError:
        return []
    for match, name in files:
        if match is None:
            continue
        if name.endswith(".yaml"):
            document = open_document(project.folder, name, findings)
            found.extend(pieces(document, int(match[1]), project, findings))
        elif name.endswith((".yml", ".json")):
            at = Origin(project.folder.name(name), 0, 0)
            findings.add(at, "only files that end with .yaml are read", "name it so")
    return found


def _check_environment(
    file: EnvironmentFile, definition: Definition, known: tuple[str, ...], findings: Findings
) -> None:
    """What an environment says, against the playbook, the definition and its neighbours."""
    book = definition.playbook
    assert book is not None
    numbers = {phase.number: phase.requires for phase in book.phases}
    for number, at in file.phases.items():
        if number not in numbers:
            there = ", ".join(map(str, numbers))
            findings.add(at, f"playbook {book.id} has no phase {number}", f"there is {there}")
        for needed in numbers.get(number, ()):
            if needed not in file.phases:
                findings.add(at, f"phase {number} needs phase {needed}", "release that, too")
    for topic, at in file.declined.items():
        if topic not in definition.adopted:
            help = suggestion(topic, definition.adopted)
            findings.add(at, f"the topic {topic} is not adopted", help)
    source = file.environment.promotes_from
    if source and (source not in known or source == file.environment.name):
        message = f"promotes_from: there is no other environment {source}"
        findings.add(_start(file), message, suggestion(source, known))


def _start(file: EnvironmentFile) -> Origin:
    return Origin(file.file, 0, 0)


def _uses(
    definition: Definition, found: Iterable[Piece], assembled: Assembled, elsewhere: Elsewhere
) -> set[tuple[str, str]]:
    """What is in use, here or in another environment, which is asked only where it matters."""
    uses = {(use.what, use.name) for piece in found for use in piece.uses}
    uses |= {(use.what, use.name) for use in assembled.used}
    declared = {("variable", name) for name in definition.variables}
    declared |= {("secret", name) for name in definition.secrets}
    return uses if declared <= uses else uses | set(elsewhere())


def _check_names(
    definition: Definition,
    file: EnvironmentFile,
    uses: set[tuple[str, str]],
    assembled: Assembled,
    findings: Findings,
) -> None:
    """Variables and secrets: declared, set, of the declared type, and used."""
    declared = {
        "variable": {name: at for name, (_, at) in definition.variables.items()},
        "secret": dict(definition.secrets),
    }
    given = {"variable": file.given, "secret": file.declared}
    for what, names in declared.items():
        for name, at in names.items():
            if (what, name) not in uses and not findings.incomplete:
                findings.add(at, f"nothing uses the {what} {name}", "take it out")
        for name, at in given[what].items():
            if name not in names:
                help = suggestion(name, names, f"declare it in {definition.file}")
                findings.add(at, f"the {what} {name} is not declared", help)
    _check_set(assembled.used, declared, given, file, findings)
    for name, (type, at) in definition.variables.items():
        if name in file.given and not fits(file.environment.variables[name], type):
            message = f"the variable {name} must be of type {type}"
            findings.add(file.given[name], message, f"it is declared at {at}")


def _check_set(
    used: Iterable[Use],
    declared: Mapping[str, Mapping[str, Origin]],
    given: Mapping[str, Mapping[str, Origin]],
    file: EnvironmentFile,
    findings: Findings,
) -> None:
    """Everything that is used here has a value here; an unreadable file is told as just that."""
    if not (file.environment.kind or file.environment.domain):
        return
    for what, name in sorted({(use.what, use.name) for use in used}):
        if name in declared[what] and name not in given[what]:
            message = f"the {what} {name} is not set"
            help = f"write it under {what}s; it is declared at {declared[what][name]}"
            findings.add(_start(file), message, help)


def _desired(assembled: Assembled, environment: Environment, findings: Findings) -> Desired:
    """Checks every resource, and all of them together unless something was left out."""
    wholes = assembled.wholes
    for whole in wholes.values():
        check(whole.checked, findings)
    warn_of_age((whole.checked for whole in wholes.values()), findings)
    declarations: dict[Address, Declaration] = {
        address: whole.declaration for address, whole in wholes.items()
    }
    if not findings.incomplete:
        same_names(_keys(wholes), findings)
        same_values((whole.checked for whole in wholes.values()), findings)
        known = Known(frozenset(wholes), assembled.withheld, environment)
        checked = {address: whole.checked for address, whole in wholes.items()}
        for address, (identity, at) in refer(checked, known, findings).items():
            declarations[address] = Declaration(identity, (), at)
    return Desired(
        tenant=Tenant.of(Resource(a, w.checked.flat.fields) for a, w in wholes.items()),
        declarations=declarations,
        origins={address: whole.checked.flat.origins for address, whole in wholes.items()},
        withheld=assembled.withheld,
    )


def _keys(
    wholes: Mapping[Address, Whole],
) -> Mapping[Address, tuple[tuple[object, ...], Origin]]:
    return {
        address: (whole.declaration.identity.key, whole.checked.home)
        for address, whole in wholes.items()
        if not KINDS[address.kind].fixed
    }
