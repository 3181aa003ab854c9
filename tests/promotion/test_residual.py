"""Whatever two environments of one definition have otherwise is explained, or said to be not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.project import REPOSITORY
from tenantctl.engine.compare import compare
from tenantctl.engine.residual import Residue, besides, residue
from tenantctl.files import load
from tenantctl.model import Address, Delete, Resource, Tenant, Update
from tenantctl.workflows.promote import side_of

DEFINITION = """\
application_integration:
  clients:
    shop:
      name: ${var.name}
      app_type: spa
      description: "The shop ${var.name} at ${var.url}."
      callbacks: ["${var.url}/callback", "https://all.example/callback"]
      web_origins: !var origins
      client_metadata: {team: shop, where: "${var.url}"}
    probe:
      $only: [qa]
      name: Probe
      app_type: spa
    office:
      name: Office
      app_type: spa
    lab:
      name: Lab
      app_type: spa
username_password:
  connections:
    customers:
      strategy: auth0
      options: {passwordPolicy: good}
      clients: [shop, office]
"""
LATER = """\
logout:
  clients:
    shop:
      allowed_logout_urls: ["${var.url}/out"]
"""
TENANT = """\
playbook: b2c
adopts: [application_integration, username_password, logout]
variables:
  name: {type: string, description: What the shop is called.}
  url: {type: string, description: Where it is.}
  origins: {type: list, description: Where scripts come from.}
