"""What files may say, and the tenant that comes out."""

from __future__ import annotations

import pytest

from tenantctl.errors import FilesError, UsageError
from tenantctl.files import find, load, read_environment
from tenantctl.model import Address, Identity, Ref, Secret, Text

PROD = "environments/shop/prod.yaml"
DEV = "environments/shop/dev.yaml"
TENANT = "tenants/shop/tenant.yaml"


def fields(root, address, env="dev"):
    desired = load(root, "shop", env).desired
    return desired.tenant.resources[Address.parse(address)].fields


def declaration(root, address, env="dev"):
    return load(root, "shop", env).desired.declarations[Address.parse(address)]


def test_a_bare_key_becomes_a_reference(phase1):
    root = phase1("username_password: {tenant: {default_directory: customers}}\n")
    assert fields(root, "tenant") == {
        "default_directory": Ref(Address("connections", "customers"), "name")
    }
    assert fields(root, "connection_clients.customers") == {
        "clients": [Ref(Address("clients", "web"), "client_id")]
    }


def test_a_keyword_of_another_tool_that_was_left_is_told_where_it_stands(phase1):
    root = phase1(
        """\
application_integration:
  clients:
    admin: {description: "## A title ## with a#b", callbacks: ["https://##SHOP_HOST##/cb"]}
tenant_provision:
  tenant: {friendly_name: !file name.txt}
""",
        **{"tenants/shop/name.txt": "The ##NAME## shop"},
    )
    left = load(root, "shop", "dev").warnings
    assert [(w.file.rpartition("/")[2], w.line, w.message.split()[2]) for w in left] == [
        ("name.txt", 0, "##NAME##"),
        ("case.yaml", 3, "##SHOP_HOST##"),
    ]
    assert left[1].help.startswith('write "${var.shop_host}"')


def test_markers_in_a_text_become_references_secrets_and_text(phase1):
    root = phase1(
        """\
application_integration:
  clients:
    admin: {description: "id ${clients.web.client_id} $${kept} {{ user.name }} @@too@@"}
    other: {description: "${clients.web.client_id}"}
username_password:
  connections:
    erp: {strategy: oidc, options: {client_secret: "x-${secret.KEY}"}}
"""
    )
    web = Ref(Address("clients", "web"), "client_id")
    assert fields(root, "clients.admin")["description"] == Text(
        ("id ", web, " ${kept} {{ user.name }} @@too@@")
    )
    assert fields(root, "clients.other")["description"] == web
    secret = fields(root, "connections.erp")["options"]["client_secret"]
    assert secret == Text(("x-", Secret("KEY")))


def test_variables_keep_their_type_alone_and_become_text_inside_text(project, small):
    root = project(
        small.more(
            """\
logout:
  tenant: {session_lifetime: !var hours, flags: {enable_sso: !var sso}}
  clients:
    web: {description: "${var.hours} ${var.sso}", allowed_logout_urls: !var urls}
""",
            ["url: {}", "hours: {type: integer}", "sso: {type: boolean}", "urls: {type: list}"],
            'url: "https://shop.example", hours: 24, sso: true, urls: [a, b]',
        )
    )
    assert fields(root, "tenant") == {"session_lifetime": 24, "flags": {"enable_sso": True}}
    web = fields(root, "clients.web")
    assert web["description"] == "24 true"
    assert web["allowed_logout_urls"] == ["a", "b"]


def test_a_file_is_verbatim_and_a_template_is_resolved(phase1):
    root = phase1(
        """\
id_token_claims:
  actions:
    plain: {code: !file actions/a.js, supported_triggers: {post-login: v3}}
    made: {code: !template actions/a.js, supported_triggers: {post-login: v3}}
""",
        **{"tenants/shop/actions/a.js": "const u = '${var.url}'; // $${x} {{ y }}\n"},
    )
    assert fields(root, "actions.plain")["code"] == "const u = '${var.url}'; // $${x} {{ y }}\n"
    made = "const u = 'https://shop.example'; // ${x} {{ y }}\n"
    assert fields(root, "actions.made")["code"] == made


def test_null_is_kept_and_absence_is_not_invented(phase1):
    root = phase1("logout: {clients: {web: {description: null}}}\n")
    web = fields(root, "clients.web")
    assert web["description"] is None
    assert set(web) == {"name", "callbacks", "description"}


def test_a_natural_key_that_is_not_written_is_the_stable_key(phase1):
    root = phase1(
        """\
application_integration:
  clients: {admin: {}}
  network_acls: {geo: {active: true, rule: {action: {block: true}, scope: management}}}
"""
    )
    assert fields(root, "clients.admin") == {"name": "admin"}
    assert declaration(root, "clients.admin").identity == Identity(("admin",))
    assert declaration(root, "network_acls.geo").identity.key == ("geo",)
    assert declaration(root, "clients.web").identity.key == ("Web",)


