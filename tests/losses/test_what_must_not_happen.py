"""Lockout and loss: what other tools have done to tenants, and ours must not.

The cases are those that auth0-deploy-cli's users and measurements report; the tenant is asked what
it holds, never our differ.
"""

from __future__ import annotations

import pytest

from tenantctl.errors import FilesError

CUSTOMERS = """
connections:
  customers:
    strategy: waad
    options: {client_id: a, client_secret: !secret WAAD, tenant_domain: shop.example, app_id: x}
    clients: [web, app]
clients:
  web: {name: Web}
  app: {name: App}
"""
ORGANIZATION = """
connections:
  customers: {strategy: auth0}
  partners: {strategy: auth0}
organizations:
  acme:
    display_name: Acme
    connections: [customers, partners]
"""


def test_the_next_plan_of_an_untouched_tenant_does_not_write_everything_again(site):
    site.apply(CUSTOMERS)

    assert site.apply() == []


def test_a_preview_does_not_differ_from_what_is_done(site):
    site.apply("clients: {web: {name: Web, callbacks: [https://a.example]}, app: {name: App}}")
    plan = site.declare(
        "clients: {web: {name: Web, callbacks: [https://b.example]}, app: {name: App}}"
    ).plan()

    [step] = plan.steps
    assert site.apply() == [f"PATCH /clients/{site.one('clients', name='Web')['client_id']}"]
    assert site.one("clients", name="Web")["callbacks"] == step.change.edits[0].after


def test_a_masked_secret_does_not_wipe_that_of_a_connection(site):
    site.apply(CUSTOMERS)
    for mask in ("********", "##WAAD##", "@@WAAD@@", "_VALUE_NOT_SHOWN_", "[REDACTED]", ""):
        with pytest.raises(FilesError):
            site.declare(CUSTOMERS.replace("!secret WAAD", f"'{mask}'")).ground.load()

    secret = site.one("connections", name="customers")["options"]["client_secret"]
    assert secret.startswith("value-1-of-waad")


def test_an_option_that_changes_does_not_take_the_secret_nobody_declares_with_it(site):
    text = CUSTOMERS.replace("client_secret: !secret WAAD, ", "")
    site.apply(CUSTOMERS)
    site.apply(text.replace("app_id: x", "app_id: z"))

    options = site.one("connections", name="customers")["options"]
    assert options["app_id"] == "z"
    assert options["client_secret"].startswith("value-1-of-waad")


def test_what_only_a_third_party_sets_is_not_lost_when_an_option_changes(site):
    site.apply(CUSTOMERS)
    body = site.one("connections", name="customers")
    more = {**body["options"], "granted": True, "thumbprints": ["ab"]}
    site.ground.sandbox.edit("connections", body["id"], {"options": more})
    site.apply(CUSTOMERS.replace("app_id: x", "app_id: z"))

    options = site.one("connections", name="customers")["options"]
    assert options["granted"] is True
    assert options["thumbprints"] == ["ab"]


def test_connections_of_an_organization_are_not_deleted_because_the_files_do_not_have_them(site):
    site.apply(ORGANIZATION)
    org = site.one("organizations", name="acme")["id"]
    site.make("connections", "con_dashboard0000000", {"name": "made-by-hand", "strategy": "auth0"})
    site.make(
        "organization_connections",
        f"{org}/con_dashboard0000000",
        {"connection_id": "con_dashboard0000000", "assign_membership_on_login": False},
        parent=org,
    )

    assert site.apply(ORGANIZATION.replace("Acme", "Acme Ltd")) == [f"PATCH /organizations/{org}"]
    assert len(site.ground.sandbox.documents("organization_connections")) == 3


def test_an_organization_without_its_connections_does_not_lose_them_where_the_policy_says_never(
    site,
):
    site.apply(ORGANIZATION)
    site.deletes = "never"
    site.apply(ORGANIZATION.replace("    connections: [customers, partners]\n", ""))

    assert len(site.ground.sandbox.documents("organization_connections")) == 2


