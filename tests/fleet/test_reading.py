"""`tenants/fleet.yaml`: what tenants it makes, and what is wrong with it, where."""

from __future__ import annotations

import pytest

from fleet.projects import FILES, FLEET, ROWS, written
from tenantctl.errors import FilesError, UsageError
from tenantctl.files import definition_digest, find, load, read_environment, tenants
from tenantctl.files.fleet import read_fleets
from tenantctl.model import Address

FILE = "tenants/fleet.yaml"
TABLE = "tenants/schools.csv"
TENANT = Address("tenant", "")
PORTAL = Address("clients", "portal")


def fields(root, target, address=PORTAL):
    """What an environment asks of one address."""
    desired = load(root, *target.split("/")).desired
    return desired.tenant.resources[address].fields


def test_there_is_a_tenant_for_each_row_and_none_of_the_template(tmp_path):
    written(tmp_path)
    assert tenants(tmp_path) == ("alder", "birch", "district")
    assert find(tmp_path, "alder/prod") == ("alder", "prod")


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("school/dev", "school is a template and no tenant"),
        ("aldr/dev", "there is no tenant aldr"),
        ("alder/qa", "alder has no environment qa"),
    ],
)
def test_what_is_no_tenant_of_the_fleet_is_told(tmp_path, target, says):
    written(tmp_path)
    with pytest.raises(UsageError, match=says):
        find(tmp_path, target)


@pytest.mark.parametrize(
    ("target", "name", "lifetime", "callback"),
    [
        ("alder/dev", "Alder School", 12, "https://alder.dev.example/callback"),
        ("alder/prod", "Alder School", 12, "https://alder.prod.example/callback"),
        ("birch/dev", "Birch School", 7, "https://birch.dev.example/callback"),
        ("birch/prod", "Birch School", 9, "https://birch.prod.example/callback"),
    ],
)
def test_a_row_fills_the_overlay_and_an_empty_cell_leaves_the_environment_as_it_is(
    tmp_path, target, name, lifetime, callback
):
    written(tmp_path)
    assert fields(tmp_path, target, TENANT)["session_lifetime"] == lifetime
    portal = fields(tmp_path, target)
    assert (portal["name"], portal["callbacks"]) == (name, [callback])


def test_a_value_tells_the_variable_and_the_cell_that_it_was_made_of(tmp_path):
    written(tmp_path)
    origins = load(tmp_path, "alder", "dev").desired.origins[PORTAL]
    origin = origins["name",]
    assert str(origin) == "tenants/school/phase1/base.yaml:8:13"
    assert [(each.layer, each.name, str(each)) for each in origin.via] == [
        ("variable", "title", f"{FILE}:6:7"),
        ("row", "title", f"{TABLE}:2:7"),
    ]


def test_what_an_environment_alone_says_lies_over_the_overlay(tmp_path):
    over = "  environments:\n    dev: {}\n    prod:\n      variables: {title: '${row.title}!'}\n"
    written(tmp_path, {FILE: FLEET + over})
    assert fields(tmp_path, "alder/dev")["name"] == "Alder School"
    assert fields(tmp_path, "alder/prod")["name"] == "Alder School!"


def test_a_tenant_may_say_more_over_an_environment_than_its_fleet(tmp_path):
    own = "variables: {title: Alder}\nhold: [clients.*]\n"
    written(tmp_path, {"environments/alder/prod.yaml": own})
    assert fields(tmp_path, "alder/prod", TENANT)["friendly_name"] == "Alder"
    assert fields(tmp_path, "alder/dev", TENANT)["friendly_name"] == "Alder School"
    assert read_environment(tmp_path, "alder", "prod").hold == ("clients.*",)
    assert read_environment(tmp_path, "birch", "prod").hold == ()


CLUB = "application_integration:\n  clients:\n    club: {name: Club, app_type: spa}\n"
LEAN = """\
tenant_provision:
  tenant:
    friendly_name: "${var.title} ${var.url}"
    session_lifetime: !var seats
"""
NAMED = """\
    overrides:
      clients.portal:
        client_metadata: {of: "${row.tenant}/${row.environment}"}
  connects_to"""


def test_a_file_of_a_tenant_stands_beside_the_templates_or_in_the_place_of_one(tmp_path):
    files = {"tenants/alder/phase1/club.yaml": CLUB, "tenants/birch/phase1/base.yaml": LEAN}
    written(tmp_path, files)
    club = Address("clients", "club")
    alder = load(tmp_path, "alder", "dev").desired
    assert {PORTAL, club} <= alder.tenant.resources.keys()
    assert str(alder.origins[club]["name",]) == "tenants/alder/phase1/club.yaml:3:18"
    birch = load(tmp_path, "birch", "dev").desired
    assert birch.tenant.resources.keys() == {TENANT}