def test_a_system_object_is_known_by_its_template_and_writes_no_key(phase1):
    root = phase1(
        """\
tenant_provision:
  resource_servers: {management-api: {token_lifetime: 3600}}
"""
    )
    assert fields(root, "resource_servers.management-api", "prod") == {"token_lifetime": 3600}
    key = declaration(root, "resource_servers.management-api", "prod").identity.key
    assert key == ("https://shop.eu.auth0.com/api/v2/",)


def test_a_system_object_can_be_named_without_being_declared(phase1):
    root = phase1(
        """\
application_integration:
  client_grants: {web: {management-api: {client: {scope: ["read:users"]}}}}
"""
    )
    api = Ref(Address("resource_servers", "management-api"), "identifier")
    grant = fields(root, "client_grants.web/management-api/client")
    assert grant == {
        "client_id": Ref(Address("clients", "web"), "client_id"),
        "audience": api,
        "subject_type": "client",
        "scope": ["read:users"],
    }
    named = declaration(root, "resource_servers.management-api")
    assert named.topics == ()
    assert named.identity.key == ("https://shop-dev.sandbox.invalid/api/v2/",)


def test_fixed_keys_keep_their_spelling_and_fill_the_field_that_they_name(phase1):
    root = phase1(
        """\
account_verification:
  email_templates: {verify_email: {enabled: true}}
  prompt_custom_text: {login: {pt-BR: {login: {title: Bom dia}}}}
  attack_protection: {captcha: {active_provider_id: arkose}}
"""
    )
    assert fields(root, "email_templates.verify_email")["template"] == "verify_email"
    assert declaration(root, "email_templates.verify_email").identity.key == ("verify_email",)
    assert fields(root, "prompt_custom_text.login/pt-BR") == {"login": {"title": "Bom dia"}}
    assert fields(root, "attack_protection.captcha") == {"active_provider_id": "arkose"}


def test_an_association_is_a_list_or_a_map_with_a_mode(phase1):
    root = phase1(
        """\
username_password:
  connections:
    staff: {strategy: auth0, clients: {$mode: exclusive, web: {}}}
  roles:
    clerk: {permissions: {orders: ["read:orders", "write:orders"]}}
  resource_servers:
    orders: {identifier: "https://o.example", scopes: {"read:orders": R, "write:orders": W}}
"""
    )
    web = Ref(Address("clients", "web"), "client_id")
    assert fields(root, "connection_clients.staff") == {"clients": [web]}
    assert declaration(root, "connection_clients.staff").mode == "exclusive"
    assert declaration(root, "connection_clients.customers").mode == "managed"
    orders = Ref(Address("resource_servers", "orders"), "identifier")
    assert fields(root, "role_permissions.clerk") == {
        "permissions": [
            {"resource_server_identifier": orders, "permission_name": "read:orders"},
            {"resource_server_identifier": orders, "permission_name": "write:orders"},
        ]
    }


def test_weights_order_a_sequence_then_the_playbook_then_the_file(phase1):
    root = phase1(
        """\
id_token_claims:
  actions:
    a: {code: x, supported_triggers: {post-login: v3}}
    b: {code: x, supported_triggers: {post-login: v3}}
    c: {code: x, supported_triggers: {post-login: v3}}
    d: {code: x, supported_triggers: {post-login: v3}}
  trigger_bindings:
    post-login: {d: {}, c: {}, a: {$at: 10}}
account_verification:
  trigger_bindings:
    post-login: {b: {}}
"""
    )
    bindings = fields(root, "trigger_bindings.post-login")["bindings"]
    assert [each["action"].address.key for each in bindings] == ["a", "b", "d", "c"]
    assert all(set(each) == {"action", "display_name"} for each in bindings)


def test_only_leaves_a_resource_and_what_hangs_on_it_out(phase1):
    root = phase1(
        """\
username_password:
  connections:
    trial: {$only: ["kind:production"], strategy: auth0, clients: [web]}
"""
    )
    dev, prod = load(root, "shop", "dev").desired, load(root, "shop", "prod").desired
    trial, link = Address("connections", "trial"), Address("connection_clients", "trial")
    assert dev.withheld == {trial: "only", link: "only"}
    assert trial not in dev.tenant.resources
    assert trial not in dev.declarations
    assert prod.withheld == {}
    assert {trial, link} <= prod.tenant.resources.keys()


def test_a_declined_topic_and_a_hold_withhold(project, small):
    root = project(
        {DEV: small.FILES[DEV] + "topics: {email_provider: declined}\nhold: [connections.*]\n"}
    )
    assert load(root, "shop", "dev").desired.withheld == {
        Address("email_provider"): "declined",
        Address("connections", "customers"): "hold",
        Address("connection_clients", "customers"): "hold",
    }


