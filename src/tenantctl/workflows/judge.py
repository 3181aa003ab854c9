"""What checks and gates say of an environment, and what follows for a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tenantctl.engine.checks import run
from tenantctl.engine.facts import Facts
from tenantctl.engine.gates import Stage, due, refusals, undecided, unmet
from tenantctl.engine.state import state_of
from tenantctl.files import Loaded
from tenantctl.model import Finding, Plan
from tenantctl.playbooks import checks


def judge(loaded: Loaded, facts: Facts, now: Stage) -> tuple[Finding, ...]:
    """What is due at the stage *now*: every check, and topics that nobody has decided on."""
    book = loaded.playbook
    found = run(checks(book), state_of(facts), book, loaded.waivers)
    return (
        *due(found, book, now),
        *undecided(book, loaded.adopted, loaded.declined, now),
        *unmet(book, loaded.adopted, loaded.environment.phases, now),
    )


def with_findings(plan: Plan, findings: Sequence[Finding], loaded: Loaded) -> Plan:
    """*plan* with what is open, and refused for it where the environment enforces its gates.

    What only the tenant itself can tell refuses no plan: an apply may be what mends it.
    """
    opened = tuple(f for f in findings if f.open and f.level != "off")
    plan = replace(plan, findings=opened)
    if loaded.environment.gates != "enforce":
        return plan
    live = {check.id for check in checks(loaded.playbook) if check.evidence == "live"}
    refused = refusals([f for f in opened if f.check not in live], loaded.playbook)
    return replace(plan, violations=(*plan.violations, *refused))
