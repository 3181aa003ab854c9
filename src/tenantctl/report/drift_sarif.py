"""Drift as SARIF 2.1.0: beside the lines of the YAML that say otherwise than the tenant."""

from __future__ import annotations

from tenantctl.engine.drift import CONFLICT, DRIFT, UNCLEAR
from tenantctl.model import Json
from tenantctl.report.drift import DriftItem, DriftView
from tenantctl.report.sarif import location, placed, sarif_document

RULES = {
    DRIFT: ("Changed in the tenant", "warning"),
    CONFLICT: ("Changed in the tenant, and otherwise in the files", "error"),
    UNCLEAR: ("Not as the files say, and nobody knows whose change it is", "warning"),
}
"""What is told, with its title and level: what both agree on is no result."""


def drift_sarif(view: DriftView, home: str = "") -> dict[str, Json]:
    """What has drifted as one run; a result for each resource and what it is.

    *home* is where the tenant is written, as in `placed`.
    """
    names = list(RULES)
    told = [item for item in view.items if item.what in RULES]
    results = [_result(view, item, names.index(item.what)) for item in told]
    return sarif_document(
        [{"id": id, "shortDescription": {"text": title}} for id, (title, _) in RULES.items()],
        placed(results, view.target, home),
    )


def _result(view: DriftView, item: DriftItem, index: int) -> Json:
    title, level = RULES[item.what]
    fields = ", ".join(row.field for row in item.rows)
    said = f"{item.address} {fields}" if fields else f"{item.address} {item.how}"
    return {
        "ruleId": item.what,
        "ruleIndex": index,
        "level": level,
        "message": {"text": f"{view.target}: {title}: {said}"},
        "partialFingerprints": {
            "drift/address": f"{view.target}/{item.what}/{item.address}/{item.how}"
        },
        "locations": [location(item.where)] if item.where else [],
    }
