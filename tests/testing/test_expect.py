"""What tests in YAML can expect of a tenant, and how they tell what is otherwise."""

from __future__ import annotations

import pytest

from tenantctl.errors import FilesError
from tenantctl.files.testing import read_tests
from tenantctl.model import Address, Ref, Resource, Secret, Tenant, Text
from tenantctl.testing.expect import unmet

WEB = Address("clients", "web")
TENANT = Tenant.of(
    [
        Resource(
            WEB,
            {
                "name": "Web",
                "callbacks": ["https://b.example", "https://a.example"],
                "grant_types": ["authorization_code", "refresh_token"],
                "is_first_party": True,
                "client_metadata": {"a.b": "dotted", "$x": "1"},
                "refresh_token": {"rotation_type": "rotating", "token_lifetime": 100},
                "jwt_configuration": {"lifetime_in_seconds": 1},
                "initiate_login_uri": Text(("https://", Ref(WEB, "client_id"))),
            },
        ),
        Resource(
            Address("actions", "claims"),
            {
                "supported_triggers": [{"id": "post-login", "version": "v3"}],
                "secrets": [{"name": "KEY", "value": Secret("KEY")}],
            },
        ),
        Resource(
            Address("client_grants", "batch-api"),
            {"client_id": Ref(Address("clients", "batch"), "client_id"), "scope": ["b", "a"]},
        ),
        Resource(Address("tenant", ""), {"friendly_name": "Shop"}),
    ]
)


def case_of(tmp_path, text: str):
    folder = tmp_path / "tenants" / "shop" / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "some.yaml").write_text(text)
    return read_tests(tmp_path, "shop").cases


def told(tmp_path, expect: str) -> list[str]:
    (case,) = case_of(tmp_path, f"it:\n  expect:\n    {expect}\n")
    return [line.split(": ", 1)[1] for line in unmet(case, TENANT, {})]


@pytest.mark.parametrize(
    "expect",
    [
        "clients.web.name: Web",
        "clients.web: {name: Web, is_first_party: true}",
        "clients.web.callbacks: [https://a.example, https://b.example]",
        "clients.web.callbacks: {$contains: https://a.example, $lacks: https://c.example}",
        "clients.web.callbacks: {$length: 2}",
        "clients.web.refresh_token: {rotation_type: rotating, token_lifetime: {$at_most: 100}}",
        "clients.web.refresh_token.token_lifetime: {$at_least: 100}",
        "clients.web.jwt_configuration.lifetime_in_seconds: 1",
        "clients.web.name: {$matches: ^W}",
        "clients.web.name: {$contains: eb}",
        "clients.web.client_metadata: {a.b: dotted}",
        'clients.web.client_metadata."a.b": dotted',
        "clients.web.client_metadata: {$length: 2}",
        "clients.web.refresh_token: {$equals: {rotation_type: rotating, token_lifetime: 100}}",
        "clients.web.initiate_login_uri: {$matches: '^https://.{2}clients.web.client_id'}",
        "clients.web.web_origins: {$absent: true}",
        "clients.legacy: {$absent: true}",
        "clients.web: {$present: true}",
        "actions.claims.supported_triggers.post-login: v3",
        "actions.claims.supported_triggers: {post-login: v3}",
        "actions.claims.secrets.KEY: {$present: true}",
        "actions.claims.secrets: {$length: 1}",
        "client_grants.batch-api: {client_id: batch, scope: [a, b]}",
        "tenant.friendly_name: Shop",
        "tenant: {friendly_name: Shop}",
    ],
)
def test_what_is_so_is_met(tmp_path, expect):
    assert told(tmp_path, expect) == []


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ("clients.web.name: Shop", "clients.web.name is 'Web', not 'Shop'"),
        ("clients.web.is_first_party: 1", "is True, not 1"),
        ("clients.web.jwt_configuration.lifetime_in_seconds: true", "is 1, not True"),
        ("clients.web.callbacks: [https://a.example]", "is ['https://b.example'"),
        ("clients.web.callbacks: {$contains: https://c.example}", "does not contain"),
        ("clients.web.callbacks: {$lacks: https://a.example}", "contains 'https://a.example'"),
        ("clients.web.callbacks: {$length: 3}", "has length 2, not 3"),
        ("clients.web.callbacks: {$matches: a}", "does not match a"),
        ("clients.web.nothing: 1", "clients.web.nothing is not there, not 1"),
        ("clients.web.nothing: {$lacks: x, $present: true}", "is not there"),
        ("clients.web.nothing: {$contains: x}", "does not contain 'x': it is not there"),
        ("clients.web.nothing: {$at_most: 1}", "is not there, more than 1"),
        ("clients.web.nothing: {$length: 0}", "has length not there, not 0"),
        ("clients.web.name: {$absent: true}", "is 'Web'"),
        ("clients.web.name: {$present: false}", "is 'Web'"),
        ("clients.web.name.deeper: 1", "clients.web.name.deeper is not there"),
        ("clients.web.refresh_token.token_lifetime: {$at_most: 99}", "is 100, more than 99"),
        ("clients.web.refresh_token.token_lifetime: {$at_least: 101}", "is 100, less than 101"),
        ("clients.web.is_first_party: {$at_least: 0}", "is True, less than 0"),
        ("clients.web.refresh_token: {$equals: {rotation_type: rotating}}", "not {'rotation"),
        ("clients.other.name: x", "clients.other.name is not there"),
        ("actions.claims.supported_triggers.post-login: v2", "is 'v3', not 'v2'"),
        ("actions.claims.supported_triggers.other: v2", "is not there, not 'v2'"),
        ("client_grants.batch-api.scope: [a]", "is ['b', 'a'], not ['a']"),
        ("client_grants.batch-api.client_id: other", "is 'batch', not 'other'"),
    ],
)
def test_what_is_otherwise_is_told(tmp_path, expect, said):
    (only,) = told(tmp_path, expect)
    assert said in only