def test_overrides_of_the_overlay_are_made_of_rows_too(tmp_path):
    written(tmp_path, {FILE: FLEET.replace("  connects_to", NAMED)})
    assert fields(tmp_path, "alder/dev")["client_metadata"] == {"of": "alder/dev"}
    assert fields(tmp_path, "birch/prod")["client_metadata"] == {"of": "birch/prod"}


@pytest.mark.parametrize(
    "rows",
    [
        "[{tenant: alder, title: Alder School, seats: 12, connection: x}]",
        "!file schools.yaml",
    ],
)
def test_rows_may_be_a_list_here_or_in_yaml(tmp_path, rows):
    table = "- {tenant: alder, title: Alder School, seats: 12, connection: x}\n"
    files = {FILE: FLEET.replace("!file schools.csv", rows), "tenants/schools.yaml": table}
    written(tmp_path, files)
    assert tenants(tmp_path) == ("alder", "district")
    assert fields(tmp_path, "alder/dev", TENANT)["session_lifetime"] == 12


def test_a_template_may_name_environments_that_this_fleet_does_not_have(tmp_path):
    club = CLUB.replace("app_type: spa", "app_type: spa, $only: [prod]")
    files = {"tenants/school/phase1/club.yaml": club, FILE: f"{FLEET}  environments: [dev]\n"}
    written(tmp_path, files)
    assert load(tmp_path, "alder", "dev").desired.tenant.resources.keys() == {TENANT, PORTAL}
    with pytest.raises(UsageError, match="alder has no environment prod"):
        find(tmp_path, "alder/prod")


def test_an_embedded_tenant_has_its_own_domain_and_a_row_may_name_another(tmp_path):
    prod = "{domain: '${row.tenant}-live.eu.auth0.com'}"
    written(tmp_path, {FILE: f"{FLEET}  environments:\n    dev: null\n    prod: {prod}\n"})
    assert read_environment(tmp_path, "alder", "dev").domain == "alder-dev.sandbox.invalid"
    found = read_environment(tmp_path, "birch", "prod")
    assert (found.domain, found.embedded, found.kind) == (
        "birch-live.eu.auth0.com",
        False,
        "production",
    )


# --- what is wrong ------------------------------------------------------------------------------

BROKEN = [
    ("template: school", "template: scholl", "there is no tenants/scholl/tenant.yaml"),
    ("template: school", "templat: school", "unknown key templat in schools"),
    ("!file schools.csv", "!file school.csv", "there is no file tenants/school.csv"),
    ("!file schools.csv", "schools.csv", "rows takes a list of maps, or a file of rows"),
    ("!file schools.csv", "!file schools.txt", "schools.txt is no table"),
    ("!row seats", "!row seat", "the rows have no column seat"),
    ("${row.title}", "${row.titel}", "the rows have no column titel"),
    ("variables:", "variable:", "unknown key variable in overlay"),
    ("tenant: district", "tenant: distrikt", "there is no tenant distrikt"),
    ("tenant: district", "tenant: alder", "schools connects to schools: a circle"),
    ("tenant: district, ", "", "connects_to names no tenant"),
    ("connects_to", "environments: [dev, test]\n  connects_to", "environments/school/test.yaml"),
]


@pytest.mark.parametrize(
    ("old", "new", "says"), BROKEN, ids=[case[1] or case[0] for case in BROKEN]
)
def test_what_is_wrong_with_a_fleet_is_told_at_its_line(tmp_path, old, new, says):
    assert old in FLEET
    written(tmp_path, {FILE: FLEET.replace(old, new, 1)})
    fleets = read_fleets(tmp_path)
    line = next(n for n, text in enumerate(FLEET.splitlines(), 1) if old in text)
    told = [(each.file, each.line) for each in fleets.findings.problems if says in each.message]
    assert told == [(FILE, line)]


def test_a_cell_is_a_value_and_never_searched_for_what_it_names(tmp_path):
    written(tmp_path, {TABLE: ROWS.replace("Alder School", "${var.url} !secret")})
    assert fields(tmp_path, "alder/dev")["name"] == "${var.url} !secret"


