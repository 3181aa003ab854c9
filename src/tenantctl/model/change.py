"""What can happen to one resource, and a plan of it all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tenantctl.model.address import Address, Path, StepId
from tenantctl.model.finding import Finding
from tenantctl.model.resource import Origin, Resource
from tenantctl.model.tenant import Identity
from tenantctl.model.value import Value


@dataclass(frozen=True, slots=True)
class Edit:
    """One field that differs. Lists are one field; maps are compared key by key.

    *before* or *after* is ABSENT where the field is not there. *unknown* marks a secret of which
    nobody can tell, before the apply, whether it differs.
    """

    path: Path
    before: Value
    after: Value
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Create:
    """A resource that is not there yet."""

    after: Resource
    sign = "+"
    verb = "create"

    @property
    def address(self) -> Address:
        return self.after.address


@dataclass(frozen=True, slots=True)
class Update:
    """A resource of which some fields differ.

    *resend* are declared values that do not differ, but that the API forgets unless the same
    write sends them again: the unreadable members of a structure that it replaces as a whole.
    """

    address: Address
    edits: tuple[Edit, ...]
    resend: tuple[tuple[Path, Value], ...] = ()
    sign = "~"
    verb = "update"


@dataclass(frozen=True, slots=True)
class Delete:
    """A resource that this environment no longer has."""

    before: Resource
    sign = "-"
    verb = "delete"

    @property
    def address(self) -> Address:
        return self.before.address


Change: TypeAlias = Create | Update | Delete


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A step's position: phase, index of its topic in the playbook's sequence, rank of its kind.

    *key* breaks ties. *topic* and *workstream* are for people.
    """

    phase: int
    index: int
    rank: int
    key: str
    topic: str = field(default="", compare=False)
    workstream: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Former:
    """How an object was before a step cleared its way: it has the before-values of *edits*.

    With the after-values it is what the plan makes of it, or what has taken its place.
    """

    address: Address
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One change, where it stands, why, and the steps it must come after.

    *former*: the step clears the way for others, and counts as done where none of these objects
    is as it was. *preimage* is the fingerprint of the live values at exactly the paths its write
    will send. *requests* is the number of requests it takes where nothing has to be waited for.
    """

    id: StepId
    change: Change
    place: Place
    reason: str
    needs: frozenset[StepId] = frozenset()
    origins: tuple[Origin, ...] = ()
    former: tuple[Former, ...] = ()
    preimage: str = ""
    requests: int = 2

    @property
    def address(self) -> Address:
        return self.id.address


@dataclass(frozen=True, slots=True)
class Violation:
    """Why a plan is refused, at which address, and what a person may write to permit it."""

    rule: str
    address: str
    detail: str
    help: str
    allowed: str = ""


@dataclass(frozen=True, slots=True)
class Released:
    """A field that the last receipt shows as ours and the files no longer have."""

    address: Address
    path: Path
    value: Value


@dataclass(frozen=True, slots=True)
class Entry:
    """How an address was left: its natural key, id, managed paths, and its secrets' fingerprints.

    *fields* are the declared values that were applied, secrets by name; of an earlier version's
    receipt nobody knows them. *elements* are the members of an association that we added or found
    declared, in canonical text. *sealed* maps the path of each secret to (version, fingerprint),
    either may be empty.
    """

    key: tuple[Value, ...] = ()
    id: str = ""
    paths: tuple[Path, ...] = ()
    elements: tuple[str, ...] = ()
    sealed: Mapping[Path, tuple[str, str]] = field(default_factory=dict)
    fields: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What apply will do, in order, and nothing else. Holds references to secrets, never values.

    *identities* cover every address that a step touches or refers to. *entries* are what the
    receipt will say of each desired address once the plan has been carried out; *secrets* are the
    names that must resolve before it can be. *since* is when the receipt was written that it was
    made with; empty without one. *findings* are the checks that are due and open; where gates are
    enforced, those that block are violations too. *notes* say what the selection brought along or
    left out, and because of what. *commit* is the one that the definition was found
    in where it is not how the files are. *hotfix* is the reason for which a person has it promoted
    although the order of environments says otherwise: whoever applies the plan states it, too.
    """

    tenant: str
    environment: str
    domain: str
    kind: str
    phases: tuple[int, ...]
    digest: str
    version: str
    steps: tuple[Step, ...]
    identities: Mapping[Address, Identity]
    entries: Mapping[Address, Entry] = field(default_factory=dict)
    violations: tuple[Violation, ...] = ()
    released: tuple[Released, ...] = ()
    selection: tuple[str, ...] = ()
    approval: str = "auto"
    playbook: str = ""
    since: str = ""
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    commit: str = ""
    hotfix: str = ""

    @property
    def blocking(self) -> tuple[Violation, ...]:
        """The violations that nobody has permitted."""
        return tuple(v for v in self.violations if not v.allowed)
