"""Addresses that Auth0 calls from, and what it calls. All of those in here are for examples."""

from __future__ import annotations

import ipaddress
import json

import pytest

from support.worlds import resource
from tenantctl.engine.calls import calls
from tenantctl.errors import GatewayError
from tenantctl.gateway.outbound import parse, region_of
from tenantctl.kinds import KINDS, write_shape
from tenantctl.model import Address, Ref, Resource, Secret, Tenant, Text

LIST = {
    "last_updated_at": "2026-10-01T00:00:00Z",
    "regions": {
        "EU": {"ipv4_cidrs": ["198.51.100.7/32", "192.0.2.0/28", "192.0.2.0/28"]},
        "US": {"ipv4_cidrs": ["203.0.113.1/32"]},
    },
    "changelog": [
        {"date": "2026-09-30", "region": "EU", "action": "add", "ipv4_cidrs": ["192.0.2.0/28"]},
        {"date": "2026-09-30", "region": "US", "action": "add", "ipv4_cidrs": ["203.0.113.1/32"]},
        {"date": "2026-01-30", "region": "EU", "action": "remove", "ipv4_cidrs": ["192.0.2.9/32"]},
    ],
}


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "ip-ranges.json"
    path.write_text(json.dumps(LIST))
    return str(path)


@pytest.mark.parametrize(
    ("domain", "region"),
    [
        ("shop.eu.auth0.com", "EU"),
        ("shop.US.auth0.com", "US"),
        ("an-old-one.auth0.com", "US"),
        ("shop.jp.auth0.com", "JP"),
        ("shop-dev.sandbox.invalid", ""),
        ("login.shop.example", ""),
        ("shop.eu.auth0.com.evil.example", ""),
        ("a.b.eu.auth0.com", ""),
    ],
)
def test_a_domain_of_auth0_says_its_region(domain, region):
    assert region_of(domain) == region


def test_the_addresses_of_one_region_are_listed_in_order_and_once(project, listed):
    told = project.ok("addresses", "dev", "--from", listed, "--region", "eu", "--as", "plain").out
    assert told == "192.0.2.0/28\n198.51.100.7/32\n"
    assert all(ipaddress.ip_network(line) for line in told.split())


def test_what_is_printed_for_nftables_is_one_set(project, listed):
    told = project.ok("addresses", "dev", "--from", listed, "--region", "EU", "--as", "nftables")
    assert told.out == (
        "# Auth0, region EU, list of 2026-10-01T00:00:00Z\n"
        "set auth0_outbound {\n  type ipv4_addr\n  flags interval\n  elements = {\n"
        "    192.0.2.0/28,\n    198.51.100.7/32\n  }\n}\n"
    )


def test_changes_since_it_was_last_compared_and_what_to_write_down_are_said(project, listed):
    told = project.ok("addresses", "dev", "--from", listed, "--region", "EU").out
    assert "last compared, on 2026-08-29:\n  2026-09-30 add 192.0.2.0/28\n" in told
    assert "203.0.113.1" not in told
    assert "2026-01-30" not in told
    assert 'operations: {egress_allowlist_checked: "' in told


def test_json_carries_everything(project, listed):
    told = project.ok("addresses", "dev", "--from", listed, "--region", "EU", "--json").json
    assert told["addresses"] == ["192.0.2.0/28", "198.51.100.7/32"]
    assert told["updated"] == LIST["last_updated_at"]
    assert told["checked"] == "2026-08-29"
    assert [each["date"] for each in told["changes"]] == ["2026-09-30"]
    assert {each["secret"] for each in told["calls"]} == {"LEGACY_API_URL"}


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        ((), 64, "does not say in which region it is"),
        (("--region", "XX"), 64, "the list has no region XX"),
        (("--region", "EU", "--as", "iptables"), 64, "nothing is printed as iptables"),
    ],
)
def test_what_nobody_knows_is_not_made_up(project, listed, options, code, told):
    ran = project.run("addresses", "dev", "--from", listed, *options)
    assert (ran.code, told in ran.err, ran.out) == (code, True, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "<html>",
        '{"last_updated_at": "x", "regions": {}}',
        '{"last_updated_at": "x", "regions": {"EU": {"ipv4_cidrs": []}}}',
        '{"last_updated_at": "x", "regions": {"EU": {"ipv4_cidrs": ["0.0.0.0/0"]}}}',
        '{"last_updated_at": "x", "regions": {"EU": {"ipv4_cidrs": ["192.0.2.1; drop"]}}}',
        '{"last_updated_at": "x", "regions": {"EU": {"ipv4_cidrs": [5]}}}',
        '{"regions": {"EU": {"ipv4_cidrs": ["192.0.2.1/32"]}}}',
        "[" * 100_000,
    ],
    ids=range(10),
)
def test_what_is_not_the_list_opens_nothing(text):
    with pytest.raises(GatewayError, match="is not the list of Auth0's addresses"):
        parse(text, "a file")


