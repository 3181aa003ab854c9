"""`environments/<tenant>/<env>.yaml` and what it inherits, as one environment and its overrides."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tenantctl.errors import Problem
from tenantctl.files.document import Document, MapNode, Node, ScalarNode, parse
from tenantctl.files.findings import Findings, suggestion
from tenantctl.files.folder import Folder, Unreadable
from tenantctl.files.plainly import Reader
from tenantctl.files.policies import globs, is_address, policy
from tenantctl.files.rows import Row
from tenantctl.files.sharing import shared
from tenantctl.files.sources import secret_source, source
from tenantctl.files.told import entries
from tenantctl.model import (
    EMBEDDED,
    Address,
    Credentials,
    Environment,
    Json,
    Origin,
    Policy,
    SecretSource,
    Shared,
    Source,
)
from tenantctl.model.environment import KINDS, SUBSCRIPTIONS
from tenantctl.playbooks import scopes

HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})+")
OWN = ("kind", "domain", "promotes_from", "credentials", "fingerprint_key", "pins", "inherits")
INHERITED = (
    "phases",
    "subscription",
    "variables",
    "secrets",
    "policy",
    "receipts",
    "gates",
    "hold",
    "live",
    "topics",
    "operations",
    "overrides",
)
LAID = tuple(key for key in (*OWN, *INHERITED) if key != "inherits")
"""What may be said over an environment file."""
RESERVED = ("attestations",)
DAYS = ("on", "until", "expires", "egress_allowlist_checked")
"""Keys of files that are read without variables whose values are days."""


@dataclass(frozen=True, slots=True)
class Override:
    """What an environment says about an address, with the file that says it.

    *row* is the one whose cells the node may name.
    """

    address: str
    key: Origin
    node: Node
    file: str
    row: Row | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """What is said over an environment file, in another place: entries of *root*."""

    reader: Reader
    root: MapNode


@dataclass(slots=True)
class Draft:
    """An environment file on its way to an `Environment`; a parent's is the child's start."""

    fields: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, tuple[Json, Origin]] = field(default_factory=dict)
    secrets: dict[str, tuple[SecretSource, Origin]] = field(default_factory=dict)
    declined: dict[str, Origin] = field(default_factory=dict)
    overrides: list[Override] = field(default_factory=list)
    phases: dict[int, Origin] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EnvironmentFile:
    """An environment, and what of its file only `load` needs, each with its origin."""

    environment: Environment
    file: str
    given: Mapping[str, Origin]
    declared: Mapping[str, Origin]
    declined: Mapping[str, Origin]
    overrides: tuple[Override, ...]
    phases: Mapping[int, Origin]


def names(folder: Folder) -> tuple[str, ...]:
    """The environments of a tenant, by name."""
    try:
        found = list(folder.files())
    except OSError:
        return ()
    stems = [name.removesuffix(".yaml") for name in found if name.endswith(".yaml")]
    return tuple(stem for stem in stems if "/" not in stem and stem not in RESERVED)


def read_file(
    folder: Folder, tenant: str, name: str, findings: Findings, layers: Sequence[Layer] = ()
) -> EnvironmentFile:
    """The environment *name*, the later of *layers* above the earlier ones.

    What is wrong with it goes to *findings*.
    """
    draft = _read(folder, name, findings, (), whole=not layers)
    file = folder.name(f"{name}.yaml")
    for layer in layers:
        for key, scalar, node in layer.reader.known(layer.root, "", LAID):
            PARSERS[key](layer.reader, draft, scalar, node)
    for key in _MISSING.keys() - draft.fields.keys() if layers else ():
        findings.add(Origin(file, 0, 0), f"{key} is missing", f"{_MISSING[key]}, or in an overlay")
    embedded = draft.fields.get("domain") == "embedded"
    if embedded:
        draft.fields["domain"] = f"{tenant}-{name}.{EMBEDDED}"
    fields = {"kind": "", "domain": "", **draft.fields}
    environment = Environment(
        tenant=tenant,
        name=name,
        embedded=embedded,
        variables={key: value for key, (value, _) in draft.variables.items()},
        secrets={key: value for key, (value, _) in draft.secrets.items()},
        **fields,
    )
    _check(environment, draft, file, findings)
    return EnvironmentFile(
        environment=environment,
        file=file,
        given={key: origin for key, (_, origin) in draft.variables.items()},
        declared={key: origin for key, (_, origin) in draft.secrets.items()},
        declined=draft.declined,
        overrides=tuple(draft.overrides),
        phases=draft.phases,
    )


def open_document(
    folder: Folder, relative: str, findings: Findings, days: Collection[str] = ()
) -> Document:
    """A YAML file of *folder*; empty, with a problem, where it cannot be read. See `parse`."""
    file = folder.name(relative)
    try:
        document = parse(file, folder.read(relative), days=days)
    except Unreadable as error:
        problem = Problem(file, 0, 0, error.message, help=error.help)
        document = Document(file, (), None, (problem,))
    findings.know(document)
    return document


def _read(
    folder: Folder, name: str, findings: Findings, below: tuple[str, ...], *, whole: bool = False
) -> Draft:
    document = open_document(folder, f"{name}.yaml", findings, DAYS)
    reader = Reader(document, findings)
    found = {
        key: (scalar, node)
        for key, scalar, node in reader.known(document.root, "", (*OWN, *INHERITED))
    }
    draft = Draft()
    if "inherits" in found:
        draft = _parent(folder, reader, found["inherits"][1], (*below, name))
    for key, (scalar, node) in found.items():
        PARSERS[key](reader, draft, scalar, node)
    if document.root is not None:
        for key in ("kind", "domain"):
            if key not in found and whole:
                reader.add(None, f"{key} is missing", _MISSING[key])
    return draft


_MISSING = {
    "kind": f"write kind: {KINDS[0]}",
    "domain": "write the tenant's domain, or embedded",
}


def _parent(folder: Folder, reader: Reader, node: Node, below: tuple[str, ...]) -> Draft:
    parent = reader.text(node, "inherits")
    known = names(folder)
    if parent in below:
        reader.add(node, f"{' inherits '.join((*below, parent))}: a circle")
    elif parent and parent not in known:
        reader.add(node, f"there is no environment {parent}", suggestion(parent, known))
    elif parent:
        draft = _read(folder, parent, reader.findings, below)
        for key in OWN:
            draft.fields.pop(key, None)
        return draft
    return Draft()


def _check(environment: Environment, draft: Draft, file: str, findings: Findings) -> None:
    if environment.domain and not environment.embedded:
        for name, (secret, origin) in draft.secrets.items():
            if secret.source.scheme == "generated":
                message = f"{name} cannot be generated: only an embedded tenant makes its secrets"
                help = "write from: env:NAME or from: file:/path"
                findings.add(origin, message, help)
    if environment.kind == "production":
        for name, (secret, origin) in draft.secrets.items():
            if secret.source.scheme == "dotenv":
                message = f"{name} comes from a .env file, in production"
                findings.warn(origin, message, "keep it where only the pipeline can read it")
    if environment.embedded and environment.credentials:
        message = "an embedded tenant needs no credentials"
        findings.warn(Origin(file, 0, 0), message, "take them out, or name a real domain")


Parser = Callable[[Reader, Draft, ScalarNode, Node], None]


def _kind(reader: Reader, draft: Draft, _: ScalarNode, node: Node) -> None:
    draft.fields["kind"] = reader.choice(node, "kind", KINDS)


def _domain(reader: Reader, draft: Draft, _: ScalarNode, node: Node) -> None:
    domain = reader.text(node, "domain")
    draft.fields["domain"] = domain
    if domain in {"", "embedded"}:
        return
    if not HOST.fullmatch(domain):
        help = "such as shop-dev.eu.auth0.com, in small letters, without https:// and paths"
        reader.add(node, f"{domain} is no host name", help)
    elif not domain.endswith(".auth0.com"):
        message = f"{domain} is not below auth0.com; the Management API lives there"
        reader.findings.warn(reader.origin(node), message, "custom domains do not serve it")


def _phases(reader: Reader, draft: Draft, _: ScalarNode, node: Node) -> None:
    draft.phases = {}
    for item in reader.items(node, "phases"):
        number = item.value if isinstance(item, ScalarNode) and not item.tag else None
        if isinstance(number, int) and not isinstance(number, bool):
            draft.phases[number] = reader.origin(item)
        else:
            reader.add(item, "an element of phases must be a number", "such as phases: [1]")
    draft.fields["phases"] = tuple(sorted(draft.phases))


def _plain_text(name: str) -> Parser:
    def parser(reader: Reader, draft: Draft, _: ScalarNode, node: Node) -> None:
        draft.fields[name] = reader.text(node, name)

    return parser


def _subscription(reader: Reader, draft: Draft, _: ScalarNode, node: Node) -> None:
    draft.fields["subscription"] = reader.choice(node, "subscription", SUBSCRIPTIONS)


def _gates(reader: Reader, draft: Draft, _: ScalarNode, node: Node) -> None:
    draft.fields["gates"] = reader.choice(node, "gates", ("report", "enforce"))


def _globs(name: str) -> Parser:
    def parser(reader: Reader, draft: Draft, _: ScalarNode, node: Node) -> None:
        draft.fields[name] = globs(reader, node, name)

    return parser


def _pins(reader: Reader, draft: Draft, _: ScalarNode, node: Node) -> None:
    pins: dict[Address, str] = {}
    for key, value in reader.entries(node, "pins"):
        if is_address(reader, key, key.text):
            pins[Address.parse(key.text)] = reader.text(value, f"the id of {key.text}")
    draft.fields["pins"] = pins


def _credentials(reader: Reader, draft: Draft, _: ScalarNode, node: Node) -> None:
    found: dict[str, Credentials] = {}
    parts = ("client_id", "client_secret", "private_key")
    for verb, key, value in reader.known(node, "credentials", ("plan", "apply")):
        sources: dict[str, Source] = {}
        for part, _scalar, inner in reader.known(value, f"credentials.{verb}", parts):
            name = f"credentials.{verb}.{part}"
            sources[part] = source(reader, inner, name, literal=part == "client_id")
        if "client_id" not in sources:
            reader.add(key, f"credentials.{verb} has no client_id", "write client_id: env:NAME")
        elif len(sources) != 2:
            reader.add(key, f"credentials.{verb} needs a client_secret or a private_key, not both")
        else:
            found[verb] = Credentials(**sources)
    draft.fields["credentials"] = found


def _fingerprint_key(reader: Reader, draft: Draft, _: ScalarNode, node: Node) -> None:
    draft.fields["fingerprint_key"] = source(reader, node, "fingerprint_key")


def _variables(reader: Reader, draft: Draft, _: ScalarNode, node: Node) -> None:
    for key, value in reader.entries(node, "variables"):
        at = reader.origin(key)
        draft.variables[key.text] = (reader.literal(value), at)


def _secrets(reader: Reader, draft: Draft, _: ScalarNode, node: Node) -> None:
    for key, value in reader.entries(node, "secrets"):
        draft.secrets[key.text] = (secret_source(reader, key, value), reader.origin(key))


def _policy(reader: Reader, draft: Draft, _: ScalarNode, node: Node) -> None:
    draft.fields["policy"] = policy(reader, node, draft.fields.get("policy", Policy()))


def _receipts(reader: Reader, draft: Draft, _: ScalarNode, node: Node) -> None:
    draft.fields["receipts"] = shared(reader, node, draft.fields.get("receipts") or Shared())


def _topics(reader: Reader, draft: Draft, _: ScalarNode, node: Node) -> None:
    for key, value in reader.entries(node, "topics"):
        word = reader.choice(value, f"topics.{key.text}", ("declined", "adopted"))
        draft.declined.pop(key.text, None)
        if word == "declined":
            draft.declined[key.text] = reader.origin(key)


def _operations(reader: Reader, draft: Draft, _: ScalarNode, node: Node) -> None:
    said = entries(reader, node, scopes()["operations"], "operations")
    draft.fields["operations"] = {**draft.fields.get("operations", {}), **said}


def _overrides(reader: Reader, draft: Draft, _: ScalarNode, node: Node) -> None:
    for key, value in reader.entries(node, "overrides"):
        origin = reader.origin(key)
        found = Override(key.text, origin, value, reader.document.file, reader.row)
        draft.overrides.append(found)


def _nothing(_reader: Reader, _draft: Draft, _key: ScalarNode, _node: Node) -> None:
    """`inherits` has been read before everything else."""


PARSERS: Mapping[str, Parser] = {
    "kind": _kind,
    "domain": _domain,
    "phases": _phases,
    "promotes_from": _plain_text("promotes_from"),
    "subscription": _subscription,
    "credentials": _credentials,
    "fingerprint_key": _fingerprint_key,
    "variables": _variables,
    "secrets": _secrets,
    "policy": _policy,
    "receipts": _receipts,
    "gates": _gates,
    "hold": _globs("hold"),
    "live": _globs("live"),
    "pins": _pins,
    "inherits": _nothing,
    "operations": _operations,
    "overrides": _overrides,
    "topics": _topics,
}
