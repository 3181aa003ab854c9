"""The pages on pipelines: each example is a whole file, and what it runs is run.

Those about GitHub are a story of their own, see `stories.pages`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
import yaml

from ci.repositories import small
from ci.rules import outputs_of
from ci.stories import examples, openssl


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    return small(tmp_path_factory.mktemp("repository"))


@pytest.fixture
def shell(tmp_path, repository, stubs):
    """Runs the lines of an example in a clone of the repository, one shell for all of them."""
    work = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(repository.origin), str(work)], check=True)
    (work / "requirements.txt").write_text("")

    def run(lines: str, **given: str) -> str:
        programs = [str(stubs), str(tmp_path / "path"), str(sys.executable).rpartition("/")[0]]
        environ = {
            "HOME": str(tmp_path),
            "LANG": "C.UTF-8",
            "PATH": os.pathsep.join([*programs, os.environ["PATH"]]),
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "RUNNER_TEMP": str(tmp_path),
            "TARGET": "tallowbridge/dev",
            **given,
        }
        ran = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", lines],
            cwd=work,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout
        return ran.stdout

    return run, work


@pytest.mark.campaign
def test_the_jobs_of_gitlab_do_what_they_say(shell, tmp_path):
    run, work = shell
    jobs = yaml.safe_load(examples("gitlab.md")[".gitlab-ci.yml"])
    before = jobs["default"]["before_script"]
    for name in ("validate", "plan", "apply", "drift"):
        run("\n".join([*before, *jobs[name]["script"]]), CI_BUILDS_DIR=str(tmp_path / name))
        artifacts = jobs[name]["artifacts"]
        for pattern in [*artifacts.get("paths", []), *artifacts.get("reports", {}).values()]:
            assert list(work.glob(pattern)), f"{name} has no {pattern}"
    counts = yaml.safe_load((work / "tfplan.json").read_text())
    assert counts == {"create": 3, "update": 0, "delete": 0}


@pytest.mark.campaign
def test_the_stages_of_azure_do_what_they_say(shell, tmp_path):
    run, _ = shell
    pipeline = yaml.safe_load(examples("azure.md")["azure-pipelines.yml"])
    plan, apply = pipeline["stages"]
    staged = tmp_path / "workspace" / "plan"
    staged.mkdir(parents=True)
    told: dict[str, str] = {}
    deploy = apply["jobs"][0]["strategy"]["runOnce"]["deploy"]["steps"]
    for stage, steps in (("plan", plan["jobs"][0]["steps"]), ("apply", deploy)):
        (tmp_path / stage).mkdir()
        for step in steps:
            if "bash" in step:
                said = run(
                    step["bash"],
                    AGENT_TEMPDIRECTORY=str(tmp_path / stage),
                    BUILD_ARTIFACTSTAGINGDIRECTORY=str(staged),
                    PIPELINE_WORKSPACE=str(staged.parent),
                    SUM=told.get("sum", ""),
                )
                told |= dict(re.findall(r"variable=(\w+);isOutput=true\](.*)", said))
    assert re.fullmatch(r"[0-9a-f]{64}", told["sum"])
    assert pipeline["variables"][0]["name"].upper() == "TARGET"


def ran_by_gitlab(**variables: str) -> set[str]:
    """The jobs of the page that GitLab adds to a pipeline with these variables."""
    jobs = yaml.safe_load(examples("gitlab.md")[".gitlab-ci.yml"])
    known = {"CI_DEFAULT_BRANCH": "main", **variables}

    def holds(text: str) -> bool:
        words = re.sub(r"\$(\w+)", lambda match: repr(known.get(match[1], "")), text)
        return bool(eval(words.replace("&&", "and"), {"__builtins__": {}}))

    rules = {name: job["rules"] for name, job in jobs.items() if "script" in job}
    return {name for name, all in rules.items() if any(holds(rule["if"]) for rule in all)}


def test_gitlab_runs_each_job_where_it_belongs():
    always = {"validate", "plan"}
    assert ran_by_gitlab(CI_PIPELINE_SOURCE="push", CI_COMMIT_BRANCH="topic") == always
    assert ran_by_gitlab(CI_PIPELINE_SOURCE="push", CI_COMMIT_BRANCH="main") == always | {"apply"}
    # A manual job that nobody starts would hold up every night's pipeline.
    assert ran_by_gitlab(CI_PIPELINE_SOURCE="schedule", CI_COMMIT_BRANCH="main") == {"drift"}
    # Of a merge request the pipeline of its branch is enough.
    assert ran_by_gitlab(CI_PIPELINE_SOURCE="merge_request_event") == set()


def test_azure_applies_what_was_merged_alone_and_obeys_no_name_of_a_tenant():
    text = examples("azure.md")["azure-pipelines.yml"]
    apply = yaml.safe_load(text)["stages"][1]
    assert "eq(variables['Build.SourceBranch'], 'refs/heads/main')" in apply["condition"]
    sed = "sed 's/##*/#/g'"
    assert len(re.findall(r"tenantctl (?:plan|apply) .* 2>&1 \|\n +" + re.escape(sed), text)) == 2
    hostile = "##vso[task.setvariable variable=PATH]/tmp\n###vso[x]\n##[command]x\n"
    said = subprocess.check_output(["bash", "-c", sed], input=hostile, text=True)
    assert "##" not in said


def test_every_example_is_one_that_is_tried():
    assert set(examples("README.md")) == {
        "environments/hearthhollow/prod.yaml",
        *(f".github/workflows/{name}.yml" for name in ("plan", "apply", "promote", "night", "own")),
    }


@pytest.mark.campaign
def test_a_backup_is_read_by_who_has_the_key_and_nobody_else(told):
    (kept,) = (told("pages")["night"].artifacts / "tenantctl-backup-hearthhollow-dev").iterdir()
    assert kept.suffix == ".cms"
    assert b"hearthhollow" not in kept.read_bytes()
    place = kept.parents[3]  # where the key was made
    (place / kept.name).write_bytes(kept.read_bytes())
    subprocess.run(openssl(1), cwd=place, check=True, capture_output=True, timeout=60)
    assert '"format":' in (place / "backup.json").read_text()


def test_outputs_are_read_in_both_forms():
    assert outputs_of("a=b=c\nd<<end\n1\n2\nend\ne=\n") == {"a": "b=c", "d": "1\n2", "e": ""}