CALLING = [(kind, path) for kind in KINDS.values() for path in kind.calls]


@pytest.mark.parametrize(("kind", "path"), CALLING, ids=[f"{k.name}-{p[-1]}" for k, p in CALLING])
def test_every_field_that_says_whom_auth0_calls_is_one_of_the_api(kind, path):
    shapes = [write_shape(kind, Address(kind.name, "x"), verb) for verb in ("create", "update")]
    text = json.dumps([dict(shape) for shape in shapes])
    assert all(f'"{part}": ' in text for part in path)


def action(code):
    return resource("actions.x", {"name": "x", "code": code, "supported_triggers": {}})


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('await fetch("https://crm.example/v1/x")', [("crm.example", "")]),
        ("await fetch(`https://crm.example:8443/${id}`)", [("crm.example", "")]),
        ("// see https://docs.example/page\n", []),
        ("/* https://docs.example */ fetch(event.secrets.CRM_URL)", [("", "CRM_URL")]),
        ("key = event.secrets.CRM_TOKEN", []),
        ("fetch(`https://${host}/x`)", []),
        ('api.redirect.sendUserTo("https://Shop.Example/terms")', [("shop.example", "")]),
    ],
)
def test_code_names_hosts_or_secrets_that_hold_one(code, found):
    named = [(call.host, call.secret) for call in calls(Tenant.of([action(code)]))]
    assert named == found
    assert not any(call.sure for call in calls(Tenant.of([action(code)])))


@pytest.mark.parametrize(
    ("address", "fields", "host"),
    [
        ("log_streams.a", {"sink": {"httpEndpoint": "https://logs.example:9/x"}}, "logs.example"),
        ("log_streams.a", {"sink": {"splunkDomain": "splunk.example"}}, "splunk.example"),
        ("email_provider", {"credentials": {"smtp_host": "mail.example"}}, "mail.example"),
        (
            "clients.a",
            {"oidc_logout": {"backchannel_logout_urls": ["https://shop.example/out"]}},
            "shop.example",
        ),
        ("connections.a", {"options": {"jwks_uri": "https://idp.example/keys"}}, "idp.example"),
        (
            "event_streams.a",
            {"destination": {"configuration": {"webhook_endpoint": "https://in.example"}}},
            "in.example",
        ),
    ],
)
def test_fields_name_hosts_for_certain(address, fields, host):
    (call,) = calls(Tenant.of([Resource(resource(address, {}).address, fields)]))
    assert (call.host, call.sure) == (host, True)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (Secret("HOOK"), [("", "HOOK")]),
        (Text(("https://in.example/", Secret("PATH"))), [("in.example", "")]),
        (Text(("https://", Secret("HOST"), "/x")), [("", "HOST")]),
        (Text(("https://in", Secret("REST"))), [("", "REST")]),
        (Ref(resource("clients.a", {}).address), []),
        ("not a host", []),
        (None, []),
    ],
)
def test_what_a_secret_hides_is_said_to_be_hidden(value, found):
    there = resource("log_streams.a", {}).address
    named = calls(Tenant.of([Resource(there, {"sink": {"httpEndpoint": value}})]))
    assert [(call.host, call.secret) for call in named] == found
