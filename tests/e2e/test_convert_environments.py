"""Several environments of another tool as one project, beside the tenants that are there."""

from __future__ import annotations

import json

import pytest

from support.project import Project, command
from tenantctl.cli.taking import check
from tenantctl.errors import FilesError
from tenantctl.files import load

CLIENTS = [{"name": "Web", "app_type": "spa", "callbacks": ["##URL##/cb"]}]


@pytest.fixture
def theirs(tmp_path):
    """A folder as auth0-deploy-cli imports it, with the keywords of two environments."""
    folder = tmp_path / "theirs"
    (folder / "clients").mkdir(parents=True)
    for client in CLIENTS:
        (folder / "clients" / f"{client['name']}.json").write_text(json.dumps(client))
    for env in ("dev", "prod"):
        config = {
            "AUTH0_DOMAIN": f"shop-{env}.eu.auth0.com",
            "AUTH0_KEYWORD_REPLACE_MAPPINGS": {"URL": f"https://{env}.example"},
        }
        (tmp_path / f"{env}.json").write_text(json.dumps(config))
    return tmp_path


def converted(theirs, *options):
    mapping = [f"--mapping={env}={theirs / env}.json" for env in ("dev", "prod")]
    target = ("--into", str(theirs / "ours"), "--tenant", "shop")
    return command("convert", "deploy-cli", str(theirs / "theirs"), *target, *mapping, *options)


def files(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("options", "domains"),
    [
        ((), {"dev": "shop-dev.eu.auth0.com", "prod": "shop-prod.eu.auth0.com"}),
        (("--embedded",), dict.fromkeys(("dev", "prod"), "embedded")),
    ],
)
def test_every_environment_is_of_its_own_tenant(theirs, options, domains):
    ran = converted(theirs, *options)

    assert ran.code == 0, ran.err
    for env, domain in domains.items():
        text = (theirs / f"ours/environments/shop/{env}.yaml").read_text()
        assert f"domain: {domain}\n" in text
        (client,) = load(theirs / "ours", "shop", env).desired.tenant
        assert f"https://{env}.example" in str(client.fields["callbacks"])


@pytest.mark.parametrize("folder", ["tenants", "environments"])
def test_nothing_is_written_over(theirs, folder):
    there = theirs / "ours" / folder / "shop"
    there.mkdir(parents=True)
    (there / "tenant.yaml").write_text("# ours\n")
    before = files(theirs)

    ran = converted(theirs)

    assert ran.code == 64
    assert f"has {folder}/shop already" in ran.err
    assert files(theirs) == before


def test_another_tenant_of_the_project_stays_as_it_is(theirs, project: Project):
    before = files(project.root / "tenants/hearthhollow")

    ran = converted(theirs, "--into", str(project.root))

    assert ran.code == 0, ran.err
    assert files(project.root / "tenants/hearthhollow") == before
    assert project.ok("validate", "shop/prod").code == 0


def test_what_is_wrong_with_any_environment_is_told(theirs):
    assert converted(theirs).code == 0
    for env in ("dev", "prod"):
        path = theirs / f"ours/environments/shop/{env}.yaml"
        path.write_text(path.read_text() + "nobody: knows\n")

    with pytest.raises(FilesError) as raised:
        check(theirs / "ours", "shop", ("dev", "prod"))

    told = [problem.file for problem in raised.value.problems]
    assert told == ["environments/shop/dev.yaml", "environments/shop/prod.yaml"]
