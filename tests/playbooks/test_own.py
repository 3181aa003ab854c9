"""A team's own playbook: written down, read with its lines, and used as those of the package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from support.project import REPOSITORY, Project, command
from tenantctl.drafts.place import place
from tenantctl.errors import FilesError
from tenantctl.files import load as load_files
from tenantctl.files import read_playbook
from tenantctl.model import Address
from tenantctl.playbooks import (
    NAMES,
    Playbook,
    checks,
    load,
    playbook,
    shipped_topics,
    texts_of,
    written,
)
from tenantctl.report.playbooks import playbook_as_yaml

SMALL = """\
id: house
name: A small house
phases:
  - number: 1
    name: People get in
    requires: []
    milestones:
      - {id: open, name: Open, kind: production, workstreams: [door]}
    gates:
      - {id: safe, text: It is safe., checks: [H01.bell]}
    workstreams:
      - id: door
        name: Door
        audience: Locksmiths
        follows: []
        parallel: []
        topics:
          - {id: tenant_association, requirement: required, milestone: open}
          - {id: bell, requirement: optional, milestone: open, follows: [tenant_association]}
    sequence: [tenant_association, bell]
topics:
  bell:
    name: Bell
    kind: config
    homes: [roles]
    owns: {roles: ['**']}
    summary: What rings, and for whom; ${this} is text.
  tenant_association:
    name: Whose house it is
checks:
  H01.bell:
    title: Somebody hears the bell
    severity: low
    levels: {development: info, qa: warn, production: block}
    topics: [bell]
    evidence: config
    why: Guests go away.
    evaluate:
      scope: roles
      quantifier: any
      assert: {path: name, op: in, value: {is: hearing}}
values:
  hearing: [Butler, Porter]
"""
TENANT = """\
playbook: ./playbook.yaml
adopts: [tenant_association, bell]
"""
FRAGMENT = """\
tenant_association:
  tenant: {friendly_name: House}
bell:
  roles:
    butler: {name: Butler}
