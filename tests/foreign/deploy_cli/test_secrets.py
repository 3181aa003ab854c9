"""No value of a secret comes out of a configuration, and every secret has a name."""

from __future__ import annotations

import json

import pytest

from foreign.deploy_cli.made_up import told, write
from tenantctl.foreign.deploy_cli import read
from tenantctl.foreign.deploy_cli.seal import says_secret
from tenantctl.foreign.item import Made
from tenantctl.model import Secret, Text, Var

VALUE = "s3cr3t-VALUE-that-nobody-may-see"


def one(tmp_path, source, keywords=None, **files):
    """A YAML source with one mapping."""
    text = source if isinstance(source, str) else json.dumps(source)
    write(tmp_path, {"tenant.yaml": text, "dev.json": json.dumps(keywords or {}), **files})
    found = read(tmp_path, {"dev": tmp_path / "dev.json"})["dev"]
    assert VALUE not in repr(found)
    assert not any(VALUE in str(value) for value in found.variables.values())
    return found


def fields(source, kind):
    return next(item.fields for item in source.items if item.kind == kind)


NAMES = [
    ("CRM_CLIENT_SECRET", True),
    ("CONN_SECRET_CORPORATE", True),
    ("SMTP_PASS", True),
    ("SHOP_API_PWD", True),
    ("shopApiKey", True),
    ("STRIPE_API_KEY", True),
    ("APPLE_PRIVATE_KEY", True),
    ("SEGMENT_WRITE_KEY", True),
    ("ACCESS_TOKEN", True),
    ("TOKEN_LIFETIME", False),
    ("PASSWORD_RESET_URL", False),
    ("PASSWORD_POLICY", False),
    ("TOKEN_ENDPOINT", False),
    ("SECRET_ID", False),
    ("CLIENT_ID", False),
    ("COMPASS_URL", False),
    ("KEY", False),
    ("API_IDENTIFIER", False),
]


@pytest.mark.parametrize(("keyword", "secret"), NAMES)
def test_the_name_of_a_keyword_says_whether_it_is_secret(keyword, secret):
    assert says_secret(keyword) is secret


CONNECTION = "connections: [{name: c, strategy: oidc, options: {client_id: '##ID##', %s}}]"
FIELDS = [
    # the field as it is written, keywords, what it becomes
    ("client_secret: '##CRM_SECRET##'", {"CRM_SECRET": VALUE}, Secret("CRM_SECRET")),
    ("client_secret: @@CRM_SECRET@@", {"CRM_SECRET": VALUE}, Secret("CRM_SECRET")),
    ("client_secret: @@CRM_SECRET@@", {"CRM_SECRET": f"{VALUE}\n"}, Secret("CRM_SECRET")),
    ("client_secret: '##CRM##'", {"CRM": VALUE}, Secret("CRM")),
    (
        "client_secret: 'x-##CRM_SECRET##'",
        {"CRM_SECRET": VALUE},
        Text(("x-", Secret("CRM_SECRET"))),
    ),
    (f"client_secret: {VALUE}", {}, Secret("C_CLIENT_SECRET")),
    ("client_secret: 123456", {}, Secret("C_CLIENT_SECRET")),
    ("client_secret: '##GONE##'", {}, Secret("GONE")),
    ("client_secret: @@GONE@@", {}, Secret("GONE")),
    ("client_secret: _VALUE_NOT_SHOWN_", {}, Secret("C_CLIENT_SECRET")),
    ("client_secret: ''", {}, None),
    ("client_secret: null", {}, None),
    ("client_secret: '##ID##'", {"ID": VALUE[:8]}, Secret("C_CLIENT_SECRET")),
]


@pytest.mark.parametrize(("said", "keywords", "expected"), FIELDS)
def test_a_secret_field_becomes_the_name_of_a_secret(said, keywords, expected, tmp_path):
    source = one(tmp_path, CONNECTION % said, {"ID": "abc", **keywords})
    options = fields(source, "connections")["options"]
    assert options.get("client_secret") == expected
    assert not isinstance(options.get("client_secret"), Made)
    assert options["client_id"].source == Var("id")


