"""Accepting drift: chosen live values go into the lines that said otherwise, and nothing else."""

from __future__ import annotations

import difflib
import json

import pytest

from drift.given import three
from drift.mallory import change
from support.project import Project
from tenantctl.errors import Refused, UsageError
from tenantctl.files import load
from tenantctl.model import Address
from tenantctl.workflows.accept import chosen, confined, names, unspoilt

ARCHITECTURE = "tenants/hearthhollow/phase1/architecture.yaml"
AUTHENTICATION = "tenants/hearthhollow/phase1/authentication.yaml"
BRANDING = "tenants/hearthhollow/phase1/branding.yaml"
DEV = "environments/hearthhollow/dev.yaml"
SHOP = "/clients/{client Web Shop}"
TENANT = "/tenants/settings"
CDN = "https://elsewhere.example/logo.png"


def files(project: Project) -> dict[str, list[str]]:
    found = [p for name in ("tenants", "environments") for p in (project.root / name).rglob("*")]
    return {
        str(path.relative_to(project.root)): path.read_text().splitlines()
        for path in found
        if path.is_file()
    }


def changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    """The lines that came and went, each with its file."""
    assert before.keys() == after.keys()
    return [
        f"{file.rpartition('/')[2]} {line[0]} {line[1:].strip()}"
        for file in before
        for line in difflib.unified_diff(before[file], after[file], lineterm="", n=0)
        if line[0] in "+-" and line[:3] not in {"+++", "---"}
    ]


@pytest.mark.thorough
def test_live_values_go_into_the_lines_that_said_otherwise(applied: Project) -> None:
    """Comments, order and everything else stay; the next plan and the next look find nothing."""
    change(
        applied,
        ("PATCH", SHOP, {"description": "Sells lamps."}),
        ("PATCH", "/connections/{connection customers}/clients",
         [{"client_id": "{client Checkout}", "status": False}]),
        ("PATCH", "/branding", {"colors": {"primary": "#123456", "page_background": "#f7f4ef"}}),
        ("PATCH", TENANT, {"picture_url": CDN}),
    )  # fmt: skip
    before, writes = files(applied), applied.writes()
    ran = applied.ok("drift", "dev", "--accept")
    assert applied.writes() == writes
    assert sorted(changed(before, files(applied))) == [
        "authentication.yaml + clients: [web-shop, account-centre, ios-app, android-app]",
        "authentication.yaml + description: Sells lamps.",
        "authentication.yaml - clients: [web-shop, checkout, account-centre, ios-app, android-app]",
        "authentication.yaml - description: The shop front, a single-page application.",
        'branding.yaml + colors: {primary: "#123456", page_background: "#f7f4ef"}',
        'branding.yaml - colors: {primary: "#2f4f3a", page_background: "#f7f4ef"}',
        f'dev.yaml + tenant: {{picture_url: "{CDN}"}}',
    ]
    assert f"✓ {AUTHENTICATION}:32  clients.web-shop" in ran.out
    assert f"✓ {AUTHENTICATION}:22  connection_clients.customers" in ran.out
    assert f"✓ {DEV}:65  tenant" in ran.out
    assert "What stands under tenants/ is said for prod, qa as well" in ran.out
    assert applied.steps() == []
    assert applied.ok("drift", "dev", "--json").json["outcome"] == "clean"
    last = max((applied.root / ".tenantctl/drift/hearthhollow/dev").glob("*.json"))
    assert json.loads(last.read_text())["drift"]["drifted"] == []
    assert "Nothing to accept" in applied.ok("drift", "dev", "--accept").out


@pytest.mark.thorough
def test_only_what_is_chosen_is_written_and_a_conflict_only_by_its_name(applied: Project) -> None:
    change(
        applied,
        ("PATCH", SHOP, {"description": "Sells lamps."}),
        ("PATCH", TENANT, {"friendly_name": "Mallory", "support_email": "m@x.example"}),
    )
    applied.edit(ARCHITECTURE, "friendly_name: Hearth & Hollow", "friendly_name: Hearth")
    before = files(applied)
    ran = applied.ok("drift", "dev", "--accept", "tenant*", "--json")
    assert [each["field"] for each in ran.json["written"]] == ["support_email"]
    assert ran.json["drift"]["outcome"] == "drifted"
    assert len(changed(before, files(applied))) == 2
    ran = applied.run("drift", "dev", "--accept", "tenant.friendly_name", "--detailed-exitcode")
    assert ran.code == 2
    assert "friendly_name: Mallory" in (applied.root / ARCHITECTURE).read_text()
    assert applied.steps() == ["clients.web-shop"]