def test_a_connection_of_an_organization_is_not_taken_away_unannounced(site):
    site.apply(ORGANIZATION)
    [step] = site.declare(ORGANIZATION.replace("[customers, partners]", "[customers]")).plan().steps

    [edit] = step.change.edits
    assert [len(edit.before), len(edit.after)] == [2, 1]


def test_clients_that_others_enabled_are_not_disabled(site):
    site.apply(CUSTOMERS)
    id = site.one("connections", name="customers")["id"]
    site.make("clients", "c" * 32, {"name": "By hand"})
    site.make("connection_clients", f"{id}/{'c' * 32}", {"client_id": "c" * 32}, parent=id)

    assert site.apply(CUSTOMERS.replace("[web, app]", "[app, web]")) == []
    assert (
        len(
            [
                row
                for row in site.ground.sandbox.documents("connection_clients")
                if row.startswith(id)
            ]
        )
        == 3
    )


def test_metadata_that_the_files_do_not_mention_is_not_nulled(site):
    site.apply("clients: {web: {name: Web, client_metadata: {tier: gold}}}")
    site.apply("clients: {web: {name: Web, description: a shop}}")

    assert site.one("clients", name="Web")["client_metadata"] == {"tier": "gold"}


def test_metadata_of_an_organization_does_not_lose_what_is_declared_when_one_key_changes(site):
    site.apply("organizations: {acme: {metadata: {tier: gold, region: eu}}}")
    site.apply("organizations: {acme: {metadata: {tier: free, region: eu}}}")

    assert site.one("organizations", name="acme")["metadata"] == {"tier": "free", "region": "eu"}


GRANT = """
clients: {job: {name: Job, app_type: non_interactive}}
resource_servers:
  orders:
    identifier: https://orders.example
    scopes: [{value: "read:orders"}, {value: "write:orders"}]
client_grants: {job: {orders: {client: {scope: ["read:orders", "write:orders"]}}}}
"""


def test_a_grant_that_is_there_is_not_met_without_its_scopes(site):
    base = GRANT.rpartition("client_grants")[0]
    site.apply(base)
    client = site.one("clients", name="Job")["client_id"]
    site.make(
        "client_grants",
        "cgr_madebyhand000000",
        {"client_id": client, "audience": "https://orders.example", "scope": ["read:orders"]}
        | {"subject_type": "client"},
    )
    assert site.apply(GRANT) == ["PATCH /client-grants/cgr_madebyhand000000"]

    grant = site.one("client_grants", client_id=client)
    assert sorted(grant["scope"]) == ["read:orders", "write:orders"]


def test_permissions_that_stay_are_not_deleted_and_added_again(site):
    role = GRANT + "roles: {clerk: {permissions: {orders: ['read:orders']}}}"
    site.apply(role)
    writes = site.apply(
        role.replace("orders: ['read:orders']", "orders: ['read:orders', 'write:orders']")
    )

    assert [write.split()[0] for write in writes] == ["POST"]


def test_an_action_is_not_deleted_before_it_is_unbound(site):
    bound = """
actions:
  claims:
    code: "exports.onExecutePostLogin = async () => {};"
    supported_triggers: {post-login: v3}
trigger_bindings: {post-login: {claims: {}}}
branding: {logo_url: https://shop.example/logo.png}
"""
    site.apply(bound)
    writes = site.apply("branding: {logo_url: https://shop.example/logo.png}")

    assert [write.split()[0] for write in writes] == ["PATCH", "DELETE"]
    assert site.ground.sandbox.documents("actions") == {}


def test_an_action_is_not_deployed_again_for_nothing(site):
    action = """
actions:
  claims:
    code: "exports.onExecutePostLogin = async () => {};"
    supported_triggers: {post-login: v3}
"""
    site.apply(action)
    site.apply(action + "branding: {logo_url: https://shop.example/logo.png}\n")

    assert len(site.ground.sandbox.documents("action_versions")) == 1