def test_a_keyword_that_is_a_secret_field_once_and_public_elsewhere_is_no_secret(tmp_path):
    source = "rulesConfigs: [{key: HOST, value: '##HOST##'}]\ntenant: {support_url: '##HOST##'}"
    found = one(tmp_path, source, {"HOST": "https://shop.example"})
    assert fields(found, "rules_configs") == {"value": Secret("HOST")}
    assert fields(found, "tenant")["support_url"].source == Var("host")
    assert found.variables == {"host": "https://shop.example"}


def test_a_secret_where_everybody_reads_it_is_left_out_and_told(tmp_path):
    source = "tenant: {support_url: 'https://x/##KEY_SECRET##', friendly_name: Shop}"
    found = one(tmp_path, source, {"KEY_SECRET": VALUE})
    assert fields(found, "tenant") == {"friendly_name": "Shop"}
    assert told(found) == [
        "mistake: tenant: support_url holds a secret that everybody can read",
        "secret: the keyword KEY_SECRET is a secret, and the mapping has its value",
    ]
    assert (found.notes[1].where, found.notes[1].help) == (
        "dev.json:1:2",
        "supply it as KEY_SECRET, and take it out of the file",
    )


def test_a_secret_is_found_where_it_cannot_be_traced(tmp_path):
    source = "tenant: {friendly_name: Shop, allowed_logout_urls: [a ##MORE_SECRET##]}"
    found = one(tmp_path, source, {"MORE_SECRET": f", https://{VALUE}"})
    assert fields(found, "tenant") == {"friendly_name": "Shop", "allowed_logout_urls": ["a"]}
    assert [note.level for note in found.notes] == ["mistake", "secret"]


def test_a_secret_that_makes_the_file_unreadable_is_not_in_what_is_said_of_it(tmp_path):
    for value in (f"*{VALUE}", f"!{VALUE}", f"&{VALUE} {{", f'"{VALUE}', f"{VALUE}: {{"):
        found = one(tmp_path, "tenant: {support_url: ##A_SECRET##}", {"A_SECRET": value})
        assert found.items == () or VALUE not in repr(found.items)


SCRIPT = "databases: [{name: d, options: {customScripts: {login: ./login.js}}}]"


def test_scripts_of_databases_read_their_secrets_from_configuration(tmp_path):
    code = "const S = '##CRM_SECRET##', H = '##HOST##', T = @@CRM_SECRET@@;"
    keywords = {"CRM_SECRET": VALUE, "HOST": "shop.example"}
    found = one(tmp_path, SCRIPT, keywords, **{"login.js": code})
    options = fields(found, "connections")["options"]
    script = options["customScripts"]["login"]
    assert script == (
        "const S = configuration.CRM_SECRET, H = 'shop.example', T = configuration.CRM_SECRET;"
    )
    assert script.source == Text(
        (
            "const S = configuration.CRM_SECRET, H = '",
            Var("host"),
            "', T = configuration.CRM_SECRET;",
        )
    )
    assert options["configuration"] == {"CRM_SECRET": Secret("CRM_SECRET")}
    assert [note.level for note in found.notes] == ["guess", "secret"]


def test_rules_read_their_secrets_from_configuration_which_is_set_once(tmp_path):
    source = "rules: [{name: a, script: ./a.js}, {name: b, script: ./a.js}]"
    found = one(tmp_path, source, {"CRM_SECRET": VALUE}, **{"a.js": "f('##CRM_SECRET##')"})
    assert [i.fields.get("script") for i in found.items if i.kind == "rules"] == [
        "f(configuration.CRM_SECRET)"
    ] * 2
    settings = [(i.owners, i.fields) for i in found.items if i.kind == "rules_configs"]
    assert settings == [(("CRM_SECRET",), {"value": Secret("CRM_SECRET")})]


def test_a_setting_of_rules_that_is_declared_is_not_made_again(tmp_path):
    source = (
        "rules: [{name: a, script: ./a.js}]\n"
        "rulesConfigs: [{key: CRM_SECRET, value: '##CRM_SECRET##'}]"
    )
    found = one(tmp_path, source, {"CRM_SECRET": VALUE}, **{"a.js": "f('##CRM_SECRET##')"})
    assert [i.at.line for i in found.items if i.kind == "rules_configs"] == [2]