def test_meta_keys_stand_in_the_declaration_and_not_in_the_fields(phase1):
    root = phase1(
        """\
application_integration:
  clients: {admin: {$was: [backoffice, Back Office], $protect: true}}
"""
    )
    assert fields(root, "clients.admin") == {"name": "admin"}
    found = declaration(root, "clients.admin")
    assert found.identity.was == ("backoffice", "Back Office")
    assert found.protect
    assert found.topics == ("application_integration",)
    assert str(found.home) == "tenants/shop/phase1/case.yaml:2:13"


def test_whoever_writes_the_natural_key_is_the_home(phase1):
    root = phase1(
        "account_verification: {clients: {web: {description: x}}}\n"
        "logout: {clients: {web: {logo_uri: x}}}\n"
    )
    found = declaration(root, "clients.web")
    assert found.home.file == "tenants/shop/phase1/base.yaml"
    assert set(found.topics) == {"application_integration", "account_verification", "logout"}


def test_elements_of_a_set_are_united_once_each(phase1):
    root = phase1(
        'logout: {clients: {web: {callbacks: ["https://b.example", "${var.url}/callback"]}}}\n'
    )
    assert fields(root, "clients.web")["callbacks"] == [
        "https://shop.example/callback",
        "https://b.example",
    ]


def test_overrides_merge_maps_replace_the_rest_and_patch_lists(phase1, small):
    root = phase1(
        """\
application_integration:
  clients:
    admin:
      description: Base
      client_metadata: {a: "1", b: "2"}
      callbacks: [x, w]
      web_origins: [x, w]
      allowed_origins: [x]
      logo_uri: z
""",
        **{
            DEV: small.FILES[DEV]
            + """\
overrides:
  clients.admin:
    description: "Over ${var.url}"
    client_metadata: {b: "3", c: "4"}
    callbacks: !append [z, x]
    web_origins: !without [x]
    allowed_origins: [q]
    logo_uri: !unmanaged
    sso_disabled: true
  connections.customers:
    clients: !append [admin]
"""
        },
    )
    assert fields(root, "clients.admin") == {
        "name": "admin",
        "description": "Over https://shop.example",
        "client_metadata": {"a": "1", "b": "3", "c": "4"},
        "callbacks": ["x", "w", "z"],
        "web_origins": ["w"],
        "allowed_origins": ["q"],
        "sso_disabled": True,
    }
    links = fields(root, "connection_clients.customers")["clients"]
    assert [ref.address.key for ref in links] == ["web", "admin"]


def test_what_hangs_on_a_resource_can_be_let_go_in_one_environment(phase1, small):
    key = {"credential_type": "public_key", "pem": "P"}
    body = ", ".join(f"{name}: {value}" for name, value in key.items())
    overrides = """\
overrides:
  connections.customers:
    clients: !unmanaged
  connections.erp:
    scim_configuration: !unmanaged
  clients.job:
    credentials:
      old: !unmanaged
"""
    root = phase1(
        f"""\
username_password:
  connections:
    erp:
      strategy: oidc
      scim_configuration: {{user_id_attribute: externalId}}
application_integration:
  clients:
    job: {{app_type: non_interactive, credentials: {{old: {{{body}}}, new: {{{body}}}}}}}
""",
        **{DEV: small.FILES[DEV] + overrides},
    )
    gone = {"connection_clients.customers", "connection_scim_configuration.erp"}
    gone.add("client_credentials.job/old")
    for env, withheld in (("dev", gone), ("prod", set())):
        desired = load(root, "shop", env).desired
        assert {str(a) for a, why in desired.withheld.items() if why == "unmanaged"} == withheld
        there = {str(address) for address in desired.tenant.resources}
        assert there & gone == gone - withheld
        assert "client_credentials.job/new" in there


def test_what_hangs_on_two_resources_may_have_one_name(phase1):
    body = "{credentials: {current: {credential_type: public_key, pem: P}}}"
    root = phase1(f"application_integration: {{clients: {{one: {body}, two: {body}}}}}\n")
    keys = {fields(root, f"client_credentials.{key}/current")["name"] for key in ("one", "two")}
    assert keys == {"current"}


def test_a_secret_that_only_another_environment_uses_is_in_use(project, small):
    tenant = small.FILES[TENANT] + "  CODE: {description: Opens the other provider.}\n"
    over = """\
overrides:
  email_provider:
    credentials: {api_key: !secret CODE}
"""
    prod = small.FILES[PROD].replace("secrets: {", "secrets: {CODE: {from: env:CODE}, ")
    with pytest.raises(FilesError, match="nothing uses the secret CODE"):
        load(project({TENANT: tenant}), "shop", "dev")
    root = project({TENANT: tenant, PROD: prod + over})
    assert fields(root, "email_provider")["credentials"] == {"api_key": Secret("KEY")}
    assert fields(root, "email_provider", "prod")["credentials"] == {"api_key": Secret("CODE")}