@pytest.mark.parametrize("marker", ["##HOST##", "@@HOST@@", "YOUR_CLIENT_ID"])
def test_a_marker_that_nobody_replaced_does_not_reach_the_tenant(site, marker):
    site.apply("clients: {web: {name: Web}}")
    broken = site.refused(f"clients: {{web: {{name: Web, description: '{marker}'}}}}")

    assert broken == "placeholder"


def test_a_marker_inside_a_list_does_not_reach_the_tenant(site):
    broken = site.refused(
        "clients: {web: {name: Web, callbacks: ['https://ok.example', 'https://##HOST##/cb']}}"
    )

    assert broken == "placeholder"


EMAIL = """
email_provider:
  name: sendgrid
  default_from_address: shop@shop.example
  credentials: {api_key: !secret SENDGRID}
"""


def test_credentials_of_the_email_provider_are_not_wiped_by_another_change(site):
    site.apply(EMAIL)
    site.apply(EMAIL.replace("shop@shop", "mail@shop"))

    provider = site.one("email_provider", name="sendgrid")
    assert provider["default_from_address"] == "mail@shop.example"
    assert provider["credentials"]["api_key"].startswith("value-1-of-sendgrid")


DATABASE = """
connections:
  legacy:
    strategy: auth0
    options:
      enabledDatabaseCustomization: true
      customScripts: {login: "function login(e, p, cb) { cb(null); }"}
      configuration: {TOKEN: !secret TOKEN, URL: !secret URL}
"""


def test_a_secret_of_a_database_that_nobody_declares_is_not_dropped_in_silence(site):
    site.apply(DATABASE)
    body = site.one("connections", name="legacy")
    kept = {**body["options"]["configuration"], "BY_HAND": "2.0$cipher"}
    options = {**body["options"], "configuration": kept}
    site.ground.sandbox.edit("connections", body["id"], {"options": options})
    site.declare(DATABASE.replace("cb(null)", "cb(null, {})"))
    [violation] = site.plan().blocking

    assert violation.rule in {"hidden_secret", "unmanaged_secret"}
    assert "BY_HAND" in violation.detail


def test_secrets_of_a_database_are_not_wiped_by_another_change(site):
    site.apply(DATABASE)
    site.apply(DATABASE.replace("cb(null)", "cb(null, {})"))

    options = site.one("connections", name="legacy")["options"]
    assert options["configuration"].keys() == {"TOKEN", "URL"}
    assert "cb(null, {})" in options["customScripts"]["login"]


def test_provisioning_is_not_deleted_because_the_files_lose_it_where_the_policy_says_never(site):
    text = """
connections:
  staff:
    strategy: okta
    options: {client_id: a, client_secret: !secret OKTA, domain: staff.okta.com}
    scim_configuration: {}
"""
    site.apply(text)
    site.deletes = "never"
    site.apply(text.replace("    scim_configuration: {}\n", "    display_name: Staff\n"))

    assert len(site.ground.sandbox.documents("connection_scim_configuration")) == 1


def test_provisioning_that_others_set_up_is_not_deleted(site):
    text = """
connections:
  staff:
    strategy: okta
    options: {client_id: a, client_secret: !secret OKTA, domain: staff.okta.com}
"""
    site.apply(text)
    id = site.one("connections", name="staff")["id"]
    site.make("connection_scim_configuration", id, {"connection_id": id, "mapping": []}, parent=id)
    site.apply(text + "    display_name: Staff\n")

    assert len(site.ground.sandbox.documents("connection_scim_configuration")) == 1


def test_a_client_with_a_new_name_is_not_deleted_and_made_again(site):
    site.apply("clients: {web: {name: Web}}")
    before = set(site.ground.sandbox.documents("clients"))
    site.apply("clients: {web: {name: Shop}}")

    assert set(site.ground.sandbox.documents("clients")) == before


