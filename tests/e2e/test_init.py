"""A project in one command: planned and applied at once, and nothing is written over."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from contextlib import redirect_stderr, redirect_stdout

import pytest
import yaml

import tenantctl
from campaigns.editor import TAGS, editing
from support.project import REPOSITORY, Ran
from tenantctl.cli.__main__ import run
from tenantctl.drafts.start import ENVIRONMENTS, ignoring, schemas
from tenantctl.files import load, read_environment
from tenantctl.playbooks import NAMES

CONFIG = """\
clients:
  - name: Shop
    app_type: spa
    callbacks: ["https://##HOST##/callback"]
"""
SLIP = """\
# yaml-language-server: $schema={}
application_integration:
  clients:
    web:
      name: Web
      calbacks: []
"""
TERRAFORM = """\
resource "auth0_client" "web" {
  name     = "Web"
  app_type = "spa"
}
"""


def init(*arguments):
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(["init", *map(str, arguments)])
    return Ran(code, out.getvalue(), err.getvalue())


def started(folder, *arguments):
    ran = init("--into", folder, *arguments)
    assert ran.code == 0, ran.err
    return ran


def on(folder, *arguments):
    out = io.StringIO()
    with redirect_stdout(out):
        code = run([*arguments, "--chdir", str(folder)])
    assert code == 0, out.getvalue()
    return out.getvalue()


def everything(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".tenantctl" not in path.parts
    }


@pytest.mark.parametrize("playbook", NAMES)
def test_a_new_project_is_planned_and_applied_at_once(playbook, tmp_path):
    ran = started(tmp_path / "shop", "--playbook", playbook)
    assert ran.out.endswith(f"Next: tenantctl plan shop/dev --chdir {tmp_path / 'shop'}\n")
    on(tmp_path / "shop", "apply", "dev", "--yes")
    assert "Nothing to do" in on(tmp_path / "shop", "plan", "dev")
    for env in ENVIRONMENTS:
        assert "Plan: " in on(tmp_path / "shop", "plan", f"shop/{env}") or env == "dev"


@pytest.mark.parametrize("env", ["qa", "prod"])
def test_what_is_commented_out_is_right_once_it_is_not(env, tmp_path):
    started(tmp_path / "shop")
    path = tmp_path / "shop" / "environments" / "shop" / f"{env}.yaml"
    text = path.read_text().replace("domain: embedded\n", "")
    lines = re.sub(r"^# (?=domain:|credentials:|  plan:|  apply:)", "", text, flags=re.MULTILINE)
    path.write_text(lines)
    found = read_environment(tmp_path / "shop", "shop", env)
    assert found.domain.endswith(".eu.auth0.com")
    assert set(found.credentials) == {"plan", "apply"}
    load(tmp_path / "shop", "shop", env)


def test_a_second_run_changes_nothing(tmp_path):
    started(tmp_path / "shop")
    before = everything(tmp_path / "shop")
    ran = started(tmp_path / "shop")
    assert everything(tmp_path / "shop") == before
    assert "wrote" not in ran.out


def test_nothing_is_written_over(tmp_path):
    started(tmp_path / "shop")
    paths = [
        ".vscode/settings.json",
        ".github/workflows/tenantctl.yml",
        "schemas/tenant.json",
        "environments/shop/dev.yaml",
        "tenants/shop/phase1/authentication.yaml",
    ]
    for path in paths:
        with (tmp_path / "shop" / path).open("a") as file:
            file.write("\n")
    (tmp_path / "shop" / "environments/shop/qa.yaml").unlink()
    (tmp_path / "shop" / "tenants/shop/tenant.yaml").unlink()
    before = everything(tmp_path / "shop")
    said = json.loads(started(tmp_path / "shop", "--json").out)
    assert sorted(said["kept"]) == sorted(paths)
    written = {"environments/shop/qa.yaml", "tenants/shop/tenant.yaml"}
    assert set(said["written"]) == written
    after = everything(tmp_path / "shop")
    assert {path: text for path, text in after.items() if path not in written} == before


def test_what_somebody_moved_to_another_file_is_not_put_back(tmp_path):
    started(tmp_path / "shop")
    phase = tmp_path / "shop/tenants/shop/phase1"
    (phase / "authentication.yaml").rename(phase / "access.yaml")
    before = everything(tmp_path / "shop")
    started(tmp_path / "shop")
    assert everything(tmp_path / "shop") == before


def test_a_link_that_leads_nowhere_is_there_too(tmp_path):
    path = tmp_path / "shop/.vscode/settings.json"
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "elsewhere.json")
    assert "kept .vscode/settings.json" in started(tmp_path / "shop").out
    assert not (tmp_path / "elsewhere.json").exists()


def test_a_configuration_does_not_go_over_a_tenant_that_is_there(tmp_path):
    started(tmp_path / "shop")
    before = everything(tmp_path / "shop")
    (tmp_path / "main.tf").write_text(TERRAFORM)
    ran = init("--into", tmp_path / "shop", "--from", "terraform", tmp_path)
    assert (ran.code, "has tenants/shop already" in ran.err) == (64, True), ran.err
    assert everything(tmp_path / "shop") == before


def test_kept_settings_that_know_no_tags_are_told(tmp_path):
    (tmp_path / ".vscode").mkdir()
    (tmp_path / ".vscode/settings.json").write_text("{}")
    assert "it has no yaml.customTags" in started(tmp_path, "--tenant", "shop").out
    (tmp_path / ".vscode/settings.json").write_text('{"yaml.customTags": []}')
    assert "customTags" not in started(tmp_path, "--tenant", "shop").out


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ".tenantctl/\n"),
        ("a\n", "a\n.tenantctl/\n"),
        ("a", "a\n.tenantctl/\n"),
        (".tenantctl/\n", ".tenantctl/\n"),
        ("a\n/.tenantctl\nb", "a\n/.tenantctl\nb"),
        ("!.tenantctl/x\n", "!.tenantctl/x\n.tenantctl/\n"),
    ],
)
def test_git_leaves_out_the_tools_own_files(before, after):
    assert ignoring(before) == after


def test_a_gitignore_that_nobody_can_read_is_kept(tmp_path):
    (tmp_path / ".gitignore").write_bytes(b"\xff\n")
    assert "kept .gitignore" in started(tmp_path, "--tenant", "shop").out
    assert (tmp_path / ".gitignore").read_bytes() == b"\xff\n"


@pytest.mark.parametrize("playbook", NAMES)
def test_every_file_finds_its_schema_in_the_project(playbook, tmp_path):
    started(tmp_path / "shop", "--playbook", playbook)
    files = [
        path
        for top in ("tenants", "environments")
        for path in (tmp_path / "shop" / top).rglob("*.yaml")
    ]
    assert len(files) >= 5
    for path in files:
        named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text())
        assert named
        assert (path.parent / named[1]).resolve().is_relative_to(tmp_path / "shop" / "schemas")
        assert (path.parent / named[1]).is_file()


def test_the_schemas_are_those_of_this_version(tmp_path):
    started(tmp_path / "shop")
    ours = REPOSITORY / "schemas"
    assert everything(tmp_path / "shop" / "schemas") == everything(ours)
    assert set(schemas()) == set(everything(ours))


def test_an_editor_is_told_all_our_tags(tmp_path):
    started(tmp_path / "shop")
    settings = json.loads((tmp_path / "shop/.vscode/settings.json").read_text())
    assert settings["yaml.customTags"] == list(TAGS)
    for schema in settings["yaml.schemas"]:
        assert (tmp_path / "shop" / schema).is_file()


@pytest.mark.campaign
@pytest.mark.parametrize("playbook", NAMES)
def test_a_real_editor_finds_nothing_wrong_and_a_slip(playbook, tmp_path):
    root = tmp_path / "shop"
    with editing(root) as editor:  # skips before anything is written where there is no server
        started(root, "--playbook", playbook)
        for path in sorted((root / "tenants").rglob("*.yaml")):
            text = path.read_text()
            assert editor.open(path.as_uri(), text) == [], path
        slip = SLIP.format((root / "schemas/fragment.json").as_uri())
        (said,) = editor.open((root / "slip.yaml").as_uri(), slip)
        assert said["range"]["start"]["line"] == slip[: slip.index("calbacks")].count("\n")


def test_the_workflow_may_do_little_and_is_pinned(tmp_path):
    started(tmp_path / "shop")
    text = (tmp_path / "shop/.github/workflows/tenantctl.yml").read_text()
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    assert list(workflow["jobs"]) == ["validate", *(f"plan-{env}" for env in ENVIRONMENTS)]
    for name, job in workflow["jobs"].items():
        assert job["timeout-minutes"]
        assert job.get("environment", "") == name.removeprefix("plan-" if "-" in name else name)
        runs = [step["run"] for step in job["steps"] if "run" in step]
        assert runs[0] == f"pip install tenantctl=={tenantctl.__version__}"
        verbs = {verb for run in runs[1:] for verb in re.findall(r"\btenantctl (\w+)", run)}
        assert verbs == {name.partition("-")[0]}
        for step in job["steps"]:
            assert re.fullmatch(
                r"actions/[a-z-]+@[0-9a-f]{40}", step.get("uses", "actions/x@" + "0" * 40)
            )
    assert "://" not in text


def test_the_workflow_hands_each_environment_its_own_secrets(tmp_path):
    (tmp_path / "environments/shop").mkdir(parents=True)
    (tmp_path / "environments/shop/qa.yaml").write_text(
        "kind: qa\ndomain: shop-qa.eu.auth0.com\n"
        "credentials: {plan: {client_id: an-id, client_secret: env:QA_SECRET}}\n"
        "fingerprint_key: env:QA_KEY\nvariables: {app_url: x}\n"
    )
    started(tmp_path, "--tenant", "shop")
    workflow = yaml.safe_load((tmp_path / ".github/workflows/tenantctl.yml").read_text())
    assert workflow["jobs"]["plan-qa"]["steps"][-1]["env"] == {
        "QA_SECRET": "${{ secrets.QA_SECRET }}",
        "QA_KEY": "${{ secrets.QA_KEY }}",
    }
    assert "env" not in workflow["jobs"]["plan-dev"]["steps"][-1]


@pytest.mark.parametrize("tool", ["deploy-cli", "terraform"])
def test_a_project_starts_from_the_configuration_of_another_tool(tool, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / ("tenant.yaml" if tool == "deploy-cli" else "main.tf")).write_text(
        CONFIG if tool == "deploy-cli" else TERRAFORM
    )
    path = source / "tenant.yaml" if tool == "deploy-cli" else source
    mapping = source / "dev.json"
    mapping.write_text('{"HOST": "shop.example"}')
    more = ("--mapping", f"dev={mapping}") if tool == "deploy-cli" else ()
    ran = started(tmp_path / "shop", "--from", tool, path, "--embedded", "--json", *more)
    said = json.loads(ran.out)
    assert said["takeover"]["counts"] == {"clients": 1}
    assert said["environments"] == ["dev"]
    on(tmp_path / "shop", "apply", "dev", "--yes")
    assert "Nothing to do" in on(tmp_path / "shop", "plan", "dev")


def test_a_project_starts_from_a_live_tenant(tmp_path, monkeypatch):
    started(tmp_path / "shop")
    on(tmp_path / "shop", "apply", "dev", "--yes")
    monkeypatch.chdir(tmp_path / "shop")
    ran = started(tmp_path / "copy", "--from", "shop/dev")
    assert "resources of" in ran.out
    assert "clients.web" in {
        str(a) for a in load(tmp_path / "copy", "shop", "dev").desired.declarations
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--playbook", "b2d"], "there is no playbook b2d"),
        (["--tenant", "My Shop"], "My Shop is no name"),
        (["x.yaml"], "go with --from"),
        (["--domain", "x.eu.auth0.com"], "go with --from"),
        (["--from", "deploy-cli"], "needs the PATH of a configuration"),
        (["--from", "terraform", "x", "--domain", "y"], "takes no --domain"),
        (["--from", "shop"], "must be TENANT/ENV"),
        (["--from", "shop/dev", "--tenant", "other"], "must be TENANT/ENV"),
        (["--from", "shop/dev", "x.yaml"], "is a live tenant"),
        (["--from", "shop/dev"], "has no file in environments/"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_written(
    arguments, said, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    ran = init("--into", tmp_path / "new", *arguments)
    assert (ran.code, said in ran.err) == (64, True), ran.err
    assert "help: " in ran.err
    assert not everything(tmp_path)


def test_files_that_do_not_fit_are_told_with_their_line(tmp_path):
    (tmp_path / "environments/shop").mkdir(parents=True)
    (tmp_path / "environments/shop/dev.yaml").write_text("kind: development\ndomain: embedded\n")
    ran = init("--into", tmp_path, "--tenant", "shop")
    assert ran.code == 65
    assert "the variable app_url is not set" in ran.err


def test_a_workflow_below_the_repositorys_root_is_told(tmp_path):
    (tmp_path / ".git").mkdir()
    ran = started(tmp_path / "auth" / "shop")
    assert f".github/workflows/tenantctl.yml belongs into {tmp_path}, with -C auth/shop" in ran.out


@pytest.mark.thorough
def test_the_package_carries_all_that_a_project_starts_with(tmp_path):
    pytest.importorskip("hatchling")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"tenantctl/schemas/{name}" for name in schemas()} <= names
    starter = REPOSITORY / "src/tenantctl/drafts/starter"
    assert {f"tenantctl/drafts/starter/{name}" for name in everything(starter)} <= names