def test_an_environment_inherits_but_keeps_its_own_domain_and_kind(project):
    root = project(
        {
            "environments/shop/qa.yaml": (
                "kind: qa\ndomain: shop-qa.eu.auth0.com\ninherits: prod\npromotes_from: dev\n"
                'variables: {url: "https://qa.example"}\npolicy: {max_deletes: 3}\n'
            ),
            PROD: (
                "kind: production\ndomain: shop.eu.auth0.com\n"
                'variables: {url: "https://www.shop.example"}\n'
                "secrets: {KEY: {from: env:MAIL_KEY, version: 3}}\nfingerprint_key: env:FP\n"
                "policy: {delete: managed, max_deletes: 10%, approval: manual}\n"
                "overrides: {clients.web: {description: From production}}\n"
            ),
        }
    )
    qa = read_environment(root, "shop", "qa")
    assert (qa.kind, qa.domain, qa.promotes_from) == ("qa", "shop-qa.eu.auth0.com", "dev")
    assert qa.fingerprint_key is None
    assert qa.secrets["KEY"].version == "3"
    assert (qa.policy.delete, qa.policy.max_deletes, qa.policy.approval) == ("managed", 3, "manual")
    assert fields(root, "clients.web", "qa")["description"] == "From production"
    assert fields(root, "clients.web", "qa")["callbacks"] == ["https://qa.example/callback"]
    assert read_environment(root, "shop", "prod").policy.max_deletes == 0.1


def test_an_override_of_something_withheld_is_a_warning(phase1, small):
    root = phase1(
        "application_integration: {clients: {beta: {$only: [prod]}}}\n",
        **{DEV: small.FILES[DEV] + "overrides: {clients.beta: {description: x}}\n"},
    )
    (warning,) = load(root, "shop", "dev").warnings
    assert warning.message == "this override has no effect: its $only leaves this environment out"


def test_a_domain_that_is_not_auth0s_is_a_warning(project, small):
    root = project({PROD: small.FILES[PROD].replace("shop.eu.auth0.com", "login.shop.example")})
    (warning,) = load(root, "shop", "prod").warnings
    assert warning.message.startswith("login.shop.example is not below auth0.com")


def test_pins_are_identities_also_of_what_is_not_declared(phase1, small):
    root = phase1(
        "username_password: {tenant: {default_directory: legacy}}\n",
        **{DEV: small.FILES[DEV] + "pins: {clients.web: abc, connections.legacy: con_1}\n"},
    )
    assert declaration(root, "clients.web").identity == Identity(("Web",), pin="abc")
    assert declaration(root, "connections.legacy").identity == Identity(pin="con_1")


def test_reading_an_environment_opens_no_file_of_the_tenant(project):
    root = project({TENANT: b"\xff", "tenants/shop/phase1/base.yaml": None})
    environment = read_environment(root, "shop", "dev")
    assert environment.id == "shop/dev"
    assert environment.domain == "shop-dev.sandbox.invalid"
    assert environment.embedded
    with pytest.raises(FilesError):
        load(root, "shop", "dev")


@pytest.mark.parametrize(
    ("target", "answer"),
    [("dev", ("shop", "dev")), ("shop/prod", ("shop", "prod"))],
)
def test_a_target_is_found(project, target, answer):
    assert find(project({"environments/shop/attestations.yaml": "{}\n"}), target) == answer


@pytest.mark.parametrize(
    ("target", "message", "help"),
    [
        ("prd", "shop has no environment prd", 'did you mean "prod"?'),
        ("shp/dev", "there is no tenant shp", 'did you mean "shop"?'),
        ("attestations", "shop has no environment attestations", "there is dev, prod"),
        ("x", "shop has no environment x", "there is dev, prod"),
    ],
)
def test_a_target_that_is_not_there_is_a_usage_error(project, target, message, help):
    root = project({"environments/shop/attestations.yaml": "{}\n"})
    with pytest.raises(UsageError) as caught:
        find(root, target)
    assert (caught.value.message, caught.value.help) == (message, help)


def test_an_environment_alone_is_ambiguous_where_there_are_two_tenants(project):
    root = project({"tenants/other/tenant.yaml": "playbook: b2c\n"})
    with pytest.raises(UsageError, match="several tenants: other, shop"):
        find(root, "dev")
    with pytest.raises(UsageError, match="no tenants"):
        find(root / "environments", "dev")
