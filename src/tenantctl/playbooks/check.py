"""A readiness check as a value: what has to hold before people rely on a tenant, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LEVELS = ("off", "info", "warn", "block")
SEVERITIES = ("low", "medium", "high", "critical")
EVIDENCE = ("config", "live", "code", "env", "attest")
"""What a check goes by: declared and live fields; the tenant alone; custom code; the project's
files, receipts and settings; what a person has attested."""

AS = {"staging": "qa", "sandbox": "development"}
"""Environment kinds that are held to the level of another one."""

Node = Mapping[str, Any]
"""A question in the check language: see `engine.checks`."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that has to hold, where one of its *topics* is adopted.

    *levels* are by environment kind. It applies where *when* holds, and holds where *evaluate*
    does. *plan* is the subscription that it takes, empty for any. *order*: it asks for what other
    environments have had first, so a hotfix goes without it.
    """

    id: str
    title: str
    severity: str
    levels: Mapping[str, str]
    topics: tuple[str, ...]
    evidence: str
    evaluate: Node
    when: Node | None = None
    plan: str = ""
    order: bool = False

    def level(self, environment_kind: str) -> str:
        """How much it matters in an environment of this kind: one of `LEVELS`."""
        return self.levels[AS.get(environment_kind, environment_kind)]
