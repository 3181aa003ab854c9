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
    assert told["steps"] == "3"
    assert pipeline["variables"][0]["name"].upper() == "TARGET"


def test_every_example_is_one_that_is_tried():
    assert set(examples("README.md")) == {
        "environments/hearthhollow/prod.yaml",
        *(f".github/workflows/{name}.yml" for name in ("plan", "apply", "promote", "night")),
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