def test_what_no_file_can_say_is_left_with_the_way_out(applied: Project) -> None:
    path = applied.root / ".tenantctl/secrets/hearthhollow-dev.json"
    secret = json.loads(path.read_text())["SHOP_API_TOKEN"]
    change(
        applied,
        ("DELETE", "/clients/{client Synthetic Monitor}", None),
        ("PATCH", SHOP, {"description": f"it is {secret}"}),
    )
    before = files(applied)
    ran = applied.run("drift", "dev", "--accept")
    assert ran.code == 1
    assert changed(before, files(applied)) == []
    place = "tenants/hearthhollow/phase1/operations.yaml:15"
    assert f"delete it at {place}, and what names it at" in ran.out
    assert "it went with clients.synthetic-monitor, which was deleted" in ran.out
    assert "it is a secret, or quotes one" in ran.out
    assert secret not in ran.out


WAS = {
    "clients.a": {"name": "a", "description": "x", "callbacks": ["https://a.example/"]},
    "clients.b": {"name": "b", "description": "x"},
}
THERE = {
    "clients.a": {"name": "a", "description": "y", "callbacks": ["https://b.example/"]},
    "clients.b": {"name": "b", "description": "y"},
}
WANT = {**WAS, "clients.b": {"name": "b", "description": "z"}}


@pytest.mark.parametrize(
    ("globs", "taken"),
    [
        ((), ["clients.a.callbacks", "clients.a.description"]),
        (("*",), ["clients.a.callbacks", "clients.a.description"]),
        (("clients.a",), ["clients.a.callbacks", "clients.a.description"]),
        (("*.description",), ["clients.a.description"]),
        (("clients.b",), ["clients.b.description"]),
        (
            ("*.callbacks", "clients.b.description"),
            ["clients.a.callbacks", "clients.b.description"],
        ),
    ],
)
def test_globs_choose_drift_and_full_names_choose_conflicts(
    globs: tuple[str, ...], taken: list[str]
) -> None:
    found = three(WAS, THERE, WANT)
    assert sorted(names(each)[-1] for each in chosen(found, globs)) == taken


@pytest.mark.parametrize(
    ("glob", "said"),
    [("clients.c", "nothing that has drifted is called clients.c"), ("*.b", "in the files, too")],
)
def test_a_glob_that_chooses_nothing_is_a_mistake(glob: str, said: str) -> None:
    with pytest.raises(UsageError, match=said.replace(".", r"\.")) as raised:
        chosen(three(WAS, THERE, WANT), (glob,))
    assert "clients.b.description" in raised.value.help


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (AUTHENTICATION, "Basket and payment", "Basket", "clients.checkout, too"),
        ("environments/hearthhollow/prod.yaml", "cdn.hearth", "cdn2.hearth", "of prod, too"),
    ],
)
def test_nothing_is_written_by_which_anybody_is_asked_for_more_than_was_accepted(
    project: Project, file: str, old: str, new: str, said: str
) -> None:
    """Neither here nor in another environment."""
    text = (project.root / file).read_text()
    assert old in text
    texts, args = {file: text.replace(old, new, 1)}, (project.root, "hearthhollow", "dev")
    before, after = load(*args), load(*args, texts=texts)
    confined(project.root, before, after, texts, {*after.desired.tenant.resources})
    with pytest.raises(Refused, match=said):
        confined(project.root, before, after, texts, {Address("clients", "web-shop")})


def test_nothing_is_written_by_which_another_field_is_asked_for_otherwise() -> None:
    found = three(WAS, THERE, WAS)
    mine = [each for each in found if names(each)[-1] == "clients.a.description"]
    accepted = {**WAS, "clients.a": {**WAS["clients.a"], "description": "y"}}
    unspoilt(found, three(WAS, THERE, accepted), mine)
    spoilt = {**accepted, "clients.b": {"name": "b", "description": "z"}}
    with pytest.raises(Refused, match=r"clients\.b\.description"):
        unspoilt(found, three(WAS, THERE, spoilt), mine)
