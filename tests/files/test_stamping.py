"""One resource for each row of a table: what comes out, where it came from, and how fast."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenantctl.errors import FilesError
from tenantctl.files import definition_digest, load
from tenantctl.model import Address, Ref, Secret

CASE = "tenants/shop/phase1/case.yaml"
CSV = "tenants/shop/customers.csv"
DEV = "environments/shop/dev.yaml"
TENANT = "tenants/shop/tenant.yaml"
TEMPLATE = """\
username_password:
  connections:
    "${row.key}-db":
      $for: !file customers.csv
      $only: ["${row.env}", prod]
      $protect: !row protect
      strategy: auth0
      display_name: "${row.name} of ${var.url}"
      show_as_button: !row button
      metadata: {tier: "${row.tier}", "${row.key}": "x"}
      clients:
        "${row.client}": {}
        !row other: {}
"""
HEAD = "key,env,protect,name,button,tier,client,other\n"
ROWS = HEAD + 'acme,dev,true,"Acme, Inc",true,gold,web,\nbeta,dev,,Beta,,,web,web2\n'
MORE = "application_integration: {clients: {web2: {}}}\n"


def stamped(project, rows=ROWS, template=TEMPLATE, file=CSV, **more):
    changes = {CASE: template, file: rows, "tenants/shop/phase1/more.yaml": MORE, **more}
    return load(project(changes), "shop", "dev")


def fields(found, address):
    return found.desired.tenant.resources[Address.parse(address)].fields


def test_a_row_is_a_resource_and_its_cells_are_text_or_what_yaml_says(project):
    found = stamped(project)
    assert fields(found, "connections.acme-db") == {
        "name": "acme-db",
        "strategy": "auth0",
        "display_name": "Acme, Inc of https://shop.example",
        "show_as_button": True,
        "metadata": {"tier": "gold", "acme": "x"},
    }
    assert found.desired.declarations[Address("connections", "acme-db")].protect


def test_an_empty_cell_is_no_value_where_yaml_is_asked_and_an_empty_text_else(project):
    found = stamped(project)
    beta = fields(found, "connections.beta-db")
    assert "show_as_button" not in beta
    assert beta["metadata"]["tier"] == ""
    assert not found.desired.declarations[Address("connections", "beta-db")].protect


def test_an_entry_whose_key_is_an_empty_cell_is_left_out(project):
    found = stamped(project)
    web, web2 = (Ref(Address("clients", key), "client_id") for key in ("web", "web2"))
    assert fields(found, "connection_clients.acme-db") == {"clients": [web]}
    assert fields(found, "connection_clients.beta-db") == {"clients": [web, web2]}


def test_a_row_may_say_which_environments_have_its_resource(project):
    found = stamped(project, ROWS.replace("beta,dev", "beta,prod"))
    assert found.desired.withheld == {
        Address("connections", "beta-db"): "only",
        Address("connection_clients", "beta-db"): "only",
    }


def test_a_cell_is_never_read_as_a_marker(project):
    found = stamped(project, ROWS.replace("gold", "${secret.KEY} $${x} {{y}} !var url"))
    tier = fields(found, "connections.acme-db")["metadata"]["tier"]
    assert tier == "${secret.KEY} $${x} {{y}} !var url"


def test_a_stamped_value_comes_from_the_template_by_way_of_the_row(project):
    found = stamped(project)
    origins = found.desired.origins[Address("connections", "beta-db")]
    name = origins[("display_name",)]
    assert str(name) == f"{CASE}:8:21"
    assert [(each.layer, each.name, str(each)) for each in name.via] == [
        ("row", "name", f"{CSV}:3:11"),
        ("variable", "url", f"{DEV}:3:13"),
    ]
    assert origins[("strategy",)].via == ()
    home = found.desired.declarations[Address("connections", "beta-db")].home
    assert str(home) == f"{CASE}:3:5"
    assert [str(each) for each in home.via] == [f"{CSV}:3:1"]


def test_an_override_and_a_hand_written_piece_name_a_stamped_resource_by_its_key(project, small):
    found = stamped(
        project,
        **{
            DEV: small.FILES[DEV]
            + "overrides: {connections.acme-db: {display_name: Over, clients: !without [web]}}\n",
            "tenants/shop/phase1/by-hand.yaml": (
                "logout: {connections: {beta-db: {is_domain_connection: true}}}\n"
            ),
        },
    )
    assert fields(found, "connections.acme-db")["display_name"] == "Over"
    assert fields(found, "connection_clients.acme-db") == {"clients": []}
    assert fields(found, "connections.beta-db")["is_domain_connection"] is True


def test_a_file_as_a_spreadsheet_writes_it_is_read_alike(project):
    plain = stamped(project).desired.tenant
    quoted = ",".join(f'"{name}"' for name in HEAD.strip().split(",")) + "\n"
    odd = "\ufeff" + ROWS.replace(HEAD, quoted).replace("\n", "\r\n") + "\r\n"
    assert stamped(project, odd).desired.tenant == plain


def test_a_line_break_inside_quotes_belongs_to_the_cell(project):
    found = stamped(project, ROWS.replace('"Acme, Inc"', '"Acme\n""Inc"""'))
    assert fields(found, "connections.acme-db")["display_name"].startswith('Acme\n"Inc" of')
    origin = found.desired.origins[Address("connections", "beta-db")][("display_name",)]
    assert str(origin.via[0]) == f"{CSV}:4:11"


