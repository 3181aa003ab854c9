"""Requests drawn from the OpenAPI document: each is answered, wrong bodies are refused."""

import json
import time

import pytest

from campaigns.figures import commit, table, write_page
from conformance.drawn import DRAWS, Findings, explore

SEED = 20261121
CASES = 10_000
# Bodies that the sandbox takes although the document does not.
_NULL = "auth0-python sends null for what is left open"
LENIENT = {
    "PATCH /branding": _NULL,
    "PATCH /emails/provider": "credentials of any provider: an update need not name it",
    "POST /actions/modules": _NULL,
    "POST /hooks/{id}/secrets": _NULL,
    "POST /users/{id}/revoke-access": _NULL,
}


@pytest.fixture(scope="module")
def document(shared):
    text = (shared / "data" / "management-api-oas.json").read_text(encoding="utf-8")
    return json.loads(text)


def judge(findings):
    assert findings.crashes == {}
    assert {name: bodies for name, bodies in findings.accepted.items() if name not in LENIENT} == {}


@pytest.mark.thorough
def test_drawn_requests_are_answered_and_broken_bodies_refused(document):
    findings = explore(document, every=24, examples=2, number=SEED)
    judge(findings)
    assert findings.refused >= 10


@pytest.mark.campaign
def test_thousands_of_drawn_requests_are_answered_and_broken_bodies_refused(document):
    began = time.monotonic()
    findings = explore(document, every=1, examples=12, number=SEED)
    write(findings, time.monotonic() - began)
    judge(findings)
    assert findings.cases.total() >= CASES


def write(findings: Findings, seconds: float) -> None:
    rows = [("requests", "sent", "2xx", "4xx", "5xx or none")]
    for name, _ in DRAWS:
        seen = {
            range_: sum(
                count
                for (kind, status), count in findings.statuses.items()
                if kind == name and status // 100 == range_
            )
            for range_ in (2, 4)
        }
        sent = findings.cases[name]
        rows.append((name, sent, seen[2], seen[4], sent - seen[2] - seen[4]))
    taken = sum(map(len, findings.accepted.values()))
    facts = {
        "commit": commit(),
        "seed": SEED,
        "requests": findings.cases.total(),
        "seconds": round(seconds),
        "bodies that violate the document": findings.refused + taken,
        "of them refused": findings.refused,
    }
    lenient = [("operation", "taken", "why")]
    lenient += [
        (f"`{name}`", len(bodies), LENIENT.get(name, "?"))
        for name, bodies in sorted(findings.accepted.items())
    ]
    body = f"{table(rows)}\n\nTaken although the document does not take them:\n\n{table(lenient)}"
    write_page("schemathesis", "Requests drawn from the OpenAPI document", WHAT, facts, body)


WHAT = (
    "schemathesis draws requests for every operation of Auth0's OpenAPI document (June 2026) that"
    " the sandbox answers, and sends them to a tenant that holds one of everything. *valid*"
    " requests follow the document, *broken* ones violate it beside a path that exists, *odd* ones"
    " violate it anywhere. Every request must be answered below 500, and a body that violates the"
    " document with 4xx."
)
