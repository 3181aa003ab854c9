"""Several environments from the command line: each for itself, in order, one table at the end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fleet.projects import FILES, ROWS, written
from fleet.verbs import die
from tenantctl.cli.many import Work, run_many
from tenantctl.workflows.several import Asked, choose, known_targets

ROOT = Path(__file__).parents[2]
TABLE = "tenants/schools.csv"
PROD = "environments/school/prod.yaml"
TWO_PERSONS = {PROD: f"{FILES[PROD]}policy: {{approval: two_person}}\n"}
ALDER_WRONG = {TABLE: ROWS.replace(",12,", ",twelve,")}


def outcomes(ran):
    return {each["target"]: each["outcome"] for each in ran.json["targets"]}


def names(project, env):
    """What the portals are called in the embedded tenants, without our readers."""
    found = {}
    for tenant in ("alder", "birch"):
        with project.sandbox(env, tenant) as sandbox:
            clients = sandbox.documents("clients").values()
            found[tenant] = sorted(each["name"] for each in clients if not each.get("global"))
    return found


@pytest.mark.thorough
def test_a_fleet_is_planned_applied_and_then_as_it_should_be(tmp_path):
    project = written(tmp_path)
    planned = project.ok("plan", "--all", "--json").json
    assert {each["summary"] for each in planned["targets"]} == {
        "1 to create, 1 to update; 3 requests",
        "1 to update; 2 requests",
    }
    applied = project.ok("apply", "--all", "--yes", "--json").json
    assert applied["counts"] == {"done": 6}
    assert [each["target"] for each in applied["targets"]][-1] == "district/prod"
    assert {name for all in names(project, "prod").values() for name in all} >= {
        "Alder School",
        "Birch School",
    }
    again = project.run("plan", "--all", "--detailed-exitcode", "--json")
    assert again.code == 0
    assert {each["summary"] for each in again.json["targets"]} == {"nothing to do"}


@pytest.mark.thorough
def test_one_that_fails_leaves_the_others_alone_and_what_comes_after_it_out(tmp_path):
    project = written(tmp_path, ALDER_WRONG)
    ran = project.run("apply", "--all", "--yes", "--json")
    assert ran.code == 65
    assert outcomes(ran) == {
        "alder/dev": "invalid",
        "birch/dev": "done",
        "alder/prod": "skipped",
        "birch/prod": "done",
        "district/dev": "skipped",
        "district/prod": "skipped",
    }
    why = {each["target"]: each["because"] for each in ran.json["targets"]}
    assert why["district/dev"] == "alder/dev comes first, and was invalid"
    assert why["district/prod"] == "district/dev comes first, and was skipped"
    assert not (tmp_path / ".tenantctl/sandbox/district-dev.sandbox.invalid.sqlite").exists()


@pytest.mark.thorough
def test_what_only_looks_waits_for_nothing(tmp_path):
    project = written(tmp_path, ALDER_WRONG)
    ran = project.run("validate", "--all", "--json")
    assert ran.code == 65
    assert ran.json["counts"] == {"invalid": 2, "done": 4}


def test_what_is_wrong_with_several_is_told_once(tmp_path):
    more = "tenant_provision:\n  tenant: {friendly_nam: X}\n"
    project = written(tmp_path, {"tenants/school/phase1/more.yaml": more})
    ran = project.run("validate", "schools")
    assert ran.code == 65
    place = "tenants/school/phase1/more.yaml:2:12"
    (line,) = (each for each in ran.err.splitlines() if each.startswith(f"    {place}"))
    assert "friendly_nam" in line
    assert "alder/dev, birch/dev, alder/prod and 1 more:" in ran.err
    assert ran.out.splitlines()[-1].startswith("validate: 4 invalid;")


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("arguments", "targets"),
    [
        (["alder"], ["alder/dev", "alder/prod"]),
        (["schools", "--env", "dev"], ["alder/dev", "birch/dev"]),
        (["--all", "--kind", "production", "--wave", "1"], ["alder/prod", "birch/prod"]),
        (["--all", "--shard", "2/2"], ["birch/dev", "birch/prod"]),
    ],
)
def test_a_verb_takes_a_tenant_a_fleet_or_all_and_a_share_of_them(tmp_path, arguments, targets):
    ran = written(tmp_path).ok("validate", *arguments, "--json")
    assert list(outcomes(ran)) == targets


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["plan"], "which environment?"),
        (["plan", "alder", "--all"], "--all is all of them, alder too"),
        (["plan", "alder/dev", "--shard", "1/2"], "alder/dev is one environment"),
        (["plan", "--shard", "1/2"], "which environment?"),
        (["plan", "aldr"], "did you mean"),
        (["plan", "aldr", "--shard", "1/2"], "did you mean"),
        (["apply", "alder"], "nobody can be asked about 2 environments one by one"),
    ],
)
def test_what_cannot_be_meant_is_told(tmp_path, arguments, says):
    ran = written(tmp_path).run(*arguments)
    assert ran.code == 64
    assert says in ran.err


def test_an_environment_alone_is_one_where_there_is_one_tenant(tmp_path):
    alone = {name: None for name in FILES if "district" not in name}
    project = written(tmp_path, alone)
    assert project.ok("validate", "dev").out == "district/dev: 1 resources, no problems\n"
    assert list(outcomes(project.ok("validate", "district", "--json"))) == [
        "district/dev",
        "district/prod",
    ]


@pytest.mark.thorough
def test_saved_plans_of_several_are_approved_and_applied_as_one(tmp_path):
    project = written(tmp_path, TWO_PERSONS)
    refused = project.run("apply", "schools", "--yes", "--json")
    assert (refused.code, outcomes(refused)["alder/prod"]) == (5, "refused")
    folder = tmp_path / "plans"
    project.ok("plan", "schools", "--out", str(folder))
    assert sorted(str(each.relative_to(folder)) for each in folder.glob("*/*")) == [
        "alder/dev.json",
        "alder/prod.json",
        "birch/dev.json",
        "birch/prod.json",
    ]
    ran = project.ok("apply", f"{folder}/", "--env", "prod", "--json")
    assert outcomes(ran) == {"alder/prod": "done", "birch/prod": "done"}
    assert "Alder School" in names(project, "prod")["alder"]


@pytest.mark.parametrize(
    ("there", "says"), [("cedar/dev.json", "a plan of cedar/dev"), ("notes.txt", "has no plans")]
)
def test_a_folder_that_holds_no_plans_of_the_project_is_refused(tmp_path, there, says):
    project = written(tmp_path)
    path = tmp_path / "plans" / there
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    ran = project.run("apply", f"{tmp_path}/plans/")
    assert ran.code == 64
    assert says in ran.err


@pytest.mark.thorough
def test_a_process_that_dies_takes_nobody_with_it(tmp_path, capfd):
    written(tmp_path)
    known = known_targets(tmp_path)
    targets = choose(known.targets, Asked())
    work = Work(die, tmp_path, known, targets, lambda each: {"what": each.id}, jobs=2)
    assert run_many(work, as_json=True) == 1
    found = {each["target"]: each for each in json.loads(capfd.readouterr().out)["targets"]}
    assert found["alder/dev"]["outcome"] == found["alder/prod"]["outcome"] == "failed"
    assert found["alder/dev"]["exit_code"] == -signal.SIGKILL
    assert found["birch/dev"]["summary"] == f"birch/dev in {tmp_path.name}"
    own = {each["result"]["own"] for each in found.values() if each["result"]}
    assert len(own) == 4
    assert os.getpid() not in own


@pytest.mark.thorough
def test_an_interrupt_lets_what_has_begun_stop_in_its_own_way_and_begins_nothing_more(tmp_path):
    written(tmp_path)
    command = [sys.executable, "-m", "fleet.verbs", str(tmp_path)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ, cwd=tmp_path
    ) as process:
        deadline = time.monotonic() + 60
        while len(list(tmp_path.glob("*.begun"))) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    ended = [(each["outcome"], each["summary"]) for each in json.loads(out)["targets"]]
    assert ended[:2] == [("interrupted", "stopped in its own way")] * 2
    assert ended[2:] == [("skipped", "interrupted")] * 4
    assert len(list(tmp_path.glob("*.begun"))) == 2


NAMED = """\
a portal is called as its school:
  expect: {clients.portal.name: Alder School}
