"""Values that only one object of a tenant may have, declared for two."""

from __future__ import annotations

from collections.abc import Iterable

from tenantctl.files.check import Checked
from tenantctl.files.findings import Findings
from tenantctl.kinds import text_of
from tenantctl.model import Address


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