CODE = [
    (SCRIPT, "const S = 'x##CRM_SECRET##';"),
    (SCRIPT, "const S = ##CRM_SECRET##;"),
    ("actions: [{name: a, code: ./login.js, supported_triggers: []}]", "f('##CRM_SECRET##')"),
    ("pages: [{name: error_page, html: ./login.js}]", "<p>##CRM_SECRET##</p>"),
    ("emailTemplates: [{template: reset_email, body: ./login.js}]", "@@CRM_SECRET@@"),
]


@pytest.mark.parametrize(("source", "code"), CODE)
def test_code_that_holds_a_secret_is_left_out_and_told(source, code, tmp_path):
    found = one(tmp_path, source, {"CRM_SECRET": VALUE}, **{"login.js": code})
    losses = [n for n in found.notes if n.level == "loss"]
    assert ["holds a secret" in n.message for n in losses] == [True]
    assert losses[0].help.startswith("it was left out: take the secret out of the file")
    assert losses[0].line


UNTRACED = [
    ("const S = @@CRM_SECRETS@@;", [VALUE]),
    ("const S = @@CRM_SECRETS@@;", "words alone,\nin two lines"),
]


@pytest.mark.parametrize(("code", "value"), UNTRACED)
def test_a_secret_that_cannot_be_traced_in_code_is_found_by_its_value(code, value, tmp_path):
    source = "actions: [{name: a, code: ./a.js, supported_triggers: []}]"
    found = one(tmp_path, source, {"CRM_SECRETS": value}, **{"a.js": code})
    assert "words alone" not in repr(found)
    assert "loss: a: code holds a secret" in told(found)


def test_what_an_export_hides_of_no_secret_is_left_out_and_told(tmp_path):
    found = one(tmp_path, "tenant: {friendly_name: _VALUE_NOT_SHOWN_, support_url: x}")
    assert fields(found, "tenant") == {"support_url": "x"}
    assert told(found) == ["loss: tenant: friendly_name was hidden by the export"]


def test_a_marker_that_nobody_resolves_drops_its_field_and_stays_inside_texts_and_lists(tmp_path):
    source = (
        "tenant: {friendly_name: '##A##', support_url: 'x##A##', allowed_logout_urls: ['##A##']}"
    )
    found = one(tmp_path, source)
    assert fields(found, "tenant") == {"support_url": "x##A##", "allowed_logout_urls": ["##A##"]}
    assert [(n.level, n.column) for n in found.notes] == [
        ("mistake", 26),
        ("mistake", 49),
        ("mistake", 80),
    ]


def test_what_is_secret_in_one_environment_is_secret_in_all(tmp_path):
    source = "rulesConfigs: [{key: A, value: '##KEY##'}]\nrules: [{name: r, script: ./r.js}]"
    write(tmp_path, {"tenant.yaml": source, "r.js": "f('##KEY##')"})
    write(tmp_path, {"dev.json": '{"KEY": "dev-value-1"}', "prod.json": '{"KEY": "prod-value-1"}'})
    found = read(tmp_path, {name: tmp_path / f"{name}.json" for name in ("dev", "prod")})
    assert "value-1" not in repr(found)
    for each in found.values():
        assert {
            i.owners[0]: i.fields["value"] for i in each.items if i.kind == "rules_configs"
        } == {
            "A": Secret("KEY"),
            "KEY": Secret("KEY"),
        }


def test_secrets_have_names_of_their_own_and_the_same_in_every_environment(tmp_path):
    listed = [
        {"name": name, "strategy": "oidc", "options": {"client_id": "x", "client_secret": VALUE}}
        for name in ("a b", "a-b", "a_b")
    ]
    write(tmp_path, {"tenant.yaml": json.dumps({"connections": listed}), "m.json": "{}"})
    found = read(tmp_path, {"dev": tmp_path / "m.json", "prod": tmp_path / "m.json"})
    names = {
        env: [item.fields["options"]["client_secret"].name for item in source.items]
        for env, source in found.items()
    }
    assert names["dev"] == names["prod"]
    assert len(set(names["dev"])) == 3