"""


@pytest.mark.thorough
def test_the_tests_of_a_template_are_tried_on_every_tenant_of_the_fleet(tmp_path):
    project = written(tmp_path, {"tenants/school/tests/configuration.yaml": NAMED})
    ran = project.run("test", "schools", "--json")
    assert ran.code == 1
    assert outcomes(ran) == {
        "alder/dev": "done",
        "birch/dev": "failed",
        "alder/prod": "done",
        "birch/prod": "failed",
    }
    said = project.run("test", "--all", "--shard", "2/3").err
    assert "birch/dev, birch/prod:" in said
    assert "a portal is called as its school" in said


# --- tenantctl fleet ----------------------------------------------------------------------------


def test_fleet_lists_environments_in_order_with_what_they_wait_for(tmp_path):
    project = written(tmp_path)
    rows = project.ok("fleet", "--json").json["targets"]
    assert [(each["target"], each["wave"]) for each in rows][-2:] == [
        ("district/dev", 2),
        ("district/prod", 3),
    ]
    assert rows[0]["row"] == "tenants/schools.csv:2:1"
    assert rows[-1]["after"] == ["district/dev", "alder/prod", "birch/prod"]
    text = project.ok("fleet", "schools", "--env", "prod").out.splitlines()
    assert [line.split()[:2] for line in text[1:]] == [["1", "alder/prod"], ["1", "birch/prod"]]


def test_a_pipeline_gets_its_jobs_as_a_matrix_of_one_line(tmp_path):
    project = written(tmp_path)
    ran = project.ok("fleet", "--matrix", "github", "--kind", "production")
    assert ran.out.count("\n") == 1
    assert [(job["wave"], job["target"], job["shard"]) for job in ran.json["include"]] == [
        (1, "alder/prod", "1/1"),
        (1, "birch/prod", "1/1"),
        (2, "district/prod", "1/1"),
    ]


@pytest.mark.thorough
def test_the_jobs_of_a_matrix_in_shards_are_the_shards_of_the_verbs(tmp_path):
    project = written(tmp_path)
    jobs = project.ok("fleet", "--matrix", "github", "--shards", "2").json["include"]
    assert len(jobs) == 5
    for job in jobs:
        options = ["--wave", str(job["wave"]), "--shard", job["shard"]]
        ran = project.ok("validate", "--all", *options, "--json")
        assert list(outcomes(ran)) == job["targets"].split()


def test_a_matrix_that_is_larger_than_github_takes_is_refused(tmp_path):
    rows = "tenant,title,seats,connection\n" + "".join(f"s{n},S,1,\n" for n in range(130))
    project = written(tmp_path, {TABLE: rows})
    ran = project.run("fleet", "--matrix", "github")
    assert ran.code == 64
    assert "a matrix of 262 jobs; GitHub takes 256" in ran.err
    assert len(project.ok("fleet", "--matrix", "github", "--shards", "8").json["include"]) == 17


@pytest.mark.thorough
def test_a_row_that_is_lost_is_told_and_the_others_are_listed(tmp_path):
    project = written(tmp_path, {TABLE: f"{ROWS}Cedar,Cedar,,\n"})
    ran = project.run("fleet", "--json")
    assert (ran.code, len(ran.json["targets"])) == (65, 6)
    assert ran.json["problems"]["problems"][0]["line"] == 4
    ran = project.run("validate", "--all")
    assert ran.code == 65
    assert "tenants/schools.csv:4:1: Cedar is no name" in ran.err
    assert "6 done" in ran.out


@pytest.mark.parametrize("verb", [["export", "alder/dev"], ["import", "alder/dev", "clients", "x"]])
def test_nothing_is_written_into_the_template_of_others(tmp_path, verb):
    ran = written(tmp_path).run(*verb)
    assert ran.code == 64
    assert "alder is made of the template school" in ran.err
