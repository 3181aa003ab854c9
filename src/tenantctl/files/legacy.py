"""What is declared of kinds that Auth0 has replaced: it is kept, and a warning says by what."""

from __future__ import annotations

from collections.abc import Iterable

from tenantctl.files.check import Checked
from tenantctl.files.findings import Findings


def warn_of_legacy(resources: Iterable[Checked], findings: Findings) -> None:
    """One warning for each legacy kind, at the first of its resources."""
    of_kind: dict[str, list[Checked]] = {}
    for checked in resources:
        if checked.kind.legacy:
            of_kind.setdefault(checked.kind.name, []).append(checked)
    for name, found in of_kind.items():
        first = min(found, key=lambda each: (each.home.file, each.home.line, each.home.column))
        count = f" ({len(found)} declared)" if len(found) > 1 else ""
        message = f"{name} are legacy{count}: {first.kind.legacy} replaced them"
        findings.warn(first.home, message, "they are kept as declared until you move them")