def test_a_connection_with_another_strategy_is_not_deleted_with_its_users(site):
    site.apply("connections: {staff: {strategy: auth0}}")

    assert "replacement" in site.refused("connections: {staff: {strategy: email}}")


def test_an_api_with_another_identifier_is_not_silently_left(site):
    site.apply("resource_servers: {orders: {identifier: https://orders.example}}")

    assert "replacement" in site.refused(
        "resource_servers: {orders: {identifier: https://orders2.example}}"
    )


def test_objects_on_later_pages_are_not_taken_for_missing_or_made_twice(site):
    many = "clients:\n" + "".join(f"  c{n}: {{name: Client {n}}}\n" for n in range(7))
    site.apply(many)

    assert site.apply() == []
    names = [c["name"] for c in site.ground.sandbox.documents("clients").values()]
    assert len([name for name in names if name.startswith("Client")]) == 7


def test_an_empty_folder_does_not_delete_a_tenant(site):
    site.apply("clients: {web: {name: Web}, app: {name: App}}")
    path = site.ground.root / "tenants" / "laws" / "phase1" / "all.yaml"
    path.unlink()
    site.ground.loaded = None

    assert "empty_input" in {v.rule for v in site.plan().blocking}


def test_the_client_that_the_tool_signs_in_with_is_not_touched(site):
    sandbox = site.ground.sandbox
    own = sandbox.documents("clients")[sandbox.credentials()[0]]["name"]
    broken = site.refused(f"clients: {{tool: {{name: '{own}', grant_types: [implicit]}}}}")

    assert "self_lockout" in broken


def test_the_grant_that_the_tool_signs_in_with_is_not_touched(site):
    sandbox = site.ground.sandbox
    own = sandbox.documents("clients")[sandbox.credentials()[0]]["name"]
    broken = site.refused(f"""
clients: {{tool: {{name: '{own}'}}}}
client_grants: {{tool: {{management-api: {{client: {{scope: ["read:clients"]}}}}}}}}
""")

    assert "self_lockout" in broken


def test_two_connections_of_a_strategy_do_not_share_a_secret_by_accident(site):
    site.apply("""
connections:
  one:
    strategy: okta
    options: {client_id: a, client_secret: !secret ONE, domain: one.okta.com}
  two:
    strategy: okta
    options: {client_id: b, client_secret: !secret TWO, domain: two.okta.com}
""")
    secrets = {
        name: site.one("connections", name=name)["options"]["client_secret"]
        for name in ("one", "two")
    }
    assert secrets["one"] != secrets["two"]


def test_grants_of_one_client_for_an_api_are_not_taken_for_one_another(site):
    both = GRANT.replace("client: {scope:", "user: {scope: ['read:orders']}, client: {scope:")
    site.apply(both)
    client = site.one("clients", name="Job")["client_id"]

    grants = [
        g
        for g in site.ground.sandbox.documents("client_grants").values()
        if g["client_id"] == client
    ]
    assert sorted(grant["subject_type"] for grant in grants) == ["client", "user"]
    assert site.apply() == []


def test_branding_is_not_reset_by_a_theme_or_prompts(site):
    text = "branding: {logo_url: https://shop.example/a.png}\n"
    site.apply(text)
    site.apply(text + "prompts: {identifier_first: true}\n")

    assert site.one("branding")["logo_url"] == "https://shop.example/a.png"


def test_an_email_template_that_the_files_lose_is_not_emptied(site):
    template = """
email_provider:
  name: sendgrid
  default_from_address: a@shop.example
  credentials: {api_key: !secret S}
email_templates:
  welcome_email:
    body: "<p>Hello</p>"
    from: a@shop.example
    subject: Hello
    syntax: liquid
    enabled: true
"""
    site.apply(template)
    site.apply(template.partition("email_templates")[0])

    assert site.one("email_templates", template="welcome_email")["body"] == "<p>Hello</p>"
