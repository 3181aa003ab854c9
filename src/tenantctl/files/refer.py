"""References: each leads to something that this environment has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tenantctl.files.checked import Checked
from tenantctl.files.findings import Findings, suggestion
from tenantctl.kinds import KINDS, Kind, write_shape
from tenantctl.model import (
    Address,
    Environment,
    Identity,
    Origin,
    Path,
    Ref,
    Text,
    Value,
    matches,
)

WHY = {
    "phase": "its phase is not released here",
    "only": "its $only leaves this environment out",
    "declined": "its topic is declined here",
    "hold": "it is on hold here",
    "unmanaged": "an override leaves it unmanaged here",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What can be referred to: *addresses* declared here, those *withheld*, and the environment."""

    addresses: frozenset[Address]
    withheld: Mapping[Address, str]
    environment: Environment


def refer(
    resources: Mapping[Address, Checked], known: Known, findings: Findings
) -> Mapping[Address, tuple[Identity, Origin]]:
    """The identities of what is referred to but not declared: system objects, pins, live ones.

    A reference that leads nowhere goes to *findings*.
    """
    beside: dict[Address, tuple[Identity, Origin]] = {}
    for checked in resources.values():
        for path, ref in _refs(checked.flat.fields, ()):
            at = checked.flat.values.get(path, checked.home)
            if ref.address in known.addresses:
                _check_field(ref, at, findings)
            elif (identity := _outside(ref.address, known.environment)) is not None:
                beside.setdefault(ref.address, (identity, at))
            else:
                _lost(ref.address, at, known, findings)
        for owner in checked.kind.owners(checked.address):
            if owner in known.addresses:
                continue
            if (identity := _outside(owner, known.environment)) is not None:
                beside.setdefault(owner, (identity, checked.home))
            else:
                _lost(owner, checked.home, known, findings)
    return beside


def _refs(value: Value, path: Path) -> Iterator[tuple[Path, Ref]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _refs(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _refs(item, (*path, str(index)))
    elif isinstance(value, Ref):
        yield path, value
    elif isinstance(value, Text):
        yield from ((path, part) for part in value.parts if isinstance(part, Ref))


def _outside(address: Address, environment: Environment) -> Identity | None:
    if address in environment.pins:
        return Identity(pin=environment.pins[address])
    kind = KINDS.get(address.kind)
    if kind and address.key in kind.system:
        return Identity(key=system_key(kind, address, environment.domain))
    if matches(address, environment.live) or (kind and kind.given):
        return Identity(key=(address.key,))
    if kind and kind.singleton:
        return Identity()
    return None


def system_key(kind: Kind, address: Address, domain: str) -> tuple[str, ...]:
    """The natural key of an object that every tenant has."""
    return tuple(form.format(domain=domain) for form in kind.system[address.key])


def _lost(address: Address, at: Origin, known: Known, findings: Findings) -> None:
    if address in known.withheld:
        message = f"{address} is not in {known.environment.id}: {WHY[known.withheld[address]]}"
        help = "take the reference out there, with $only or an override"
        decline = f"; or decline the topic that has it: topics: {{{at.topic}: declined}}"
        findings.add(at, message, help + (decline if at.topic else ""))
        return
    of_kind = [each.key for each in known.addresses if each.kind == address.kind]
    if not address.key:
        findings.add(at, f"an empty text names none of {address.kind}", "write null to unset it")
    else:
        help = suggestion(address.key, of_kind, f"declare it, or pin {address} in the environment")
        findings.add(at, f"there is no {address}", help)


def _check_field(ref: Ref, at: Origin, findings: Findings) -> None:
    kind = KINDS[ref.address.kind]
    names = {"id", kind.wire.id, *kind.key, *(rule.at[0] for rule in kind.rules if rule.at)}
    if (rule := kind.rule(tuple(ref.field.split(".")))) and rule.conceals:
        message = f"nobody is shown {ref.field} of {ref.address}, so nothing can be made of it"
        findings.add(at, message, "declare a secret, and write !secret NAME in both places")
        return
    if ref.field.partition(".")[0] in names or kind.authored_in:
        return
    for verb in ("create", "update"):
        names |= set(write_shape(kind, ref.address, verb).get("properties", ()))
    if ref.field not in names:
        findings.add(at, f"{ref.address} has no field {ref.field}", suggestion(ref.field, names))
