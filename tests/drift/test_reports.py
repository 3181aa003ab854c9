"""What drift looks like: nothing that a tenant's administrator typed means anything in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from drift.given import three
from support.worlds import HOME
from tenantctl.engine.drift import Difference
from tenantctl.model import Receipt, Secret, Vault, Write
from tenantctl.report.drift import DriftView, Told, drift_as_json, view_drift
from tenantctl.report.drift_sarif import drift_sarif
from tenantctl.report.drift_text import drift_markdown, drift_text
from tenantctl.report.schema import drift_schema
from tenantctl.workflows.accept import names

PAYLOADS = (
    "<img src=x onerror=alert(1)>",
    "</details></summary><script>1</script>",
    "@everyone #1 ghp_x",
    "```\n# not a heading",
    "| a | b |",
    "[x](javascript:alert(1))",
    "\x1b[2J\x1b]0;title\x07",
    "\u202egnp.exe",
    "<!-- tenantctl:drift:a/b -->",
    "line\r\nbreak\u2028",
)
LAST = Receipt(
    "apply", "t", "dev", "t.sandbox.invalid", "d1", (1,), "converged", True, {}, {}, "0",
    who="ann", when="2026-09-01T10:00:00+00:00",
)  # fmt: skip


def shown(found: tuple[Difference, ...], write: Write | None = None, **other: Any) -> DriftView:
    told = Told(lambda _: write, names, lambda _: f"{HOME.file}:{HOME.line}", other.pop("log", ""))
    given: dict[str, Any] = {"looked": "2026-09-02T10:00:00+00:00", "version": "0", **other}
    return view_drift(
        ("t", "dev", "t.sandbox.invalid"), LAST, found, told, given.pop("vault", None), **given
    )


def client(**fields: Any) -> dict[str, dict[str, Any]]:
    return {"clients.web": {"name": "Web", **fields}}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_stranger_typed_stays_text_wherever_it_is_shown(payload: str) -> None:
    write = Write("2026-09-02", "PATCH", payload, payload, payload, payload, payload)
    found = three(client(description="x"), client(description=payload), client(description="x"))
    view = shown(found, write)
    text = drift_text(view, color=False, width=120)
    assert all(letter.isprintable() or letter == "\n" for letter in text)
    markdown = drift_markdown(view)
    outside = markdown.split("```")[::2]
    assert markdown.startswith("<!-- tenantctl:drift:t/dev -->\n")
    for part in outside:
        assert payload not in part
        assert "@everyone" not in part
        assert "<img" not in part
    assert markdown.count("<!--") - sum(p.count("<!--") for p in markdown.split("```")[1::2]) == 1
    assert json.loads(json.dumps(drift_as_json(view)))["type"] == "drift"


def test_a_name_without_end_takes_the_room_of_no_other() -> None:
    write = Write("2026-09-02", "PATCH", "u" * 9000, "c" * 9000, "", "", "a" * 9000)
    view = shown(three(client(description="x"), client(description="y"), client()), write)
    assert len(drift_text(view, color=False, width=120)) < 1000
    assert len(drift_markdown(view)) < 1500


def test_no_report_holds_the_value_of_a_secret() -> None:
    vault = Vault({"KEY": "hunter2-hunter2"})
    write = Write("2026-09-02", "PATCH", "hunter2-hunter2", agent="x hunter2-hunter2")
    was = client(description="x", client_metadata={"a": "b"})
    there = client(description="hunter2-hunter2!", client_metadata={"a": "hunter2-hunter2"})
    view = shown(three(was, there, was), write, vault=vault, log="it says hunter2-hunter2")
    texts = [
        drift_text(view, color=True, width=80),
        drift_markdown(view),
        json.dumps(drift_as_json(view)),
        json.dumps(drift_sarif(view)),
    ]
    assert all("hunter2" not in each for each in texts)
    assert all("(secret KEY)" in each for each in texts[:1])


def test_a_secret_that_was_changed_is_named_and_not_shown() -> None:
    from tenantctl.engine.drift import DRIFT
    from tenantctl.model import Address, Sealed

    each = Difference(
        Address("connections", "c"), DRIFT, path=("options", "client_secret"),
        applied=Secret("KEY"), live=Sealed("f2"), desired=Secret("KEY"),
    )  # fmt: skip
    text = drift_text(shown((each,)), color=False, width=120)
    assert "options.client_secret: (secret, changed)" in text
    assert "f2" not in text


def test_sarif_stands_at_the_line_that_says_otherwise() -> None:
    found = three(client(description="x"), client(description="y"), client(description="x"))
    (run,) = drift_sarif(shown(found))["runs"]
    (result,) = run["results"]
    assert result["ruleId"] == "drift"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == HOME.file
    assert place["region"] == {"startLine": HOME.line}
    agreed = three(client(description="x"), client(description="y"), client(description="y"))
    assert drift_sarif(shown(agreed))["runs"][0]["results"] == []


def test_the_json_is_as_its_schema_says() -> None:
    was, there = client(description="x"), client(description="y")
    write = Write("2026-09-02", "PATCH", "ann")
    for want in (was, there, client(description="z")):
        document = drift_as_json(shown(three(was, there, want), write))
        Draft202012Validator(drift_schema()).validate(document)
        assert document["items"]


def test_markdown_of_much_drift_fits_into_an_issue() -> None:
    was = {f"clients.c{n}": {"name": f"c{n}", "description": "x" * 300} for n in range(900)}
    there = {a: {**fields, "description": "y" * 300} for a, fields in was.items()}
    text = drift_markdown(shown(three(was, there, was)))
    assert len(text.encode()) < 60_000
    assert "900 changed in the tenant" in text
    assert "more" in text.rpartition("####")[2]
