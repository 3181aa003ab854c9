"""Gates: what is due at a stage, which topics nobody has decided on, and what stands in the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tenantctl.engine.gates import due, gates_of, mend, reached, refusals, stage, undecided, unmet
from tenantctl.errors import UsageError
from tenantctl.model import Finding, Origin
from tenantctl.playbooks import playbook

B2C = playbook("b2c")
HERE = Origin("tenants/shop/tenant.yaml", 3, 5)


def finding(check: str = "O02.log-stream", **more: object) -> Finding:
    basis = Finding(check, "A log stream", "high", "block", "failed", ("none",), phase=1)
    return replace(basis, milestone="go_live", topics=("logging",), **more)


@pytest.mark.parametrize(
    ("released", "phase", "milestone", "covered", "not_covered"),
    [
        ((1,), None, "", [(1, "go_live")], [(2, "api_demo")]),
        ((1, 2), None, "", [(1, "go_live"), (2, "go_live")], [(3, "go_live")]),
        ((1, 2), 1, "", [(1, "go_live")], [(2, "api_demo")]),
        ((1, 2), 2, "", [(1, "go_live"), (2, "go_live")], []),
        ((1, 2, 3), 3, "", [(1, "go_live"), (3, "go_live")], [(2, "api_demo")]),
        ((1,), None, "M1", [(1, "authentication_demo")], [(1, "demo"), (1, "go_live")]),
        ((1, 2), None, "M1", [(1, "go_live"), (2, "api_demo")], [(2, "advanced_demo")]),
        ((1, 2), 1, "demo", [(1, "demo")], [(1, "go_live"), (2, "api_demo")]),
    ],
)
def test_a_stage_covers_its_phase_after_all_that_it_requires(
    released: tuple[int, ...],
    phase: int | None,
    milestone: str,
    covered: list[tuple[int, str]],
    not_covered: list[tuple[int, str]],
) -> None:
    now = stage(B2C, released, phase, milestone)

    assert all(now.covers(B2C, *each) for each in covered)
    assert not any(now.covers(B2C, *each) for each in not_covered)


def test_a_phase_that_is_not_released_has_no_gate_yet() -> None:
    with pytest.raises(UsageError, match="phase 2 is not released"):
        stage(B2C, (1,), 2)


def test_a_finding_is_due_when_its_milestone_is() -> None:
    early = replace(finding("A09.support-email"), milestone="authentication_demo")
    found = due([early, finding(), finding("M01", phase=2)], B2C, stage(B2C, (1,), None, "M1"))

    assert found == (early,)


def test_a_topic_that_nobody_decided_on_is_a_finding_of_the_weight_of_its_requirement() -> None:
    adopted = {t.id: HERE for t in B2C.topics.values() if t.id not in {"logging", "user_migration"}}
    found = {f.check: f for f in undecided(B2C, adopted, {}, stage(B2C, (1,)))}

    assert {id: f.level for id, f in found.items()} == {
        "topic.logging": "block",
        "topic.user_migration": "info",
    }
    assert "needed where" in found["topic.user_migration"].details[0]
    assert mend(found["topic.logging"], B2C).startswith("write logging under adopts")


def test_a_declined_topic_is_decided_on() -> None:
    adopted = {topic: HERE for topic in B2C.topics if topic != "logging"}

    assert list(undecided(B2C, adopted, {"logging": HERE}, stage(B2C, (1,)))) == []


def test_a_topic_of_a_phase_or_milestone_to_come_is_not_asked_for_yet() -> None:
    found = {f.check for f in undecided(B2C, {}, {}, stage(B2C, (1,), None, "M1"))}

    assert "topic.universal_login" in found
    assert not found & {"topic.logging", "topic.api_integration"}


ALL = dict.fromkeys(B2C.topics, HERE)


@pytest.mark.parametrize(
    ("adopted", "released", "says"),
    [
        (ALL, (1, 2, 3), {}),
        (
            ALL,
            (1, 3),
            {"topic.step_up": "it needs mfa, which phase 2 brings, and that is not released"},
        ),
        (
            {id: HERE for id in ALL if id != "mfa"},
            (1, 2, 3),
            {
                "topic.guardian_branding": "it needs mfa, which is not adopted here",
                "topic.step_up": "it needs mfa, which is not adopted here",
            },
        ),
    ],
)
def test_an_adopted_topic_needs_what_the_playbook_says(
    adopted: dict[str, Origin], released: tuple[int, ...], says: dict[str, str]
) -> None:
    found = list(unmet(B2C, adopted, released, stage(B2C, released)))
    blocking = {f.check: f.details[0] for f in found if f.level == "block"}

    assert blocking == says
    assert all(f.places == (HERE,) for f in found)
    assert all("declined} in the environment file" in mend(f, B2C) for f in found)


def test_what_had_better_be_there_is_mentioned_only() -> None:
    adopted = {id: HERE for id in ALL if id != "custom_domains"}
    found = unmet(B2C, adopted, (1,), stage(B2C, (1,)))

    assert {f.level for f in found if "had better" in f.title} == {"info"}


def test_only_what_has_failed_and_blocks_refuses() -> None:
    found = [
        finding("O01.email-provider"),
        finding("O02.log-stream", level="warn", waived="later (ops, until 2026-10-01)"),
        finding("O03.log-stream-active", status="unknown"),
        finding("O04.log-stream-pii", status="passed"),
    ]

    (refused,) = refusals(found, B2C)
    assert (refused.rule, refused.address) == ("O01.email-provider", "logging")
    assert refused.detail == "A log stream: none"
    assert refused.help


def test_a_milestone_is_reached_when_nothing_before_it_blocks() -> None:
    assert reached([finding()], B2C, 1) == "demo"
    assert reached([finding(status="passed")], B2C, 1) == "go_live"
    assert reached([finding(status="unknown")], B2C, 1) == "demo"
    assert reached([replace(finding(), milestone="authentication_demo")], B2C, 1) == ""
    assert reached([finding(level="warn")], B2C, 1) == "go_live"


def test_a_gate_has_the_findings_of_its_checks() -> None:
    check = finding("G02.production-check-run")

    assert gates_of([check, finding()], B2C, 1)["production_check"] == (check,)
    assert gates_of([finding()], B2C, 1)["production_check"] == ()
