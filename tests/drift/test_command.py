"""`tenantctl drift` from the command line, on a tenant that somebody changes behind our back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from drift.mallory import AGENT, NAME, change
from support.project import Project

SHOP = ("PATCH", "/clients/{client Web Shop}", {"description": "mine now"})
FRIENDLY = ("PATCH", "/tenants/settings", {"friendly_name": "Mallory's"})
AWAY = ("PATCH", "/connections/{connection customers}/clients",
        [{"client_id": "{client Checkout}", "status": False}])  # fmt: skip
GONE = ("DELETE", "/clients/{client Synthetic Monitor}", None)
ARCHITECTURE = "tenants/hearthhollow/phase1/architecture.yaml"
AUTHENTICATION = "tenants/hearthhollow/phase1/authentication.yaml"
RECEIPT = ".tenantctl/receipts/hearthhollow/dev/last.json"
DEV = "environments/hearthhollow/dev.yaml"


def receipts(project: Project) -> list[dict[str, object]]:
    folder = project.root / ".tenantctl/drift/hearthhollow/dev"
    return [json.loads(path.read_text())["drift"] for path in sorted(folder.glob("*.json"))]


def items(project: Project, *options: str) -> dict[str, dict[str, object]]:
    """What was found, by address and what it is."""
    document = project.ok("drift", "dev", "--json", *options).json
    return {f"{item['what']} {item['address']}": item for item in document["items"]}


def test_after_an_apply_nothing_has_drifted_whatever_the_files_say(applied: Project) -> None:
    ran = applied.ok("drift", "dev", "--detailed-exitcode")
    assert "No drift: nobody has changed hearthhollow-dev.sandbox.invalid" in ran.out
    applied.edit(ARCHITECTURE, "friendly_name: Hearth & Hollow", "friendly_name: Hearth")
    ran = applied.ok("drift", "dev", "--detailed-exitcode")
    assert "the files ask for something else of tenant; that is no drift" in ran.out
    clean, pending = receipts(applied)
    assert (clean["drifted"], clean["pending"]) == ([], 0)
    assert (pending["drifted"], pending["pending"]) == ([], 1)
    assert clean["digest"] == pending["digest"]


@pytest.mark.thorough
def test_a_change_in_an_environment_file_is_no_drift_for_any_verb(applied: Project) -> None:
    """The definition is the same, so that the digest is: what was applied tells them apart."""
    text = (applied.root / DEV).read_text()
    line = next(line for line in text.splitlines() if line.strip().startswith("cdn_url:"))
    applied.edit(DEV, line, "  cdn_url: https://cdn2.hearthhollow.example")
    assert applied.ok("drift", "dev", "--json").json["outcome"] == "clean"
    found = applied.ok("status", "hearthhollow/dev", "--json").json
    (dev,) = [c for t in found["tenants"] for c in t["environments"] if c["environment"] == "dev"]
    assert dev["figures"]["changes"] > 0
    assert dev["figures"]["drifted"] == 0
    checks = applied.run("check", "dev", "--json").json["findings"]
    (drift,) = [each for each in checks if each["check"] == "D01.no-drift"]
    assert drift["status"] == "passed"
    assert "changed in the tenant" not in applied.ok("plan", "dev").out


def test_what_was_changed_is_told_with_who_did_it_and_when(applied: Project) -> None:
    change(applied, SHOP, AWAY)
    ran = applied.run("drift", "dev", "--detailed-exitcode")
    assert ran.code == 2
    assert '"The shop front, a single-page application." -> mine now' in ran.out
    assert "- clients.checkout" in ran.out
    by = rf"by the client Mallory's script through the API from 127.0.0.1 \({AGENT}\), \d{{4}}-"
    assert len(re.findall(by, ran.out)) == 2
    assert f"{AUTHENTICATION}:32" in ran.out
    assert applied.run("drift", "dev").code == 0
    assert receipts(applied)[-1]["drifted"] == ["clients.web-shop", "connection_clients.customers"]


def test_a_conflict_shows_both_and_what_was_applied(applied: Project) -> None:
    change(applied, FRIENDLY)
    applied.edit(ARCHITECTURE, "friendly_name: Hearth & Hollow", "friendly_name: Hearth")
    item = items(applied)["conflict tenant"]
    assert "Mallory" in str(item["rows"][0]["after"])
    assert item["files"][0]["after"] == "Hearth"
    assert "Hearth & Hollow" in str(item["rows"][0]["before"])
    plan = applied.ok("plan", "dev").out
    assert "changed in the tenant since the last apply, and changed in the files" in plan


def test_what_was_deleted_is_told_with_what_went_with_it(applied: Project) -> None:
    change(applied, GONE)
    found = items(applied)
    assert found["drift clients.synthetic-monitor"]["how"] == "deleted"
    member = found["drift connection_clients.synthetic"]
    assert [write["client"] for write in member["by"]] == [NAME]
    assert "deleted in the tenant since the last apply" in applied.ok("plan", "dev").out


@pytest.mark.thorough
def test_what_is_there_again_under_another_id_is_told_until_an_apply_takes_note(
    applied: Project,
) -> None:
    """An apply with nothing else to do does, too: else a later delete would miss it."""
    with applied.sandbox() as sandbox:
        ((old, domain),) = sandbox.documents("custom_domains").items()
        sandbox.drop("custom_domains", old)
        sandbox.put("custom_domains", "cd_another", {**domain, "custom_domain_id": "cd_another"})
    assert [item["how"] for item in items(applied).values()] == ["renewed"]
    assert applied.steps() == []
    applied.ok("apply", "dev", "--yes")
    assert applied.ok("drift", "dev", "--json").json["outcome"] == "clean"
    last = json.loads((applied.root / RECEIPT).read_text())["receipt"]
    assert "cd_another" in json.dumps(last["entries"])


def test_before_the_first_apply_there_is_nothing_to_drift_from(project: Project) -> None:
    ran = project.ok("drift", "dev", "--detailed-exitcode", "--json")
    assert ran.json["outcome"] == "unapplied"
    ran = project.ok("drift", "dev", "--accept", "--detailed-exitcode", "--json")
    assert (ran.json["written"], ran.json["drift"]["outcome"]) == ([], "unapplied")
    assert ran.json["drift"]["pending"] == []
    assert not (project.root / ".tenantctl/drift").exists()


def test_the_log_is_asked_only_where_something_has_drifted(applied: Project) -> None:
    def asked(*options: str) -> int:
        ran = applied.ok("drift", "dev", "--json-into", str(applied.root / "e.jsonl"), *options)
        assert ran.code == 0
        text = (applied.root / "e.jsonl").read_text()
        return text.count('"/logs"')

    assert asked() == 0
    change(applied, SHOP)
    assert asked() == 1


def test_one_cannot_choose_without_anything_to_choose_for(applied: Project) -> None:
    ran = applied.run("drift", "dev", "clients.*")
    assert (ran.code, "add --accept" in ran.err) == (64, True)
    ran = applied.run("drift", "--all", "--accept")
    assert (ran.code, "for one environment" in ran.err) == (64, True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--watch",), "needs a terminal"),
        (("--watch", "--accept"), "writes nothing"),
        (("--report", "x.html"), "is no report of this command"),
    ],
)
def test_what_does_not_go_together_is_refused(
    applied: Project, options: tuple[str, ...], said: str
) -> None:
    ran = applied.run("drift", "dev", *options)
    assert (ran.code, said in ran.err) == (64, True)


@pytest.mark.thorough
def test_several_environments_are_looked_at_one_by_one(applied: Project, tmp_path: Path) -> None:
    change(applied, SHOP)
    report = tmp_path / "drift.md"
    ran = applied.run("drift", "--all", "--detailed-exitcode", "--json", "--report", str(report))
    assert ran.code == 2, ran.err
    found = {each["target"]: each for each in ran.json["targets"]}
    assert found["hearthhollow/dev"]["summary"] == "1 changed in the tenant"
    assert found["hearthhollow/qa"]["summary"] == "nothing has been applied yet"
    text = (tmp_path / "hearthhollow/dev/drift.md").read_text()
    assert text.startswith("<!-- tenantctl:drift:hearthhollow/dev -->\n")


@pytest.mark.thorough
def test_the_markdown_for_an_issue_is_the_same_from_look_to_look_but_for_one_line(
    applied: Project, tmp_path: Path
) -> None:
    change(applied, SHOP, AWAY, FRIENDLY)
    texts = []
    for n in (1, 2):
        path = tmp_path / f"{n}.md"
        applied.ok("drift", "dev", "--report", str(path))
        texts.append(path.read_text().splitlines())
    different = [pair for pair in zip(*texts, strict=True) if pair[0] != pair[1]]
    assert all("looked at" in line for pair in different for line in pair)
    assert sum("looked at" in line for line in texts[0]) == 1
    assert "### Drift in hearthhollow/dev: 3 changed in the tenant" in texts[0]
