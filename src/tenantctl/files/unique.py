"""Values that only one object of a tenant may have, declared for two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tenantctl.files.checked import Checked
from tenantctl.files.findings import Findings
from tenantctl.kinds import KINDS, text_of
from tenantctl.model import Address, Origin, Value


def same_values(found: Iterable[Checked], findings: Findings) -> None:
    """Two resources with one value of a unique field: Auth0 refuses the second with a 409."""
    first: dict[tuple[str, str, str], Address] = {}
    for checked in found:
        for name in checked.kind.unique:
            value = checked.flat.fields.get(name)
            if value is None or (name,) == checked.kind.key:
                continue
            mark = (checked.kind.name, name, text_of(value))
            if mark in first:
                findings.add(
                    checked.flat.keys.get((name,), checked.home),
                    f"{checked.address} and {first[mark]} both have {name}: {text_of(value)}",
                    "Auth0 takes each value once; give one of them another",
                )
            else:
                first[mark] = checked.address


def same_names(
    found: Mapping[Address, tuple[tuple[Value, ...], Origin]], findings: Findings
) -> None:
    """Two addresses of a kind and an owner with one natural key would be one object."""
    first: dict[tuple[str, tuple[Address, ...], str], Address] = {}
    for address, (key, at) in found.items():
        if not key:
            continue
        mark = (address.kind, KINDS[address.kind].owners(address), repr(key))
        if mark in first:
            shown = ", ".join(map(str, key))
            message = f"{address} and {first[mark]} are both {shown}"
            findings.add(at, message, "the API tells them apart by that; change one of them")
        else:
            first[mark] = address
