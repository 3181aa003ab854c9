"""A definition is found by its digest, in the files or in Git, with all that it is made of."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from fleet.projects import written
from promotion.small import commit, describe, git
from support.project import Project
from tenantctl.errors import FilesError, LedgerError
from tenantctl.files import load
from tenantctl.playbooks import playbook, shipped_topics
from tenantctl.playbooks import written as written_down
from tenantctl.workflows.former_files import digests_at, load_former, with_definition


def digest_of(project: Project, tenant: str = "shop", env: str = "dev") -> str:
    return load(project.root, tenant, env).desired.digest


def test_the_files_here_are_used_where_they_are_it_committed_or_not(shop: Project):
    describe(shop, "The shop.", "Not committed.")
    with with_definition(shop.root, "shop", digest_of(shop)) as found:
        assert (found.root, found.commit, found.looked) == (shop.root, "", 0)


def test_the_commit_that_a_receipt_names_is_looked_at_first(shop: Project):
    digest, first = digest_of(shop), git(shop.root, "rev-parse", "HEAD")
    for number in range(3):
        describe(shop, "The shop." if number == 0 else f"{number}.", f"{number + 1}.")
        commit(shop.root, f"{number}")
    with with_definition(shop.root, "shop", digest, f"{first}-dirty") as found:
        assert (found.commit, found.looked) == (first, 1)
    with with_definition(shop.root, "shop", digest, first) as found:
        assert (found.commit, found.looked) == (first, 1)
        assert load(found.root, "shop", "qa").desired.digest == digest
    assert not found.root.exists()
    for named in ("", "0" * 40):
        with with_definition(shop.root, "shop", digest, named) as found:
            assert (found.commit, found.looked) == (first, 4)


def test_another_branch_may_have_it(shop: Project):
    git(shop.root, "checkout", "--quiet", "-b", "other")
    describe(shop, "The shop.", "Elsewhere.")
    digest, there = digest_of(shop), commit(shop.root, "Elsewhere")
    git(shop.root, "checkout", "--quiet", "main")
    with with_definition(shop.root, "shop", digest) as found:
        assert found.commit == there


def test_environments_are_those_of_today_and_people_s_words_too(shop: Project):
    digest = digest_of(shop)
    describe(shop, "The shop.", "Another.")
    shop.edit("environments/shop/qa.yaml", "https://qa.shop.example", "https://new.shop.example")
    commit(shop.root, "Later")
    with with_definition(shop.root, "shop", digest) as found:
        loaded, note = load_former(found, "qa")
        assert note == ""
        assert loaded.environment.variables == {"shop_url": "https://new.shop.example"}


def test_broken_files_here_are_no_hindrance(shop: Project):
    digest = digest_of(shop)
    (shop.root / "tenants/shop/tenant.yaml").write_text("playbook: [")
    with with_definition(shop.root, "shop", digest) as found:
        assert load_former(found, "qa")[0].desired.digest == digest


def test_what_neither_environment_file_fits_is_told_with_the_commit(shop: Project):
    (shop.root / "environments/shop/qa.yaml").unlink()
    shop.edit("environments/shop/prod.yaml", "promotes_from: qa\n", "")
    describe(shop, "The shop.", "Without qa.")
    commit(shop.root, "Without qa")
    digest = digest_of(shop)
    describe(shop, "Without qa.", "Another.")
    shutil.copyfile(
        shop.root / "environments/shop/dev.yaml", shop.root / "environments/shop/qa.yaml"
    )
    shop.edit("environments/shop/qa.yaml", "variables:\n", "variables:\n  more: x\n")
    with (
        with_definition(shop.root, "shop", digest) as found,
        pytest.raises(FilesError) as caught,
    ):
        load_former(found, "qa")
    assert "the variable more is not declared" in str(caught.value)
    assert f"read with the definition {digest[:12]} of commit" in str(caught.value)


def sought(project: Project, digest: str, commit: str, version: str = "") -> LedgerError:
    with (
        pytest.raises(LedgerError, match="is found nowhere") as caught,
        with_definition(project.root, "shop", digest, commit, version=version),
    ):
        pass
    return caught.value


@pytest.mark.parametrize(
    ("named", "said", "help"),
    [
        ("", "were looked at", "git fetch --all"),
        ("d" * 40, "its receipt names commit dddddddddddd, which is not here", "--unshallow"),
        ("HEAD-dirty", "when files differed from commit HEAD", "commit those files"),
        ("HEAD", "whose files are not as they were applied", "what Git ignores"),
    ],
)
def test_why_no_commit_has_a_definition_is_told_as_far_as_its_receipt_tells(
    shop: Project, named: str, said: str, help: str
):
    error = sought(shop, "0" * 64, named)
    assert said in error.message
    assert help in error.help
    older = sought(shop, "0" * 64, named, version="0.0.9")
    assert "applied by tenantctl 0.0.9" in older.message
    assert (f"its receipt names commit {named}" in older.help) == bool(named)


def test_what_an_editor_leaves_beside_the_environments_is_no_hindrance(shop: Project):
    digest = digest_of(shop)
    describe(shop, "The shop.", "Another.")
    folder = shop.root / "environments" / "shop"
    (folder / ".#qa.yaml").symlink_to("ada@machine.4711")
    (folder / "gone.yaml").symlink_to("nowhere.yaml")
    with with_definition(shop.root, "shop", digest) as found:
        assert load_former(found, "qa")[0].desired.digest == digest


def test_a_definition_with_links_to_its_own_files_is_found_again(shop: Project):
    text = shop.root / "tenants/shop/phase1/authentication.yaml"
    (shop.root / "tenants/shop/shared.yaml").write_text(text.read_text())
    text.unlink()
    text.symlink_to("../shared.yaml")
    digest, there = digest_of(shop), commit(shop.root, "A link")
    shop.edit("tenants/shop/shared.yaml", "The shop.", "Another.")
    with with_definition(shop.root, "shop", digest) as found:
        assert found.commit == there
        assert load_former(found, "qa")[0].desired.digest == digest


def test_a_project_without_git_has_nothing_but_its_files(tmp_path: Path):
    project = written(tmp_path)
    with (
        pytest.raises(LedgerError, match=r"0 commits .*; the project is in no Git repository"),
        with_definition(project.root, "district", "0" * 64),
    ):
        pass


def test_of_a_tenant_of_a_fleet_the_template_the_row_and_the_overlay_are_found(tmp_path: Path):
    project = written(tmp_path)
    git(tmp_path, "init", "--quiet")
    first = commit(tmp_path, "Begin")
    was = {name: digest_of(project, name) for name in ("alder", "birch")}
    project.edit("tenants/schools.csv", "Alder School", "Alder Academy")
    second = commit(tmp_path, "A row")
    project.edit("tenants/school/phase1/base.yaml", "app_type: spa", "app_type: native")
    commit(tmp_path, "The template")
    for name, there in (("alder", first), ("birch", second)):
        with with_definition(tmp_path, name, was[name]) as found:
            assert found.commit == there
            loaded, _ = load_former(found, "prod")
            title = next(r.fields for r in loaded.desired.tenant if r.address.kind == "tenant")
            assert title["friendly_name"].endswith("School")


def test_a_playbook_of_a_teams_own_is_part_of_it(shop: Project):
    own = shop.root / "tenants/shop/playbook.yaml"
    ours = {**written_down(playbook("b2c"), shipped_topics()), "id": "ours"}
    own.write_text(json.dumps(ours, indent=1))
    shop.edit("tenants/shop/tenant.yaml", "playbook: b2c", "playbook: ./playbook.yaml")
    digest, there = digest_of(shop), commit(shop.root, "A playbook of our own")
    own.write_text(own.read_text().replace('"name": "', '"name": "Our ', 1))
    commit(shop.root, "Another one")
    assert digest_of(shop) != digest
    with with_definition(shop.root, "shop", digest) as found:
        assert found.commit == there


def test_the_digests_of_a_commit_have_that_of_its_files(shop: Project):
    digest = digest_of(shop)
    describe(shop, "The shop.", "Another.")
    commit(shop.root, "Another")
    assert digest in digests_at(shop.root, "shop", "main~1")
    assert digest not in digests_at(shop.root, "shop", "main")
    assert digests_at(shop.root, "shop", "nonsense") == ()