def test_rows_of_yaml_keep_their_types_and_may_lack_what_is_optional(project):
    rows = """\
- {key: acme, name: Acme, realms: [acme-db, b], button: true}
- key: beta
  name: Beta
"""
    template = """\
username_password:
  connections:
    "${row.key}-db":
      $for: !file customers.yaml
      strategy: auth0
      display_name: "${row.name}"
      show_as_button: !row button
      realms: !row realms
"""
    found = stamped(project, rows, template, "tenants/shop/customers.yaml")
    assert fields(found, "connections.acme-db")["realms"] == ["acme-db", "b"]
    assert fields(found, "connections.acme-db")["show_as_button"] is True
    assert fields(found, "connections.beta-db").keys() == {"name", "strategy", "display_name"}


def test_a_template_file_may_name_the_row(project):
    template = """\
id_token_claims:
  actions:
    "claims-${row.key}":
      $for: !file customers.csv
      code: !template actions/claims.js
      supported_triggers: {post-login: v3}
"""
    found = stamped(
        project,
        "key,name\nacme,Acme\nbeta,Beta\n",
        template,
        **{"tenants/shop/actions/claims.js": "const name = '${row.name}'; // ${var.url}\n"},
    )
    code = fields(found, "actions.claims-beta")["code"]
    assert code == "const name = 'Beta'; // https://shop.example\n"
    assert found.warnings == ()


def test_a_cell_may_be_part_of_what_a_tag_names(project, small):
    template = """\
id_token_claims:
  connections:
    "${row.key}":
      $for: !file customers.csv
      strategy: oidc
      display_name: !var name_${row.key}
      options: {client_id: x, client_secret: !secret "OIDC_${row.key}"}
  actions:
    "claims-${row.key}":
      $for: !file customers.csv
      code: !file actions/${row.key}.js
      supported_triggers: {post-login: v3}
"""
    changes = {
        TENANT: small.FILES[TENANT].replace(
            "secrets:", "  name_acme: {}\nsecrets:\n  OIDC_acme: {}"
        ),
        DEV: small.FILES[DEV]
        .replace("secrets: {", "secrets: {OIDC_acme: {from: generated}, ")
        .replace("variables: {", "variables: {name_acme: Acme, "),
        "tenants/shop/actions/acme.js": "acme",
    }
    found = stamped(project, "key\nacme\n", template, **changes)
    acme = fields(found, "connections.acme")
    assert acme["display_name"] == "Acme"
    assert acme["options"]["client_secret"] == Secret("OIDC_acme")
    assert fields(found, "actions.claims-acme")["code"] == "acme"
    with pytest.raises(FilesError) as caught:
        stamped(project, "key\nacme\n../../dev\n", template, **changes)
    assert {problem.where for problem in caught.value.problems} == {f"{CSV}:3:1"}


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.text(alphabet='ab,"\n\r;${row.key} \x00é\u2028', max_size=60), yaml=st.booleans())
def test_whatever_stands_in_a_table_is_a_problem_or_nothing(project, rows, yaml):
    end = "yaml" if yaml else "csv"
    template = TEMPLATE.replace(".csv", f".{end}")
    head = "" if yaml else HEAD
    with contextlib.suppress(FilesError):
        stamped(project, head + rows, template, f"tenants/shop/customers.{end}")


def test_every_part_of_a_composite_key_may_be_made_of_cells(project):
    template = """\
application_integration:
  client_grants:
    "${row.client}":
      management-api:
        client: {$for: !file customers.csv, scope: ["read:${row.what}"]}
"""
    found = stamped(project, "client,what\nweb,users\nweb2,roles\n", template)
    assert fields(found, "client_grants.web2/management-api/client")["scope"] == ["read:roles"]


def test_a_column_that_nothing_uses_is_a_warning_and_one_that_any_template_uses_is_not(project):
    both = (
        TEMPLATE + '  roles:\n    "${row.key}": {$for: !file customers.csv, name: "${row.role}"}\n'
    )
    rows = ROWS.replace("other\n", "other,role,spare\n").replace("web,\n", "web,,R1,x\n")
    found = stamped(project, rows.replace("web2\n", "web2,R2,x\n"), both)
    assert [(str(each.where), each.message) for each in found.warnings] == [
        (f"{CSV}:1:52", "nothing uses the column spare")
    ]


def test_a_table_without_rows_makes_nothing_and_says_so(project):
    found = stamped(project, HEAD)
    assert [each.message for each in found.warnings] == [f"{CSV} has no rows: it makes nothing"]


def test_the_rows_belong_to_the_definition_and_their_order_does_not_matter(project):
    found = stamped(project)
    head, one, two = ROWS.splitlines(keepends=True)
    swapped = stamped(project, head + two + one)
    assert swapped.desired.tenant == found.desired.tenant
    assert swapped.desired.digest != found.desired.digest
    root = project({CSV: ROWS})
    assert definition_digest(root, "shop", playbook="b2c") == found.desired.digest


@pytest.mark.thorough
def test_900_rows_and_700_rows_are_read_in_about_a_second(project):
    template = TEMPLATE + (
        '  roles:\n    "${row.key}": {$for: !file roles.csv, name: "${row.name}",\n'
        '                   description: "Role ${row.name}", permissions: {o: ["r"]}}\n'
        "  resource_servers: {o: {identifier: 'https://o.example', scopes: {r: R}}}\n"
    )
    rows = HEAD + "".join(f"c{i},dev,,Customer {i},true,gold,web,\n" for i in range(900))
    roles = "key,name\n" + "".join(f"r{i},Role {i}\n" for i in range(700))
    more = {"tenants/shop/roles.csv": roles}
    start = time.process_time()
    found = stamped(project, rows, template, **more)
    took = time.process_time() - start
    assert len(found.desired.tenant.resources) == 900 * 2 + 700 * 2 + 6
    assert took < 4, "it takes about one; a template is evaluated for what differs only"
