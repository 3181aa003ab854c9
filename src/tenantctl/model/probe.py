"""What somebody found who looked whether a run has all that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tenantctl.model.value import Json

LEVELS = ("ok", "skipped", "warn", "fail")


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing that was looked at: *area* and *name*, what was *said*, and what to do.

    *status* is `ok`, `warn`, `fail` or `skipped` (nobody looked, *said* tells why). *code* is the
    exit code that a run would end with for it. *facts* are numbers and names for machines.
    """

    area: str
    name: str
    status: str
    said: str
    help: str = ""
    code: int = 1
    facts: Mapping[str, Json] = field(default_factory=dict)


def exit_code(probes: tuple[Probe, ...]) -> int:
    """0 where nothing failed; the code of all failures where they have the same one; else 1."""
    codes = {probe.code for probe in probes if probe.status == "fail"}
    return codes.pop() if len(codes) == 1 else min(1, len(codes))
