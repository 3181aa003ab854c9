"""A second tenant of the same product is told in its environment, and the first stays as it is."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from drafts.revised import BASE, DEV, TENANT, project
from drafts.standing import Standing, generated
from tenantctl.drafts import write_files
from tenantctl.drafts.edit_hosts import _swapped
from tenantctl.drafts.edit_likeness import WORDS, pairs, renamed, stripped
from tenantctl.drafts.edit_second import Second, second
from tenantctl.engine import Known, diff
from tenantctl.files import load
from tenantctl.model import Address, Draft, Ref, Resource, Tenant
from tenantctl.playbooks import playbook
from tenantctl.workflows.takeover import Wanted, take_over

START = """\
application_integration:
  clients:
    web:
      name: Shop (dev)
      app_type: spa
      description: The shop
      callbacks: [https://shop.dev.example.com/cb, "http://localhost:3000"]
      initiate_login_uri: https://shop.dev.example.com/login   # starts it
    tool: {app_type: non_interactive, description: For us}
    beta: {app_type: native, description: Tried out}
username_password:
  connections:
    customers:
      strategy: auth0
      clients: [web, tool, beta]
logout:
  tenant:
    friendly_name: Shop
    support_url: https://shop.dev.example.com/help
    session_lifetime: 24
"""
PROD = Second(
    "prod", "shop-prod.sandbox.invalid", {"kind": "production", "domain": "embedded"}, generated
)


def web(**fields: Any) -> dict[str, Any]:
    return {"name": "Shop (prod)", "app_type": "spa", "description": "The shop", **fields}


def client_refs(*keys: str) -> list[Ref]:
    return [Ref(Address("clients", key), "client_id") for key in keys]


LIVE = {
    "clients.shop-prod": web(
        callbacks=["https://shop.example.com/cb"],
        initiate_login_uri="https://shop.example.com/login",
    ),
    "clients.tool": {"name": "tool", "app_type": "non_interactive", "description": "For us"},
    "clients.kiosk": {"name": "Kiosk", "app_type": "regular_web", "description": "In the shops"},
    "connections.customers": {"name": "customers", "strategy": "auth0"},
    "connection_clients.customers": {"clients": client_refs("shop-prod", "tool", "kiosk")},
    "tenant": {
        "friendly_name": "Shop",
        "support_url": "https://shop.example.com/help",
        "session_lifetime": 72,
    },
}


def live(found: Any = LIVE) -> dict[Address, Resource]:
    addresses = {Address.parse(name): fields for name, fields in found.items()}
    return {address: Resource(address, fields) for address, fields in addresses.items()}


def said(text: str) -> Any:
    """A file, with tags as `!tag value` texts."""

    class Loader(yaml.SafeLoader):
        pass

    def tagged(loader: Any, suffix: str, node: Any) -> Any:
        if isinstance(node, yaml.SequenceNode):
            return {f"!{suffix}": loader.construct_sequence(node)}
        return f"!{suffix} {node.value}".strip()

    Loader.add_multi_constructor("!", tagged)
    return yaml.load(text, Loader)


@pytest.fixture
def done(tmp_path):
    root = project(tmp_path, {BASE: START})
    loaded = load(root, "shop", "dev")
    return root, loaded, second(root, loaded, PROD, live())


def test_the_first_environment_asks_for_what_it_asked_for(done):
    root, loaded, revision = done
    again = load(root, "shop", "dev", texts=revision.texts)
    assert again.desired.tenant.resources == loaded.desired.tenant.resources


def test_the_second_asks_for_what_its_tenant_has(done):
    root, _, revision = done
    prod = load(root, "shop", "prod", texts=revision.texts)
    known = {Address("clients", "shop-prod"): Address("clients", "web")}
    assert diff(prod.desired, Tenant(renamed(live(), known)), Known()) == ()


def test_what_differs_is_told_where_it_belongs(done):
    _, _, revision = done
    prod = said(revision.texts["environments/shop/prod.yaml"])
    assert prod["variables"] == {"shop_example_host": "shop.example.com"}
    assert prod["overrides"] == {
        "clients.web": {
            "name": "Shop (prod)",
            "callbacks": {"!without": ["http://localhost:3000"]},
        },
        "connections.customers": {"clients": ["web", "tool", "kiosk"]},
        "tenant": {"session_lifetime": 72},
    }
    assert said(revision.texts[DEV])["variables"] == {"shop_example_host": "shop.dev.example.com"}
    assert "shop_example_host" in said(revision.texts[TENANT])["variables"]


def test_the_definition_says_who_has_what_and_keeps_its_comments(done):
    _, _, revision = done
    text = revision.texts[BASE]
    clients = said(text)["application_integration"]["clients"]
    assert clients["beta"]["$only"] == ["dev"]
    assert clients["kiosk"]["$only"] == ["prod"]
    assert "$only" not in clients["web"]
    line = '      initiate_login_uri: "https://${var.shop_example_host}/login"   # starts it'
    assert line in text.splitlines()


def test_what_is_taken_to_be_one_thing_is_told(done):
    told = [note for note in done[2].notes if note.address == "clients.web"]
    assert "Shop (prod)" in told[0].message
    assert done[2].known[Address("clients", "shop-prod")] == Address("clients", "web")


def test_doubtful_pairs_are_two_things_and_told(tmp_path):
    body = {"app_type": "spa", "description": "The shop", "is_first_party": True}
    more = {"cross_origin_authentication": False, "logo_uri": "https://x.example/a.png"}
    lines = "".join(
        f"      {name}: {str(value).lower() if value in (True, False) else value}\n"
        for name, value in {**body, **more}.items()
    )
    root = project(tmp_path, {BASE: f"application_integration:\n  clients:\n    front:\n{lines}"})
    other = {"name": "Storefront", **body, **more, "logo_uri": "https://x.example/b.png"}
    revision = second(root, load(root, "shop", "dev"), PROD, live({"clients.storefront": other}))
    clients = said(revision.texts[BASE])["application_integration"]["clients"]
    assert (clients["front"]["$only"], clients["storefront"]["$only"]) == (["dev"], ["prod"])
    doubts = [note for note in revision.notes if note.message.startswith("could not be told apart")]
    assert [note.address for note in doubts] == ["clients.front"]


def test_an_environment_file_that_is_there_keeps_what_it_says(tmp_path):
    prod = "# ours\nkind: staging\ndomain: embedded   # for now\npolicy: {delete: never}\n"
    root = project(tmp_path, {BASE: START, "environments/shop/prod.yaml": prod})
    revision = second(root, load(root, "shop", "dev"), PROD, live())
    assert revision.texts["environments/shop/prod.yaml"].startswith(prod)


# --- Likeness -----------------------------------------------------------------------------------

NAMES = {
    "Shop (dev)": "shop",
    "shop-prod": "shop",
    "ShopDev": "shop",
    "PROD": "prod",
    "login-dev.example.com": "login example com",
    "Production Web": "web",
}


@pytest.mark.parametrize(("name", "expected"), NAMES.items())
def test_names_are_compared_without_words_for_environments(name, expected):
    assert stripped(name, WORDS) == expected


def of(kind: str, *bodies: Any) -> dict[Address, Resource]:
    found = {Address(kind, f"{n}"): body for n, body in enumerate(bodies)}
    return {address: Resource(address, body) for address, body in found.items()}


LIKE = {
    "a name with another word for the environment": (
        of("clients", {"name": "Shop dev"}),
        of("clients", {"name": "Shop prod"}),
        1,
        0,
    ),
    "the same name of another type": (
        of("clients", {"name": "Shop dev", "app_type": "spa"}),
        of("clients", {"name": "Shop prod", "app_type": "native"}),
        0,
        0,
    ),
    "two that it could be": (
        of("roles", {"name": "a dev"}),
        of("roles", {"name": "a-qa"}, {"name": "a prod"}),
        0,
        2,
    ),
    "other names and few fields": (
        of("roles", {"name": "a", "description": "x"}),
        of("roles", {"name": "b", "description": "x"}),
        0,
        0,
    ),
}


@pytest.mark.parametrize(("ours", "theirs", "sure", "doubtful"), LIKE.values(), ids=LIKE)
def test_things_are_paired_only_where_nothing_else_is_as_like(ours, theirs, sure, doubtful):
    moved_theirs = {Address(a.kind, f"o{a.key}"): r for a, r in theirs.items()}
    others = {a: Resource(a, r.fields) for a, r in moved_theirs.items()}
    found = pairs(ours, others, ())
    assert (len(found.sure), len(found.doubtful)) == (sure, doubtful)


def test_what_hangs_on_something_and_who_names_it_get_its_other_key():
    known = {Address("clients", "b"): Address("clients", "a")}
    found = renamed(
        live(
            {
                "clients.b": {"name": "B"},
                "client_credentials.b/x": {},
                "client_grants.b/api/client": {"client_id": client_refs("b")[0]},
                "connection_clients.c": {"clients": client_refs("b", "d")},
            }
        ),
        known,
    )
    assert {str(address) for address in found} == {
        "clients.a", "client_credentials.a/x", "client_grants.a/api/client", "connection_clients.c",
    }  # fmt: skip
    assert found[Address("connection_clients", "c")].fields["clients"] == client_refs("a", "d")
    grant = found[Address("client_grants", "a/api/client")]
    assert grant.fields["client_id"] == client_refs("a")[0]


SWAPS = {
    ("https://a.dev.example/x", "https://a.example/x"): {"a.dev.example": "a.example"},
    ("https://a.example/x", "https://a.example/y"): None,
    ("a@b.example and b.example", "a@c.example and c.example"): {"b.example": "c.example"},
    ("b.example b.example", "c.example d.example"): None,
    ("plain", "text"): None,
}


@pytest.mark.parametrize(("texts", "expected"), SWAPS.items())
def test_texts_that_differ_by_hosts_alone_are_known(texts, expected):
    assert _swapped(*texts) == expected


# --- A whole product ----------------------------------------------------------------------------


@pytest.mark.thorough
def test_the_second_stage_of_a_real_product_is_written_into_the_export_of_the_first(tmp_path):
    source = Standing.of_repository(tmp_path / "source")
    source.apply("dev")
    source.apply("prod")
    new = Standing(tmp_path / "new", "hearthhollow", source.sandboxes)
    wanted = Wanted("hearthhollow", playbook("b2c"))
    settings = {"dev": {"kind": "development", "domain": "embedded"}}
    draft = Draft("hearthhollow-dev.sandbox.invalid", source.survey("dev"))
    write_files(new.root, take_over({"dev": draft}, wanted, settings).texts)
    first = new.load("dev")
    before = first.desired.tenant.resources
    secrets = set(new.steps("dev"))
    there = Second("prod", "hearthhollow-prod.sandbox.invalid", PROD.settings, generated)
    revision = second(new.root, first, there, new.survey("prod", first))
    write_files(new.root, revision.texts)
    assert new.load("dev").desired.tenant.resources == before
    assert set(new.steps("dev")) == secrets
    assert set(new.steps("prod")) == {*secrets, "~ log_streams.datadog"}  # nobody sees its key
    assert not [note for note in revision.notes if note.level == "loss"]
    prod = said(revision.texts["environments/hearthhollow/prod.yaml"])
    assert len(prod["overrides"]) < 8
    assert not [name for name in revision.texts if ".prod." in name]
