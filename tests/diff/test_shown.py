"""What is shown of differences: what somebody typed into a tenant means no more than itself."""

from __future__ import annotations

import json

import pytest

from support.worlds import resource
from tenantctl.engine.compare import compare
from tenantctl.model import Address, Tenant, Vault
from tenantctl.report.compared import Named, compared_as_json, compared_text, view_compared
from tenantctl.report.compared_markdown import LONGEST, compared_markdown

HOSTILE = (
    "a | b",
    "`code` ``` fence",
    "<script>alert(1)</script>",
    "@everyone #1 GH-1",
    "[x](https://evil.example)",
    "line\nbreak\r\ttab",
    "\x1b[31mred\x1b[0m",
    "\u202egnp.exe",
    "zero\u200bwidth",
    "~~~ ***bold*** $x^2$",
)


def shown(before: str, after: str, **options):
    one, other = (
        Tenant.of(
            [
                resource(
                    "clients.a", {"name": "a", "description": text, "client_metadata": {text: text}}
                )
            ]
        )
        for text in (before, after)
    )
    vault = Vault({"TOKEN": "a secret value"})
    return view_compared(compare(one, other), Named("one", "other", **options), vault)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_tenant_says_stays_text_in_a_terminal_and_in_markdown(text):
    view = shown("harmless", text)

    said = compared_text(view, color=False, width=100)
    assert not {c for c in said if c != "\n" and not c.isprintable()}
    table = [line for line in compared_markdown(view).splitlines() if line.startswith("|")]
    assert {line.count("|") for line in table} == {6}
    page = "\n".join(table)
    for mark in ("<script", "`", "](", "@every", "\x1b", "\u202e", "\u200b"):
        assert mark not in page


def test_the_value_of_a_secret_is_shown_nowhere():
    view = shown("it is a secret value", "it was a secret value")
    for said in (
        compared_text(view, color=False, width=100),
        compared_markdown(view),
        json.dumps(compared_as_json(view)),
    ):
        assert "a secret value" not in said
        assert "(secret TOKEN)" in said.replace("&#40;", "(").replace("&#41;", ")")


def test_markdown_of_many_differences_fits_into_a_comment_and_says_what_is_left_out():
    clients = [
        resource(f"clients.c{n:04}", {"name": f"c{n}", "description": "x" * 300})
        for n in range(2000)
    ]
    view = view_compared(compare(Tenant({}), Tenant.of(clients)), Named("a", "b"))

    page = compared_markdown(view)

    assert len(page) <= LONGEST
    left = int(page.split("... and ")[1].split()[0])
    assert page.count("<code>clients.c") + left == 2000


def test_reasons_stand_beside_what_they_explain():
    where = Address("clients", "a")
    view = shown("x", "y", why={(where, ("description",)): "variable v", (where, ()): "override"})

    text = compared_text(view, color=False, width=100)

    assert "  ~ clients.a  override\n" in text
    assert "description: x -> y  (variable v)\n" in text
    assert "| why |" in compared_markdown(view)
    (found,) = compared_as_json(view)["resources"]
    assert (found["why"], found["fields"][-1]["why"]) == ("override", "variable v")


def test_no_secret_of_a_project_is_shown_by_any_comparison(looked_at, monkeypatch):
    monkeypatch.chdir(looked_at.root)
    kept = [
        value
        for path in (looked_at.root / ".tenantctl" / "secrets").rglob("*.json")
        if path.is_file()
        for value in _strings(json.loads(path.read_text()))
        if len(value) > 15
    ]
    assert kept
    runs = [
        looked_at.ok("diff", *operands, "--all-fields", "--full")
        for operands in (("dev", "live:qa"), ("backup.json", "plan.json", "--json"))
    ]
    runs.append(looked_at.ok("parity", "--all", "--live"))

    said = "".join(ran.out + ran.err for ran in runs)

    assert len(said) > 1000
    assert [value for value in kept if value in said] == []


def _strings(value):
    if isinstance(value, dict):
        return [text for item in value.values() for text in _strings(item)]
    return [value] if isinstance(value, str) else []