def test_everything_that_is_otherwise_is_told_with_its_line(tmp_path):
    expect = "    clients.web:\n      name: A\n      callbacks: {$length: 1}\n"
    text = f"it:\n  expect:\n{expect}  counts: {{clients: 2}}\n"
    (case,) = case_of(tmp_path, text)
    assert [line.split(": ")[0] for line in unmet(case, TENANT, {"clients": 1})] == [
        "tenants/shop/tests/some.yaml:4:7",
        "tenants/shop/tests/some.yaml:5:7",
        "tenants/shop/tests/some.yaml:1",
    ]
    assert list(unmet(case, TENANT, {"clients": 2}))[-1].endswith("has length 2, not 1")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("it:\n  expect: {client.web.name: x}\n", "there is no kind client"),
        ("it:\n  expect: {clients: 1}\n", "clients is no address"),
        ("it:\n  expect: {clients.web: {$contain: x}}\n", "unknown operator $contain"),
        ("it:\n  expect: {clients.web: {$matches: '('}}\n", "( is no regular expression"),
        ("it:\n  expect: {clients.web: {$length: many}}\n", "$length cannot be asked with that"),
        ("it:\n  expect: {clients.web: {$contains: [x]}}\n", "$contains cannot be asked with that"),
        ("it:\n  counts: {client: 1}\n", "there is no kind client"),
        ("it:\n  counts: {clients: many}\n", "the count of clients must be a number"),
        ("it:\n  counts: {clients: true}\n", "the count of clients must be a number"),
        ("it:\n  environments: [prod]\n", "it expects nothing"),
        ("it: {}\n", "it expects nothing"),
        ("it:\n  mock: maybe\n", "mock must be true or false"),
        ("it:\n  mock: true\n  phases: [one]\n", "a phase must be a number"),
        ("it:\n  mock: true\n  environment: prod\n", "unknown key environment"),
        ("- it\n", "a map"),
        ("it:\n  expect: {clients.web.name: !var x}\n", "!var means nothing here"),
        ('it:\n  expect: {clients.web.name: "${var.x}"}\n', "means nothing here"),
    ],
)
def test_what_is_no_test_is_told(tmp_path, text, said):
    with pytest.raises(FilesError) as caught:
        case_of(tmp_path, text)
    assert any(said in problem.message for problem in caught.value.problems)
    assert all(problem.file == "tenants/shop/tests/some.yaml" for problem in caught.value.problems)


def test_test_files_are_known_by_their_names(tmp_path):
    folder = tmp_path / "tenants" / "shop" / "tests"
    (folder / "below").mkdir(parents=True)
    for name in ("a.test.mjs", "below/b.test.js", "helper.mjs", "notes.md", ".hidden.test.mjs"):
        (folder / name).write_text("")
    found = read_tests(tmp_path, "shop")
    assert found.code == ("tenants/shop/tests/a.test.mjs", "tenants/shop/tests/below/b.test.js")
    assert found.cases == ()
