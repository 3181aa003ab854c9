"""A plan as SARIF 2.1.0: what refuses it, what checks say, and what its changes risk."""

from __future__ import annotations

from collections.abc import Iterator

from tenantctl.model import Json
from tenantctl.report.risks import RISK_ORDER, WORDS, reached
from tenantctl.report.sarif import location, placed, sarif_document, sarif_finding, sarif_rule
from tenantctl.report.view import ActView, AppliedView, StepView, View, ViolationView

LEVELS = {
    "lockout": "warning",
    "data_loss": "warning",
    "token_breaking": "warning",
    "login_affecting": "note",
    "secret_rotation": "note",
}
"""How loud a risk is: none is an error, for a person may mean it."""

ENDS = {"failed": "error", "moved": "error", "unknown": "error", "waiting": "warning"}
"""How loud it is that a step ended like this; what is not named is no result of its own."""


def plan_sarif(view: View, home: str = "") -> dict[str, Json]:
    """The violations of *view*, its open findings and its risky changes, as one run.

    *home* is where the tenant is written, as in `placed`.
    """
    risky = [step for step in view.steps if step.risks]
    findings = [f for f in view.findings if f.status in {"failed", "unknown"}]
    rules: dict[str, Json] = {}
    for violation in view.violations:
        id = f"policy/{violation.rule}"
        rules[id] = {"id": id, "shortDescription": {"text": f"Policy: {violation.rule}"}}
    for finding in findings:
        rules[finding.check] = sarif_rule(finding)
    for risk in RISK_ORDER:
        if any(_worst(step) == risk for step in risky):
            id = f"risk/{risk}"
            rules[id] = {"id": id, "shortDescription": {"text": f"Risk: {WORDS[risk]}"}}
    results = placed(_results(view, list(rules)), f"{view.tenant}/{view.environment}", home)
    return sarif_document(list(rules.values()), results)


def applied_sarif(view: AppliedView, home: str = "") -> dict[str, Json]:
    """What of a run did not end well, and what refused its plan, as one run; *home* as above."""
    where = {act.address: act.where for act in view.acts}
    acts = [act for act in view.acts if act.status in ENDS]
    names = list(dict.fromkeys([f"policy/{each.rule}" for each in view.violations]))
    names += dict.fromkeys(f"apply/{act.status}" for act in acts)
    rules = [{"id": name, "shortDescription": {"text": name}} for name in names]
    results = [
        _violation(
            view.target, each, where.get(each.address, ()), names.index(f"policy/{each.rule}")
        )
        for each in view.violations
    ]
    results += [_act(view.target, act, names.index(f"apply/{act.status}")) for act in acts]
    return sarif_document(rules, placed(results, view.target, home))


def _act(target: str, act: ActView, index: int) -> Json:
    detail = f": {act.detail}" if act.detail else ""
    return {
        "ruleId": f"apply/{act.status}",
        "ruleIndex": index,
        "level": ENDS[act.status],
        "message": {"text": f"{target}: {act.verb} {act.id} {act.status}{detail}"},
        "partialFingerprints": {"apply/step": f"{target}/{act.verb}/{act.id}"},
        "locations": [location(place) for place in act.where[:1]],
    }


def _results(view: View, rules: list[str]) -> Iterator[Json]:
    target = f"{view.tenant}/{view.environment}"
    where = {step.address: step.where for step in view.steps}
    for violation in view.violations:
        places = where.get(violation.address, ())
        yield _violation(target, violation, places, rules.index(f"policy/{violation.rule}"))
    for finding in view.findings:
        if finding.check in rules:
            yield sarif_finding(target, finding, rules.index(finding.check))
    for step in view.steps:
        if step.risks:
            yield _risk(target, step, rules.index(f"risk/{_worst(step)}"))


def _violation(target: str, violation: ViolationView, where: tuple[str, ...], index: int) -> Json:
    said = f"{target}: {violation.address} {violation.detail}"
    result: dict[str, Json] = {
        "ruleId": f"policy/{violation.rule}",
        "ruleIndex": index,
        "level": "error",
        "message": {"text": f"{said}. {violation.help}" if violation.help else said},
        "partialFingerprints": {"policy/address": f"{target}/{violation.rule}/{violation.address}"},
        "locations": [location(place) for place in where[:1]],
    }
    if violation.allowed:
        result["suppressions"] = [{"kind": "external", "justification": violation.allowed}]
    return result


def _risk(target: str, step: StepView, index: int) -> Json:
    why = "; ".join(dict.fromkeys(each.why for each in step.risks))
    reach = reached(step)
    whom = f" It reaches {reach}." if reach else ""
    worst = _worst(step)
    return {
        "ruleId": f"risk/{worst}",
        "ruleIndex": index,
        "level": LEVELS[worst],
        "message": {"text": f"{target}: {step.verb} {step.address}: {why}.{whom}"},
        "partialFingerprints": {"risk/step": f"{target}/{worst}/{step.verb}/{step.id}"},
        "locations": [location(place) for place in step.where[:1]],
        "properties": {"risks": list(dict.fromkeys(each.risk for each in step.risks))},
    }


def _worst(step: StepView) -> str:
    return min((each.risk for each in step.risks), key=RISK_ORDER.index)