def test_an_overlay_names_nothing_but_rows(tmp_path):
    written(tmp_path, {FILE: FLEET.replace("${row.title}", "${row.title} ${var.url}")})
    with pytest.raises(FilesError, match=r"\$\{...\} means nothing here"):
        load(tmp_path, "alder", "dev")


ROWS_LOST = [
    ("Birch,Birch School,,", "Birch is no name"),
    (",Birch School,,", "nothing is no name"),
    ("alder,Other,,", "alder already stands at tenants/schools.csv:2:1"),
    ("school,The template,,", "school is a template and no tenant"),
    ("district,The other,,", "district has a definition of its own"),
    ("birch,Birch School,", "the row has 3 cells"),
]


@pytest.mark.parametrize(("row", "says"), ROWS_LOST, ids=[case[1] for case in ROWS_LOST])
def test_what_is_wrong_with_a_row_leaves_the_others_alone(tmp_path, row, says):
    written(tmp_path, {TABLE: ROWS.replace("birch,Birch School,,", row)})
    fleets = read_fleets(tmp_path)
    assert not fleets.findings.problems
    (problem,) = fleets.lost.problems
    assert (problem.file, problem.line) == (TABLE, 3)
    assert says in problem.message
    assert load(tmp_path, "alder", "dev").environment.id == "alder/dev"
    assert "birch" not in tenants(tmp_path)


def test_a_cell_that_does_not_fit_is_told_at_the_cell(tmp_path):
    written(tmp_path, {TABLE: ROWS.replace(",12,", ",twelve,")})
    with pytest.raises(FilesError) as told:
        load(tmp_path, "alder", "dev")
    (problem,) = told.value.problems
    assert problem.where == f"{TABLE}:2:20"
    assert "seats: session_lifetime must be a whole number" in problem.message
    assert problem.help == "it goes to tenants/school/phase1/base.yaml:4:23"


def test_what_is_wrong_with_the_template_is_told_with_the_row_that_it_was_read_for(tmp_path):
    base = "tenant_provision:\n  tenant: {friendly_nam: X}\n"
    written(tmp_path, {"tenants/school/phase1/more.yaml": base})
    with pytest.raises(FilesError) as told:
        load(tmp_path, "birch", "prod")
    (problem,) = told.value.problems
    assert problem.where == "tenants/school/phase1/more.yaml:2:12"
    assert problem.help.endswith("; read for birch, tenants/schools.csv:3:1")


MAIL = """\
email_provider:
  email_provider:
    name: sendgrid
    credentials: {api_key: "${secret.KEY}"}
"""


def test_a_secret_of_a_row_names_where_its_value_is_kept(tmp_path):
    tenant = "tenants/school/tenant.yaml"
    secret = "    secrets: {KEY: {from: 'file:/run/${row.tenant}/key'}}\n  connects_to"
    files = {
        tenant: f"{FILES[tenant]}secrets:\n  KEY: {{}}\n",
        "tenants/school/phase1/mail.yaml": MAIL,
        FILE: FLEET.replace("  connects_to", secret),
    }
    files[tenant] = files[tenant].replace("adopts: [", "adopts: [email_provider, ")
    written(tmp_path, files)
    source = load(tmp_path, "birch", "dev").environment.secrets["KEY"].source
    assert str(source) == "file:/run/birch/key"


# --- the digest ---------------------------------------------------------------------------------

CHANGES = [
    ("a file of the template", {"tenants/school/phase1/base.yaml": "# x\n"}, True),
    ("the overlay", {FILE: FLEET.replace("https://", "https://www.")}, True),
    ("its own row", {TABLE: ROWS.replace("Alder School", "Alder")}, True),
    ("a file of its own", {"tenants/alder/notes.csv": "a\n1\n"}, True),
    ("the row of another tenant", {TABLE: ROWS.replace("Birch School", "Birch")}, False),
    ("an environment", {"environments/school/dev.yaml": "kind: qa\ndomain: embedded\n"}, False),
    ("what one environment alone is given", {FILE: FLEET + "  environments: {dev: {}}\n"}, False),
    ("the tenant that it connects to", {FILE: FLEET.replace("district", "other")}, False),
]


@pytest.mark.parametrize(
    ("changes", "another"),
    [case[1:] for case in CHANGES],
    ids=[case[0] for case in CHANGES],
)
def test_the_digest_is_that_of_template_row_and_overlay(tmp_path, changes, another):
    written(tmp_path / "one")
    written(tmp_path / "two", changes)
    one, two = (definition_digest(tmp_path / name, "alder") for name in ("one", "two"))
    assert (one != two) is another