"""
URLS = ["https://a.example", "https://b.example"]
OVERRIDES = [
    "clients.shop: {callbacks: !append ['https://more.example/callback']}",
    "clients.shop: {callbacks: !without ['https://all.example/callback']}",
    "clients.shop: {description: !unmanaged }",
    "clients.shop: {client_metadata: {team: other, more: x}}",
    "clients.shop: {oidc_conformant: true}",
    "connections.customers: {clients: [shop]}",
    "connections.customers: {clients: !unmanaged }",
    "connections.customers: {options: {passwordPolicy: excellent}}",
]
environments = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Shop", "Store"]),
        "url": st.sampled_from(URLS),
        "origins": st.lists(st.sampled_from(URLS), unique=True, max_size=2),
        "declined": st.booleans(),
        "hold": st.sampled_from(["", "clients.lab", "connections.*"]),
        "override": st.sampled_from(["", *OVERRIDES]),
    }
)


def written(said: dict[str, object], kind: str) -> str:
    """An environment file."""
    lines = [f"kind: {kind}", "domain: embedded", "phases: [1]"]
    if said["hold"]:
        lines.append(f'hold: ["{said["hold"]}"]')
    if said["declined"]:
        lines.append("topics: {logout: declined}")
    lines.append("variables:")
    lines += [f"  {name}: {said[name]}" for name in ("name", "url")]
    lines.append(f"  origins: {said['origins']}")
    if said["override"]:
        lines += ["overrides:", f"  {said['override']}"]
    return "\n".join(lines) + "\n"


def project(root: Path, dev: dict[str, object], qa: dict[str, object]) -> Path:
    shutil.rmtree(root, ignore_errors=True)
    definition, beside = root / "tenants/t", root / "environments/t"
    (definition / "phase1").mkdir(parents=True)
    beside.mkdir(parents=True)
    (definition / "tenant.yaml").write_text(TENANT)
    (definition / "phase1/all.yaml").write_text(DEFINITION)
    (definition / "phase1/later.yaml").write_text(LATER)
    (beside / "dev.yaml").write_text(written(dev, "development"))
    (beside / "qa.yaml").write_text(written(qa, "qa"))
    return root


def found(root: Path, tenant: str, one: str, other: str) -> Residue:
    return residue(side_of(load(root, tenant, one)), side_of(load(root, tenant, other)))


@pytest.mark.thorough
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(dev=environments, qa=environments)
def test_what_drawn_environments_declare_otherwise_explains_all_that_differs(tmp_path, dev, qa):
    root = project(tmp_path / "p", dev, qa)
    known = found(root, "t", "dev", "qa")
    assert known.unexplained == ()
    desired = [load(root, "t", name).desired.tenant for name in ("dev", "qa")]
    changes = compare(*desired)
    named = {(c.address, e.path) for c in changes if isinstance(c, Update) for e in c.edits}
    named |= {(c.address, ()) for c in changes if not isinstance(c, Update)}
    assert set(known.reasons) == named
    if dev == qa:
        assert named <= {(Address("clients", "probe"), ())}


def told(root: Path, where: str, path: tuple[str, ...]) -> list[str]:
    known = found(root, "t", "dev", "qa")
    return sorted(map(str, known.reasons[Address.parse(where), path]))


SAME: dict[str, object] = {
    "name": "Shop",
    "url": URLS[0],
    "origins": [],
    "declined": False,
    "hold": "",
    "override": "",
}
QA = "environments/t/qa.yaml"
TOLD = {
    "a variable": ({"url": URLS[1]}, "clients.shop", ("callbacks",), ["variable url"]),
    "a variable inside a text that names two": (
        {"name": "Store"},
        "clients.shop",
        ("description",),
        ["variable name"],
    ),
    "a list that is a variable": (
        {"origins": [URLS[1]]},
        "clients.shop",
        ("web_origins",),
        ["variable origins"],
    ),
    "an element more": (
        {"override": OVERRIDES[0]},
        "clients.shop",
        ("callbacks",),
        [f"override, {QA}:9"],
    ),
    "an element less": (
        {"override": OVERRIDES[1]},
        "clients.shop",
        ("callbacks",),
        [f"override, {QA}:9"],
    ),
    "a field that is let go": (
        {"override": OVERRIDES[2]},
        "clients.shop",
        ("description",),
        [f"override, {QA}:9"],
    ),
    "members of an association": (
        {"override": OVERRIDES[5]},
        "connection_clients.customers",
        ("clients",),
        [f"override, {QA}:9"],
    ),
    "an association that is let go": (
        {"override": OVERRIDES[6]},
        "connection_clients.customers",
        (),
        ["unmanaged in qa"],
    ),
    "a field of a topic that is declined": (
        {"declined": True},
        "clients.shop",
        ("allowed_logout_urls",),
        [f"topic logout is declined, {QA}:4"],
    ),
    "what is on hold": ({"hold": "connections.*"}, "connections.customers", (), ["on hold in qa"]),
    "what one of them has only": (
        {},
        "clients.probe",
        (),
        ["$only, tenants/t/phase1/all.yaml:10"],
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_a_reason_names_what_declares_the_difference(tmp_path, name):
    other, where, path, reasons = TOLD[name]
    assert told(project(tmp_path, SAME, {**SAME, **other}), where, path) == reasons


def test_an_element_that_both_environments_add_explains_nothing(tmp_path):
    dev = {**SAME, "override": OVERRIDES[0]}
    root = project(tmp_path, dev, {**dev, "url": URLS[1]})
    assert told(root, "clients.shop", ("callbacks",)) == ["variable url"]


def test_a_phase_that_is_not_released_explains_what_it_brings(tmp_path):
    root = project(tmp_path, SAME, SAME)
    later = root / "tenants/t/phase2"
    later.mkdir()
    text = "application_integration:\n  clients:\n    shop: {logo_uri: https://x.example/l.png}\n"
    (later / "more.yaml").write_text(text)
    dev = root / "environments/t/dev.yaml"
    dev.write_text(dev.read_text().replace("phases: [1]", "phases: [1, 2]"))
    assert told(root, "clients.shop", ("logo_uri",)) == ["phase 2 is not released"]


def test_what_no_file_says_is_unexplained(tmp_path):
    root = project(tmp_path, SAME, SAME)
    one, other = (side_of(load(root, "t", name)) for name in ("dev", "qa"))
    address = Address("clients", "shop")
    fields = {**other.desired.tenant.resources[address].fields, "logo_uri": "https://x.example/l"}
    resources = {**other.desired.tenant.resources, address: Resource(address, fields)}
    known = residue(one, _with(other, Tenant(resources)))
    assert known.unexplained == ((address, ("logo_uri",)),)


def _with(side, tenant):
    from dataclasses import replace

    return replace(side, desired=replace(side.desired, tenant=tenant))


def test_what_differs_anyway_is_taken_out_of_changes(tmp_path):
    root = project(tmp_path, SAME, {**SAME, "url": URLS[1]})
    known = found(root, "t", "dev", "qa")
    dev, qa = (load(root, "t", name).desired.tenant for name in ("dev", "qa"))
    address = Address("clients", "shop")
    fields = {**qa.resources[address].fields, "app_type": "native"}
    changed = Tenant({**qa.resources, address: Resource(address, fields)})
    (left,) = besides(compare(dev, changed), known)
    assert isinstance(left, Update)
    assert [edit.path for edit in left.edits] == [("app_type",)]
    gone = Tenant({k: v for k, v in qa.resources.items() if k != Address("clients", "office")})
    assert [type(each) for each in besides(compare(dev, gone), known)] == [Delete]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("tenant", "one", "other"),
    [("hearthhollow", "dev", "prod"), ("tallowbridge", "qa", "prod")],
)
def test_the_example_tenants_declare_all_that_differs(tenant, one, other):
    known = found(REPOSITORY, tenant, one, other)
    assert known.reasons
    assert known.unexplained == ()
