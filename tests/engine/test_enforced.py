"""What the findings of checks mean for a plan."""

from __future__ import annotations

from dataclasses import replace

from support.worlds import declare, environment, planned, resource
from tenantctl.files import Loaded
from tenantctl.model import Finding, Tenant
from tenantctl.playbooks import playbook
from tenantctl.workflows.judge import with_findings

WANTED = declare(resource("clients.a", {"name": "a"}))
PLAN = planned(WANTED, Tenant({}))


def failed(check: str, level: str = "block", status: str = "failed") -> Finding:
    return Finding(check, "So it is", "high", level, status, ("it is not",), topics=("logging",))


def refused(*findings: Finding, gates: str = "enforce") -> list[str]:
    loaded = Loaded(replace(environment(), gates=gates), WANTED, playbook("b2c"))
    return [violation.rule for violation in with_findings(PLAN, findings, loaded).blocking]


def test_what_blocks_refuses_a_plan_where_gates_are_enforced() -> None:
    assert refused(failed("O02.log-stream")) == ["O02.log-stream"]
    assert refused(failed("O02.log-stream"), gates="report") == []


def test_what_only_the_tenant_can_tell_refuses_no_plan() -> None:
    assert refused(failed("A04.custom-domain-ready"), failed("O03.log-stream-active")) == []


def test_what_warns_or_is_not_known_refuses_no_plan() -> None:
    assert (
        refused(failed("O02.log-stream", "warn"), failed("O01.email-provider", "block", "unknown"))
        == []
    )


def test_a_plan_carries_what_is_open_and_nothing_that_passed() -> None:
    loaded = Loaded(environment(), WANTED, playbook("b2c"))
    found = [
        failed("O02.log-stream", "info"),
        failed("O03.log-stream-active", "block", "unknown"),
        failed("A09.support-email", "block", "passed"),
        failed("O04.log-stream-pii", "off", "unknown"),
    ]

    carried = with_findings(PLAN, found, loaded).findings
    assert [each.check for each in carried] == ["O02.log-stream", "O03.log-stream-active"]
