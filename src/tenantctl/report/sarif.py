"""Findings as SARIF 2.1.0, which code hosts show beside the lines of the YAML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from tenantctl import __version__
from tenantctl.model import Json
from tenantctl.report.findings import CheckView
from tenantctl.report.view import FindingView

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"block": "error", "warn": "warning", "info": "note", "off": "none"}


def sarif(view: CheckView, home: str = "") -> dict[str, Json]:
    """The open findings of *view* as one run; *home* as in `placed`."""
    opened = [each for each in view.findings if each.status in {"failed", "unknown"}]
    named = {finding.check: finding for finding in opened}
    rules = sorted(named)
    target = f"{view.tenant}/{view.environment}"
    results = [sarif_finding(target, each, rules.index(each.check)) for each in opened]
    return sarif_document([sarif_rule(named[id]) for id in rules], placed(results, target, home))


def sarif_document(rules: Sequence[Json], results: Sequence[Json]) -> dict[str, Json]:
    """One run with *rules* and *results*; places are relative to the project's folder."""
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "tenantctl",
                        "semanticVersion": __version__,
                        "rules": list(rules),
                    }
                },
                "originalUriBaseIds": {"PROJECT": {"description": {"text": "The project folder."}}},
                "results": list(results),
            }
        ],
    }


def sarif_rule(finding: FindingView) -> Json:
    """A check as a rule."""
    rule: dict[str, Json] = {
        "id": finding.check,
        "shortDescription": {"text": finding.title},
        "fullDescription": {"text": finding.why or finding.title},
        "help": {"text": finding.mend or finding.title},
        "properties": {"severity": finding.severity, "topics": list(finding.topics)},
    }
    if finding.see:
        rule["helpUri"] = finding.see[0]
    return rule


def sarif_finding(environment: str, finding: FindingView, index: int) -> Json:
    """What a check says of *environment*, by the rule at *index*."""
    said = "; ".join(finding.details) or finding.title
    result: dict[str, Json] = {
        "ruleId": finding.check,
        "ruleIndex": index,
        "level": LEVELS[finding.level],
        "kind": "open" if finding.status == "unknown" else "fail",
        "message": {"text": f"{environment}: {finding.title}: {said}"},
        "partialFingerprints": {"check/environment": f"{finding.check}/{environment}"},
        "locations": [location(place) for place in finding.where],
    }
    if result["kind"] == "open":
        result["level"] = "none"  # SARIF 2.1.0, 3.27.10: a level needs the kind `fail`
    if finding.waived:
        result["suppressions"] = [{"kind": "external", "justification": finding.waived}]
    return result


def placed(results: Iterable[Json], environment: str, home: str) -> list[Json]:
    """*results*, those without a place at *home*: the `file:line` of the tenant, or its own file.

    GitHub refuses a whole file in which one result has no place (codeql-action issue 1738).
    """
    at = [location(home or f"tenants/{environment.partition('/')[0]}/tenant.yaml:1")]
    return [{**result, "locations": result["locations"] or at} for result in results]


def location(place: str) -> Json:
    """A `file:line` as SARIF has it; a file alone where there is no line."""
    file, _, line = place.rpartition(":")
    uri = quote(file if line.isdigit() else place)
    physical: dict[str, Json] = {"artifactLocation": {"uri": uri, "uriBaseId": "PROJECT"}}
    if line.isdigit() and file:
        physical["region"] = {"startLine": int(line)}
    return {"physicalLocation": physical}