"""


def house(folder: Path, **texts: str) -> Project:
    """A project whose one tenant goes by its own playbook."""
    files = {
        "tenants/house/tenant.yaml": TENANT,
        "tenants/house/playbook.yaml": SMALL,
        "tenants/house/phase1/door.yaml": FRAGMENT,
        "environments/house/dev.yaml": "kind: development\ndomain: embedded\nphases: [1]\n",
        **texts,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return Project(folder)


def small() -> Playbook:
    return load(yaml.safe_load(SMALL), shipped_topics())


BOOKS: Mapping[str, Playbook] = {**{name: playbook(name) for name in NAMES}, "house": small()}


@pytest.mark.parametrize("name", BOOKS)
def test_a_playbook_that_is_written_down_is_read_as_the_same(name: str) -> None:
    book = BOOKS[name]
    assert load(written(book, shipped_topics()), shipped_topics()) == book
    assert load(yaml.safe_load(playbook_as_yaml(book)), shipped_topics()) == book


@pytest.mark.parametrize("name", BOOKS)
def test_the_source_that_is_printed_is_read_from_a_file_as_the_same(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / "mine.yaml").write_text(playbook_as_yaml(BOOKS[name]), encoding="utf-8")
    assert read_playbook(str(tmp_path / "mine.yaml")) == BOOKS[name]
    again = command("playbooks", str(tmp_path / "mine.yaml"), "--yaml")
    assert again.code == 0
    assert again.out == (tmp_path / "mine.yaml").read_text(encoding="utf-8")


def test_what_would_not_show_as_itself_is_shown_as_what_it_is(tmp_path: Path) -> None:
    hostile = "Na\u0308he \u202eevil\u001b[31m"
    document = {**yaml.safe_load(SMALL), "name": hostile}
    document["phases"][0]["workstreams"][0]["name"] = hostile
    document["topics"]["bell"]["summary"] = hostile
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    file = str(tmp_path / "mine.yaml")
    for arguments in ((file,), (file, "--topic", "bell"), (file, "--yaml")):
        ran = command("playbooks", *arguments)
        assert ran.code == 0, ran.err
        assert "evil" in ran.out
        assert not {"\u202e", "\u001b"} & {*ran.out}
    source = command("playbooks", file, "--yaml").out
    assert load(yaml.safe_load(source), shipped_topics()).name == hostile


def test_what_is_said_of_a_topic_adds_to_what_is_known_of_it() -> None:
    book = small()
    topic, shipped = book.topic("tenant_association"), playbook("b2c").topic("tenant_association")
    assert topic.name == "Whose house it is"
    assert topic.owns == shipped.owns
    assert texts_of(book)["topics"]["bell"]["summary"].startswith("What rings")
    assert texts_of(book)["topics"]["tenant_association"]["docs"]


def test_own_checks_stand_beside_ours_about_the_same_topics() -> None:
    found = {check.id for check in checks(small())}
    assert {"H01.bell", "A09.support-email"} <= found
    assert "X01.brute-force-protection" not in found


def test_an_environment_goes_by_the_playbook_of_its_tenant(tmp_path: Path) -> None:
    project = house(tmp_path)
    loaded = load_files(tmp_path, "house", "dev")
    assert loaded.playbook == small()
    project.ok("plan", "dev", "--out", str(tmp_path / "plan.json"))
    shown = project.ok("plan", "dev").out
    assert "Door" in shown
    project.ok("show", str(tmp_path / "plan.json"))
    project.ok("apply", str(tmp_path / "plan.json"))
    project.ok("plan", "dev", "--detailed-exitcode")


def test_a_saved_plan_is_shown_where_its_playbook_is_gone(tmp_path: Path) -> None:
    project = house(tmp_path)
    project.ok("plan", "dev", "--out", str(tmp_path / "plan.json"))
    (tmp_path / "tenants/house/playbook.yaml").unlink()
    assert "roles.butler" in project.ok("show", str(tmp_path / "plan.json")).out


def test_what_no_topic_owns_is_taken_over_under_one_that_writes_something() -> None:
    bodies = {Address("segments", "many"): {"name": "many"}, Address("roles", "b"): {"name": "B"}}
    assert {(f.topic, str(f.address)) for f in place(bodies, small())} == {
        ("tenant_association", "segments.many"),
        ("bell", "roles.b"),
    }


def test_a_playbook_without_phases_has_no_topic_to_adopt(tmp_path: Path) -> None:
    empty = "id: empty\nname: Empty\nphases: []\n"
    house(tmp_path, **{"tenants/house/playbook.yaml": empty})
    with pytest.raises(FilesError) as caught:
        load_files(tmp_path, "house", "dev")
    assert "playbook empty has no phase" in str(caught.value)


def test_another_playbook_is_another_definition(tmp_path: Path) -> None:
    house(tmp_path)
    first = load_files(tmp_path, "house", "dev").desired.digest
    house(tmp_path, **{"tenants/house/playbook.yaml": SMALL.replace("People", "Guests")})
    assert load_files(tmp_path, "house", "dev").desired.digest != first


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "    kind: config\n",
            "    kind: chore\n",
            "24:11: topics.bell.kind must be one of config",
        ),
        ("requirement: optional", "requirment: optional", "19:24: unknown key requirment"),
        ("requirement: optional, ", "", "phases.0.workstreams.0.topics.1 has no requirement"),
        ("number: 1", "number: one", "4:13: phases.0.number must be a whole number"),
        ("sequence: [tenant_association, bell]", "sequence: [bell]", "lacks tenant_association"),
        ("id: bell, r", "id: bel, r", "19:18: topic bel has no name and no kind"),
        ("follows: [tenant_association]", "follows: [tenant]", "follows an unknown topic tenant"),
        ("topics: [bell]", "topics: [ring]", "H01.bell names an unknown topic ring"),
        ("op: in,", "op: one_of,", "op must be one of absent"),
        ("quantifier: any", "quantifier: any\n      max: 3", "max cannot stand beside"),
        ("value: {is: hearing}", "value: {is: hering}", "'hering' is missing"),
        ("name: A small house", "name: !var x", "2:7: !var means nothing here"),
        ("id: house", "id: house\nid: home", "2:1"),
        ("id: house", "id: b2c", "calls itself b2c"),
    ],
)
def test_what_is_wrong_with_a_playbook_is_told_where_it_stands(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    assert old in SMALL
    house(tmp_path, **{"tenants/house/playbook.yaml": SMALL.replace(old, new, 1)})
    with pytest.raises(FilesError) as caught:
        load_files(tmp_path, "house", "dev")
    problems = [str(problem) for problem in caught.value.problems]
    assert any(said in problem for problem in problems), problems
    assert all("playbook.yaml" in problem for problem in problems)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("./other.yaml", "there is no file tenants/house/other.yaml"),
        ("./../other.yaml", "a part that is empty or starts with a dot"),
        ("./link.yaml", "is a link that leads out of tenants/house"),
        ("playbook.yaml", "there is no playbook playbook.yaml"),
        ("./playbook.yml", "there is no playbook ./playbook.yml"),
        ("b2d", "there is no playbook b2d"),
    ],
)
def test_only_a_file_of_the_tenant_is_read_as_its_playbook(
    named: str, said: str, tmp_path: Path
) -> None:
    house(tmp_path, **{"tenants/house/tenant.yaml": f"playbook: {named}\n"})
    (tmp_path / "outside.yaml").write_text(SMALL)
    (tmp_path / "tenants/house/link.yaml").symlink_to(tmp_path / "outside.yaml")
    with pytest.raises(FilesError) as caught:
        load_files(tmp_path, "house", "dev")
    assert any(said in str(problem) for problem in caught.value.problems)


def test_a_playbook_meets_the_schema_that_editors_know() -> None:
    schema: dict[str, Any] = json.loads((REPOSITORY / "schemas/playbook.json").read_text())
    validator = jsonschema.Draft7Validator(schema)
    for book in BOOKS.values():
        assert list(validator.iter_errors(written(book, shipped_topics()))) == []
    wrong = {**yaml.safe_load(SMALL), "phase": []}
    assert [error.validator for error in validator.iter_errors(wrong)] == ["additionalProperties"]
