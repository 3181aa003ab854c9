"""What checks say, in every form that it is read in: what a stranger typed stays text."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from support.project import REPOSITORY
from tenantctl.files import home_of
from tenantctl.model import Environment, Finding, Origin, Vault
from tenantctl.playbooks import playbook
from tenantctl.report.findings import check_as_json, view_check
from tenantctl.report.findings_text import check_text
from tenantctl.report.junit import cases, junit
from tenantctl.report.sarif import location, sarif

B2C = playbook("b2c")
ENVIRONMENT = Environment("shop", "prod", "production", "shop.eu.auth0.com", gates="enforce")
AT = Origin("tenants/shop/phase1/operations.yaml", 12, 5)
FINDINGS = (
    Finding(
        "O01.email-provider", "Own e-mail provider", "critical", "block", "failed",
        ("email_provider: name is not set",), (AT,), ("email_provider",), 1, "authentication_demo",
    ),
    Finding(
        "O02.log-stream", "A log stream", "high", "warn", "failed", ("log_streams: 0",), (),
        ("logging",), 1, "go_live", "comes with the contract (ops, until 2026-10-01)",
    ),
    Finding(
        "O03.log-stream-active", "Streams are active", "high", "block", "unknown",
        ("log_streams: the tenant was not read",), (), ("logging",), 1, "go_live",
    ),
    Finding(
        "O04.log-stream-pii", "PII decided", "low", "info", "failed", ("siem: pii_config is not set",),  # noqa: E501
        (AT,), ("logging",), 1, "go_live",
    ),
    Finding(
        "A09.support-email", "Support e-mail", "high", "block", "passed", (), (),
        ("tenant_association",), 1, "authentication_demo",
    ),
    Finding(
        "S03.social-scopes", "Little is asked for", "low", "info", "passed", (), (),
        ("social_login",), 2, "advanced_demo", vacuous=True,
    ),
    Finding("M01.mfa", "A factor", "high", "block", "absent", (), (), ("mfa",), 2, ""),
)  # fmt: skip


def view(findings=FINDINGS, vault=None):
    return view_check(
        findings, ENVIRONMENT, B2C, phases=(1,), stage="phase 1", vault=vault, notes=("So it is.",)
    )


def test_the_text_has_what_is_open_by_what_it_means() -> None:
    text = check_text(view(), color=False, width=100)
    headings = [line for line in text.splitlines() if line.endswith(")") and line[0].isalpha()]

    assert headings == [
        "Blocking (1)",
        "Not evaluated, and blocking where it fails (1)",
        "Warnings (1)",
        "For information (1)",
    ]
    assert "waived: comes with the contract (ops, until 2026-10-01)" in text
    assert "email_provider: name is not set  tenants/shop/phase1/operations.yaml:12" in text
    assert "Checks: 2 passed (1 of them over nothing), 3 failed, 1 not evaluated" in text
    assert text.endswith("The gate is closed, for 2 reasons.\n")
    assert "A09" not in text
    assert "A09.support-email" in check_text(view(), color=False, width=100, full=True)


def test_a_gate_is_open_when_nothing_stands_in_the_way() -> None:
    only = [f for f in FINDINGS if f.level != "block" or f.status == "passed"]
    text = check_text(view(only), color=False, width=100)

    assert text.endswith("The gate is open.\n")
    assert not view(only).blocked


def test_milestones_say_what_is_in_their_way() -> None:
    first, second, last = view().milestones

    assert (first.reached, first.blocked_by) == (False, 1)
    assert (second.reached, second.blocked_by) == (False, 0)
    assert (last.reached, last.blocked_by) == (False, 1)


def test_json_has_all_that_the_text_has() -> None:
    document = json.loads(json.dumps(check_as_json(view())))

    assert (document["type"], document["format"]) == ("check", 1)
    assert len(document["findings"]) == len(FINDINGS)
    assert document["counts"]["blocking"] == 2
    assert document["findings"][0]["check"] == "O01.email-provider"
    assert document["findings"][0]["mend"]
    assert document["blocked"] is True


def test_sarif_points_at_the_line_and_says_what_is_waived() -> None:
    run = json.loads(json.dumps(sarif(view())))["runs"][0]
    results = {result["ruleId"]: result for result in run["results"]}

    place = results["O01.email-provider"]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "tenants/shop/phase1/operations.yaml"
    assert place["region"] == {"startLine": 12}
    assert {id: r["level"] for id, r in results.items()} == {
        "O01.email-provider": "error",
        "O02.log-stream": "warning",
        "O03.log-stream-active": "none",
        "O04.log-stream-pii": "note",
    }
    assert results["O02.log-stream"]["suppressions"][0]["justification"].startswith("comes with")
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_what_is_written_nowhere_stands_where_its_tenant_is_written() -> None:
    nowhere = view([replace(FINDINGS[0], places=())])
    row = home_of(REPOSITORY, "meridian-university").place
    file, _, line = row.rpartition(":")
    assert "meridian-university" in (REPOSITORY / file).read_text().splitlines()[int(line) - 1]
    own = home_of(REPOSITORY, "hearthhollow").place
    assert own == "tenants/hearthhollow/tenant.yaml:1"
    for home, expected in ((row, file), (own, "tenants/hearthhollow/tenant.yaml")):
        (result,) = sarif(nowhere, home)["runs"][0]["results"]
        (place,) = result["locations"]
        assert place["physicalLocation"]["artifactLocation"]["uri"] == expected


def test_the_name_of_a_file_is_an_address() -> None:
    place = location("tenants/shop/phase1/50% öff #1.yaml:3")["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "tenants/shop/phase1/50%25%20%C3%B6ff%20%231.yaml"
    assert place["region"] == {"startLine": 3}


def test_junit_counts_what_blocks_as_failed_and_what_nobody_knows_as_an_error() -> None:
    root = ET.fromstring(junit([cases(view())]))

    assert root.attrib == {"tests": "7", "failures": "1", "errors": "1", "skipped": "2"}
    (failure,) = root.iter("failure")
    assert failure.attrib["message"] == "block: email_provider: name is not set"
    (failed,) = [case for case in root.iter("testcase") if case.find("failure") is not None]
    assert (failed.attrib["file"], failed.attrib["line"]) == (AT.file, "12")


PAYLOADS = [
    "\x1b[31mred",
    "a\u202eb",
    "<script>alert(1)</script>",
    "]]>",
    "&amp;",
    '"quoted"',
    "\x00",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_stranger_typed_stays_text(payload: str) -> None:
    hostile = replace(
        FINDINGS[0], details=(payload,), places=(Origin(f"tenants/{payload}.yaml", 1, 1),)
    )
    shown = view([hostile])

    assert "\x1b" not in check_text(shown, color=False, width=80)
    assert "\u202e" not in check_text(shown, color=False, width=80)
    root = ET.fromstring(junit([cases(shown)]))
    assert [e.tag for e in root.iter()] == ["testsuites", "testsuite", "testcase", "failure"]
    json.dumps(sarif(shown))


def test_no_value_of_a_secret_is_told() -> None:
    leaking = replace(FINDINGS[0], details=("name is hunter2-hunter2",))
    vault = Vault({"KEY": "hunter2-hunter2"})
    shown = view([leaking], vault)

    for text in (
        check_text(shown, color=False, width=80, full=True),
        json.dumps(check_as_json(shown)),
        json.dumps(sarif(shown)),
        junit([cases(shown)]),
    ):
        assert "hunter2-hunter2" not in text
        assert "(secret KEY)" in text
