"""What Auth0 has replaced, or does not give to everybody yet: a warning for each kind."""

from __future__ import annotations

from collections.abc import Iterable

from tenantctl.files.checked import Checked
from tenantctl.files.findings import Findings


def warn_of_age(resources: Iterable[Checked], findings: Findings) -> None:
    """One warning for each kind that is legacy or early, at the first of its resources."""
    of_kind: dict[str, list[Checked]] = {}
    for checked in resources:
        if checked.kind.legacy or checked.kind.early:
            of_kind.setdefault(checked.kind.name, []).append(checked)
    for name, found in of_kind.items():
        first = min(found, key=lambda each: (each.home.file, each.home.line, each.home.column))
        count = f" ({len(found)} declared)" if len(found) > 1 else ""
        if first.kind.legacy:
            message = f"{name} are legacy{count}: {first.kind.legacy} replaced them"
            findings.warn(first.home, message, "they are kept as declared until you move them")
        else:
            message = f"{name} are early access ({first.kind.early}){count}: Auth0 may change them"
            findings.warn(first.home, message, "ask Auth0 whether your tenants have them")
