"""Nobody who can name a client can speak through a report, and no report tells a secret."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.samples import B2C, CLEAN, EMPTY, RECEIPT, step, with_change
from tenantctl.errors import Problem
from tenantctl.model import (
    Address,
    Create,
    Delete,
    Edit,
    Event,
    Foreign,
    Identity,
    Outcome,
    Ref,
    Released,
    Resource,
    Secret,
    Text,
    Update,
    Vault,
    Violation,
)
from tenantctl.report import (
    as_json,
    cleaner,
    line_for,
    problems_as_json,
    text_problems,
    view_plan,
    view_receipt,
    visible,
)
from tenantctl.report.text import text

PAYLOADS = {
    "a colour": "\x1b[31mred\x1b[0m",
    "a cleared screen": "\x1b[2J\x1b[H",
    "a rewritten line": "safe\r\x1b[Kevil",
    "a cursor that goes up": "\x1b[1A\x1b[2K+ nothing",
    "a title": "\x1b]0;pwned\x07",
    "a link": "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "a clipboard": "\x1b]52;c;ZXZpbA==\x07",
    "a device control string": "\x1bPq#0\x1b\\",
    "an application command": "\x1b_Gf=100;x\x1b\\",
    "a reset": "\x1bc",
    "eight-bit CSI": "\x9b31m",
    "eight-bit OSC": "\x9d0;pwned\x9c",
    "next line": "a\x85b",
    "backspaces": "evil\x08\x08\x08\x08good",
    "a bell": "\x07",
    "a null": "a\x00b",
    "delete": "a\x7fb",
    "newlines": "a\n  + clients.good\nb",
    "a carriage return": "a\rb",
    "a tab": "a\tb",
    "form feed and vertical tab": "a\x0c\x0bb",
    "right-to-left override": "\u202egpj.exe",
    "isolates": "\u2066a\u2069\u2067b\u2068",
    "marks": "\u200ea\u200f\u061c",
    "zero width": "a\u200bd\u200cm\u200di\u2060n\ufeff",
    "line separators": "a\u2028b\u2029c",
    "separators of files": "a\x1c\x1d\x1e\x1fb",
    "tags": "a\U000e0041\U000e007f",
    "private use": "\ue000\U0010ffff",
    "a half of a pair": "a\ud800b\udfff",
    "blanks": "a\u3164b\u2800c\u115f\xa0",
    "shift out": "\x0e\x0f",
}


def plan_of(payload):
    """A plan with *payload* wherever a tenant or a file can put a string."""
    address = Address("clients", payload)
    odd = Resource(
        address,
        {
            "name": payload,
            payload: {payload: payload},
            "callbacks": [payload, Text((payload, Ref(address, payload), Secret(payload)))],
            "default_organization": Foreign(payload, payload),
            "custom_login_page": f"{payload}\n{payload}",
        },
    )
    edits = (
        Edit(("name",), "old", payload),
        Edit((payload,), payload, "new"),
        Edit(("callbacks",), [payload], ["new", payload * 2]),
        Edit(("addons",), [{payload: payload}, {"a": 1}], [{payload: "b"}, {payload: 2}]),
        Edit(("custom_login_page",), f"a\n{payload}", f"b\n{payload}\n{payload * 3}"),
        Edit(("allowed_clients",), [], [Ref(Address(payload, payload), payload)]),
    )
    keyed = Edit(
        ("secrets",),
        [{"name": payload, "value": Secret(payload)}],
        [{"name": f"{payload}2", "value": Secret(payload)}, {"name": "a", payload: payload}],
    )
    changes = [
        Create(odd),
        Update(address, edits),
        Update(Address("actions", payload), (keyed,)),
        Update(Address(payload, payload), (keyed,)),
        Delete(odd),
    ]
    steps = tuple(step("application_integration", change, payload) for change in changes[:3])
    strange = replace(
        step("application_integration", changes[4], payload),
        place=replace(steps[0].place, topic=payload, workstream=payload),
    )
    return replace(
        EMPTY,
        tenant=payload,
        environment=payload,
        domain=payload,
        kind=payload,
        digest=payload,
        selection=(payload,),
        steps=(*steps, replace(strange, change=changes[3]), strange),
        identities={address: Identity((payload,))},
        violations=(Violation(*[payload] * 4), Violation(*[payload] * 5)),
        released=(Released(address, (payload,), payload),),
    )


def receipt_of(payload):
    id = step("logging", Delete(Resource(Address("clients", payload), {}))).id
    outcome = Outcome(payload, payload, {payload: payload}, because=(id,))
    fields = dict.fromkeys(
        ["kind", "tenant", "environment", "domain", "digest", "version", "commit", "who", "when"],
        payload,
    )
    return replace(RECEIPT, status=payload, outcomes={id: outcome}, **fields)


def said(payload, vault=None):
    """Every text and every JSON that reports make of *payload*."""
    views = [view_plan(plan_of(payload), B2C, vault, full=full) for full in (True, False)]
    views.append(view_receipt(receipt_of(payload), vault))
    for view in views:
        yield text(view, color=False, width=80)
        yield from strings(as_json(view))
    clean = cleaner(vault)
    problem = Problem(payload, 1, 3, payload, payload, payload)
    yield text_problems([problem], clean=clean)
    yield from strings(problems_as_json([problem], clean=clean))
    (id,) = receipt_of(payload).outcomes
    for outcome in (None, receipt_of(payload).outcomes[id]):
        yield line_for(Event(payload, id, outcome), clean)


def strings(value):
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_no_report_repeats_what_would_not_show_as_itself(payload):
    for each in said(payload):
        assert each.replace("\n", "").isprintable()
        assert not set(each) & set("\u3164\u2800\u115f")


def test_the_only_sequences_in_coloured_text_are_our_own():
    plan = plan_of(PAYLOADS["a cleared screen"])
    coloured = text(view_plan(plan, B2C), color=True, width=80)
    plain = text(view_plan(plan, B2C), color=False, width=80)
    for code in ("1", "2", "31", "32", "33", "36", "1;31", "0"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[0m", "\\x1b[0m"),
        ("\u202e", "\\u202e"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x9b", "\\x9b"),
        ("\U000e0041", "\\U000e0041"),
        ("Hearth & Hollow: Käse, 家, 🙂", "Hearth & Hollow: Käse, 家, 🙂"),
    ],
)
def test_escapes_are_those_that_people_know(text, shown):
    assert visible(text) == shown


@given(st.text())
def test_what_was_made_visible_stays_as_it_is(text):
    once = visible(text)
    assert once.isprintable()
    assert visible(once) == once


def test_a_value_cannot_pass_for_what_the_report_says_itself():
    change = Update(
        Address("clients", "a"),
        (
            Edit(("name",), "a", "b -> c"),
            Edit(("description",), "(not set)", "(secret CRM, changed)"),
            Edit(("logo_uri",), "null", "${clients.b.client_id}"),
        ),
    )
    report = text(view_plan(with_change(change), B2C), color=False, width=100)
    assert 'name: a -> "b -> c"' in report
    assert 'description: "(not set)" -> "(secret CRM, changed)"' in report
    assert 'logo_uri: "null" -> "${clients.b.client_id}"' in report


CANARIES = {
    "a password": "correct-horse-battery-staple",
    "with signs": "p%ss/w+rd=&?<'>",
    "with a quote": 'sa"y\\what',
    "with umlauts": "Schlüsselbund",
    "with a control character": "tick\x07tock",
    "six characters": "k3y#A1",
    "a PEM": "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END KEY-----\n",
    "a token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0",
}


def forms(value):
    data = value.encode()
    yield value
    yield quote(value, safe="")
    yield quote_plus(value)
    yield json.dumps(value)[1:-1]
    yield data.hex()
    for before in ("", "u", "id:", "user:"):
        yield base64.b64encode(before.encode() + data).decode()
        yield base64.urlsafe_b64encode(before.encode() + data + b":x").decode()


@pytest.mark.parametrize("value", CANARIES.values(), ids=CANARIES)
def test_no_report_tells_a_secret_in_any_form(value):
    vault = Vault({"CANARY": value})
    for form in forms(value):
        found = list(said(f"it is {form} !", vault))
        everything = "\n".join(found)
        assert "(secret CANARY)" in everything
        for line in [value, visible(value), *forms(value)]:
            assert line not in everything


@pytest.mark.parametrize("prefix", ["", "a", "ab", "abc"])
def test_base64_around_a_secret_keeps_no_more_than_its_edges(prefix):
    vault = Vault({"CANARY": CANARIES["a password"]})
    encoded = base64.b64encode(f"{prefix}{CANARIES['a password']}!".encode()).decode()
    left = cleaner(vault)(encoded).replace("(secret CANARY)", "|")
    assert len(left) < len(prefix) * 2 + 9


def test_every_line_of_a_key_gives_it_away():
    clean = cleaner(Vault({"PEM": CANARIES["a PEM"]}))
    assert clean("> MIIEvQIBADANBgkqhkiG9w0BAQEFAASC <") == "> (secret PEM) <"


def test_the_longer_of_two_secrets_is_found_first():
    clean = cleaner(Vault({"SHORT": "abcdef", "LONG": "abcdefghi"}))
    assert clean("abcdefghi abcdef") == "(secret LONG) (secret SHORT)"


def test_a_short_value_is_not_looked_for_and_an_empty_vault_changes_nothing():
    assert cleaner(Vault({"PIN": "12345"}))("at 12345") == "at 12345"
    assert cleaner(Vault())("at 12345") == "at 12345"
    assert cleaner(None)("at 12345") == "at 12345"


@pytest.mark.parametrize(
    "fields",
    [
        {"client_secret": "in-the-clear"},
        {"client_metadata": {"crm_api_key": "in-the-clear"}},
        {"client_metadata": {"webhookToken": "in-the-clear"}},
        {"addons": [{"password": "in-the-clear"}]},
    ],
)
def test_a_secret_in_the_clear_is_not_shown_although_nobody_declared_it(fields):
    resource = Resource(Address("clients", "a"), fields)
    (name,) = fields
    edit = Edit((name,), None, fields[name])
    for change in (Create(resource), Delete(resource), Update(resource.address, (edit,))):
        report = text(view_plan(with_change(change), B2C, full=True), color=False, width=100)
        assert "in-the-clear" not in report
        assert "(secret" in report


@pytest.mark.parametrize("name", ["token_endpoint_auth_method", "passwordPolicy", "secret_encoded"])
def test_a_field_that_only_speaks_of_secrets_is_shown(name):
    change = Create(Resource(Address("clients", "a"), {name: "good"}))
    assert f"{name}: good" in text(view_plan(with_change(change), B2C), color=False, width=100)


def test_a_released_secret_is_not_shown():
    released = Released(Address("clients", "a"), ("client_secret",), "in-the-clear")
    report = text(view_plan(replace(CLEAN, released=(released,)), B2C), color=False, width=100)
    assert "released, keeps (secret)" in report


def test_a_reference_to_a_secret_is_no_secret():
    change = Create(
        Resource(Address("connections", "a"), {"options": {"client_secret": Secret("X")}})
    )
    report = text(view_plan(with_change(change), B2C), color=False, width=100)
    assert "options.client_secret: (secret X)" in report
