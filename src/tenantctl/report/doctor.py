"""What was found by whoever looked at everything that a run needs, as text and JSON."""

from __future__ import annotations

from collections.abc import Sequence

from tenantctl.model import Json, Probe
from tenantctl.model.probe import LEVELS
from tenantctl.report.document import FORMAT

SIGNS = {"ok": "✓", "skipped": "-", "warn": "!", "fail": "✗"}
COLOURS = {"ok": "32", "skipped": "2", "warn": "33", "fail": "31"}


def doctor_text(probes: Sequence[Probe], *, color: bool) -> str:
    """All of it for people: a line each, below it what to do where something is to be done."""
    width = max((len(probe.name) for probe in probes), default=0)
    lines: list[str] = []
    area = ""
    for probe in probes:
        if probe.area != area:
            lines += ["", probe.area] if lines else [probe.area]
            area = probe.area
        sign = SIGNS[probe.status]
        sign = f"\x1b[{COLOURS[probe.status]}m{sign}\x1b[0m" if color else sign
        lines.append(f"  {sign} {probe.name:<{width}}  {probe.said}")
        if probe.help and probe.status in {"warn", "fail"}:
            lines.append(f"    {'':<{width}}  help: {probe.help}")
    counts = {level: sum(probe.status == level for probe in probes) for level in LEVELS}
    summary = f"{counts['ok']} ok, {counts['warn']} to see to, {counts['fail']} failed"
    return "\n".join([*lines, "", f"{summary}, {counts['skipped']} not looked at"])


def doctor_as_json(
    environment: str, job: str, probes: Sequence[Probe], code: int
) -> dict[str, Json]:
    """The same for machines."""
    worst = max((LEVELS.index(probe.status) for probe in probes), default=0)
    return {
        "format": FORMAT,
        "type": "doctor",
        "environment": environment or None,
        "for": job,
        "status": "ok" if LEVELS[worst] == "skipped" else LEVELS[worst],
        "exit_code": code,
        "probes": [
            {
                "area": probe.area,
                "name": probe.name,
                "status": probe.status,
                "said": probe.said,
                "help": probe.help,
                "facts": dict(probe.facts),
            }
            for probe in probes
        ],
    }
