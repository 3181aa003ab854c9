"""Runs workflows as GitHub would, step by step, each job on a fresh machine.

Only what is in `.github` decides what is run: jobs with their needs and conditions, called
workflows, composite actions. Actions of others are stood in for, see `standins`. What a job leaves
is lost but for artifacts, outputs, pushes, and the embedded tenants, which stand for live ones.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ci.documents import ROOT, document, local
from ci.expressions import Declared, filled
from ci.fake_github import GitHub
from ci.repositories import git
from ci.rules import Asked, goes, matrix, needs_of, outputs_of, str_of, taken
from ci.standins import STANDINS

LIVE = ("sandbox", "secrets")
"""What of `.tenantctl` stands for the live tenant, and so outlives a job."""
PASSED = ("PYTHONPATH", "GIT_CONFIG_GLOBAL")
"""Of the tests' own environment: which source is tried, and that nobody's settings of Git count."""
FILES = ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH")


@dataclass
class Event:
    """What set off a run."""

    name: str
    payload: dict[str, Any]
    ref: str = "refs/heads/main"
    token: frozenset[str] = frozenset({"contents", "issues", "pull-requests", "security-events"})


@dataclass
class Job:
    """How a job ended. *permissions* are what it may at most be given."""

    result: str = "skipped"
    outputs: dict[str, Any] = field(default_factory=dict)


@dataclass
class Step:
    """A step that was run: where it stands, how it ended, what it said."""

    file: str
    job: str
    name: str
    outcome: str
    log: str = ""


@dataclass
class Machine:
    """GitHub with one repository, of which *origin* is a bare clone."""

    origin: Path
    folder: Path
    event: Event
    github: GitHub
    secrets: Mapping[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)
    scanned: list[dict[str, Any]] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    jobs: int = 0

    @property
    def artifacts(self) -> Path:
        return self.folder / "artifacts"

    def run(self, path: Path, **inputs: Any) -> dict[str, Job]:
        """Run a workflow; a secret that its repository does not have is empty there."""
        return Flow(self, path, inputs, self.secrets, None).jobs()

    def context(self, name: str) -> dict[str, Any]:
        sha = subprocess.run(
            ["git", "-C", str(self.origin), "rev-parse", "main"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        return {
            "actor": "ann",
            "event": self.event.payload,
            "event_name": self.event.name,
            "ref": self.event.ref,
            "ref_name": self.event.ref.rsplit("/", 1)[-1],
            "repository": "octo/shop",
            "run_id": "77",
            "sha": sha,
            "token": "token",
            "workflow": name,
        }


@dataclass
class Flow:
    """One workflow of a run. *granted* is what whoever calls it gives it, None for everything."""

    machine: Machine
    path: Path
    given: Mapping[str, Any]
    secrets: Declared | Mapping[str, str]
    granted: Mapping[str, str] | None

    def __post_init__(self) -> None:
        self.document = document(self.path)
        on = self.document["on"]
        called = on.get("workflow_call") if isinstance(on, dict) else None
        manual = on.get("workflow_dispatch") if isinstance(on, dict) else None
        declared = ((called or manual) or {}).get("inputs") or {}
        self.inputs = Declared("inputs", taken(declared, self.given, str(self.path)))
        self.github = self.machine.context(self.document["name"])
        self.outputs = (called or {}).get("outputs") or {}

    def jobs(self) -> dict[str, Job]:
        """Every job, in the order in which they need each other."""
        done: dict[str, Job] = {}
        left = dict(self.document["jobs"])
        while left:
            name = next(n for n, body in left.items() if set(needs_of(body)) <= done.keys())
            body = left.pop(name)
            needs = {each: done[each] for each in needs_of(body)}
            done[name] = self.job(name, body, needs)
        return done

    def job(self, name: str, body: dict[str, Any], needs: dict[str, Job]) -> Job:
        contexts = {
            "github": self.github,
            "inputs": self.inputs,
            "needs": Declared("needs", {n: self._need(n, j) for n, j in needs.items()}),
        }
        if not goes(body.get("if", True), contexts, [j.result for j in needs.values()]):
            return Job()
        found = Job("success")
        for cell in matrix(body.get("strategy", {}), contexts):
            inside = {**contexts, "secrets": self.secrets, "matrix": Declared("matrix", cell)}
            permissions = self._permissions(body)
            if "uses" in body:
                one = self._call(body, inside, permissions)
            else:
                filled(body.get("environment", ""), inside)
                filled((body.get("concurrency") or {}).get("group", ""), inside)
                one = Run(self, name, body, inside, permissions).job()
            found = Job(one.result if one.result != "success" else found.result, one.outputs)
        return found

    def _need(self, name: str, job: Job) -> dict[str, Any]:
        body = self.document["jobs"][name]
        called = local(body["uses"]) if "uses" in body else None
        known = document(called)["on"]["workflow_call"].get("outputs", {}) if called else None
        declared = known if known is not None else body.get("outputs", {})
        values = {key: job.outputs.get(key, "") for key in declared}
        return {"result": job.result, "outputs": Declared(f"needs.{name}.outputs", values)}

    def _permissions(self, body: dict[str, Any]) -> Mapping[str, str]:
        """What a job is given; GitHub refuses a called workflow that asks for more than it has."""
        asked = body.get("permissions", self.document.get("permissions", {}))
        if self.granted is not None:
            for scope, access in asked.items():
                has = self.granted.get(scope, "none")
                assert has in {access, "write"}, f"{self.path.name} needs {scope}: {access}"
        return asked

    def _call(
        self, body: dict[str, Any], contexts: dict[str, Any], permissions: Mapping[str, str]
    ) -> Job:
        """A workflow that a job calls; it gets the inputs and secrets that are named, no others."""
        path = local(body["uses"])
        assert path, body["uses"]
        inputs = {key: filled(value, contexts) for key, value in body.get("with", {}).items()}
        declared = document(path)["on"]["workflow_call"].get("secrets") or {}
        assert body.get("secrets", {}) != "inherit"
        passed = {key: filled(value, contexts) for key, value in body.get("secrets", {}).items()}
        assert passed.keys() <= declared.keys(), passed.keys() - declared.keys()
        secrets = {key: passed.get(key) or "" for key in declared}
        flow = Flow(self.machine, path, inputs, Declared("secrets", secrets), permissions)
        jobs = flow.jobs()
        results = {job.result for job in jobs.values()} - {"skipped"}
        result = "failure" if "failure" in results else "success" if results else "skipped"
        own = {
            name: {"outputs": Declared(f"jobs.{name}", flow.declared(name, job)), "result": 0}
            for name, job in jobs.items()
        }
        outputs = {
            key: filled(value["value"], {"jobs": Declared("jobs", own)})
            for key, value in flow.outputs.items()
        }
        return Job(result, outputs)

    def declared(self, name: str, job: Job) -> dict[str, Any]:
        return {
            key: job.outputs.get(key, "") for key in self.document["jobs"][name].get("outputs", {})
        }


@dataclass
class Run:
    """The steps of one job on a machine of its own."""

    flow: Flow
    name: str
    body: dict[str, Any]
    contexts: dict[str, Any]
    permissions: Mapping[str, str]

    def job(self) -> Job:
        machine = self.flow.machine
        machine.jobs += 1
        self.place = machine.folder / "machines" / f"{machine.jobs:02}"
        self.workspace, self.temp = self.place / "work", self.place / "temp"
        self.workspace.mkdir(parents=True)
        self.temp.mkdir()
        self.path: list[str] = []
        self.environ: dict[str, str] = {}
        if self.permissions.get("id-token") == "write":
            self.environ["ACTIONS_ID_TOKEN_REQUEST_URL"] = f"{machine.github.url}/oidc?version=2"
            self.environ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = "asks"
        allowed = {scope for scope, access in self.permissions.items() if access == "write"}
        machine.github.allowed = frozenset(allowed) & machine.event.token
        machine.github.origin = machine.origin
        machine.github.contents = self.permissions.get("contents", "")
        env = {**self.flow.document.get("env", {}), **self.body.get("env", {})}
        contexts = {**self.contexts, "runner": {"temp": str(self.temp), "os": "Linux"}}
        self.env = {key: filled(value, contexts) for key, value in env.items()}
        contexts["env"] = self.env
        steps, failed = self.steps(self.body["steps"], contexts, str(self.flow.path.name))
        inside = {**contexts, "steps": steps}
        outputs = {k: filled(v, inside) for k, v in self.body.get("outputs", {}).items()}
        self._keep_live()
        return Job("failure" if failed else "success", outputs)

    def steps(
        self, steps: list[dict[str, Any]], contexts: dict[str, Any], file: str
    ) -> tuple[Declared, bool]:
        """Run *steps*; what they put out, and whether one of them has failed."""
        values: dict[str, Any] = {
            step["id"]: {"outputs": Asked(step["id"], step, {}), "outcome": "", "conclusion": ""}
            for step in steps
            if "id" in step
        }
        failed = False
        for step in steps:
            inside = {**contexts, "steps": Declared("steps", values)}
            if not goes(step.get("if", True), inside, ["failure" if failed else "success"]):
                continue
            outputs, outcome, log = self.step(step, inside, file)
            name = filled(step.get("name", step.get("uses", "")), inside)
            self.flow.machine.steps.append(Step(file, self.name, name, outcome, log))
            if "id" in step:
                known = Asked(step["id"], step, outputs, outcome)
                values[step["id"]] = {"outputs": known, "outcome": outcome, "conclusion": outcome}
            failed |= outcome == "failure" and not step.get("continue-on-error", False)
        return Declared("steps", values), failed

    def step(
        self, step: dict[str, Any], contexts: dict[str, Any], file: str
    ) -> tuple[dict[str, str], str, str]:
        if "run" in step:
            return self._script(step, contexts)
        path = local(step["uses"])
        given = {key: filled(value, contexts) for key, value in step.get("with", {}).items()}
        if path:
            return self._composite(path, given)
        name, _, commit = step["uses"].partition("@")
        assert len(commit) == 40, f"{file}: {step['uses']} is not pinned"
        outcome, outputs = STANDINS[name](self, given)
        return outputs, outcome, ""

    def _composite(self, path: Path, given: dict[str, Any]) -> tuple[dict[str, str], str, str]:
        action = document(path)
        assert action["runs"]["using"] == "composite"
        inputs = taken(action.get("inputs", {}), given, str(path))
        github = {**self.contexts["github"], "action_path": str(path.parent)}
        contexts = {
            "inputs": Declared("inputs", {k: str_of(v) for k, v in inputs.items()}),
            "github": github,
            "runner": {"temp": str(self.temp), "os": "Linux"},
            "env": self.env,
        }
        file = str(path.relative_to(ROOT / ".github"))
        before = len(self.flow.machine.steps)
        steps, failed = self.steps(action["runs"]["steps"], contexts, file)
        inside = {**contexts, "steps": steps}
        outputs = {k: filled(v["value"], inside) for k, v in action.get("outputs", {}).items()}
        log = "\n".join(each.log for each in self.flow.machine.steps[before:])
        return outputs, "failure" if failed else "success", log

    def _script(
        self, step: dict[str, Any], contexts: dict[str, Any]
    ) -> tuple[dict[str, str], str, str]:
        """Run a script with files for its outputs, the summary, variables and the path."""
        files = {name: self.temp / name.lower() for name in FILES}
        for each in files.values():
            each.write_text("")
        env = {**contexts["env"], **step.get("env", {})}
        environ = self._environ(contexts["github"], files)
        environ |= {key: str_of(filled(value, contexts)) for key, value in env.items()}
        script = self.temp / "script.sh"
        script.write_text(step["run"])
        named = "shell" in step or "shell" in self.flow.document.get("defaults", {}).get("run", {})
        shell = ["--noprofile", "--norc", "-eo", "pipefail"] if named else ["-e"]
        ran = subprocess.run(
            ["bash", *shell, str(script)],
            cwd=self.workspace / step.get("working-directory", "."),
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        self.flow.machine.summaries.append(files["GITHUB_STEP_SUMMARY"].read_text())
        self.path += files["GITHUB_PATH"].read_text().split()
        self.environ |= outputs_of(files["GITHUB_ENV"].read_text())
        outputs = outputs_of(files["GITHUB_OUTPUT"].read_text())
        return outputs, "failure" if ran.returncode else "success", ran.stdout

    def _environ(self, github: dict[str, Any], files: dict[str, Path]) -> dict[str, str]:
        machine = self.flow.machine
        event = self.temp / "event.json"
        event.write_text(json.dumps(machine.event.payload))
        stubs = machine.folder / "bin"
        system = os.environ["PATH"].split(os.pathsep)
        path = [*reversed(self.path), str(stubs), str(Path(sys.executable).parent), *system]
        return {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(github.get("action_path", "")),
            "GITHUB_ACTOR": github["actor"],
            "GITHUB_API_URL": machine.github.url,
            "GITHUB_EVENT_NAME": github["event_name"],
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REF": github["ref"],
            "GITHUB_REF_NAME": github["ref_name"],
            "GITHUB_REPOSITORY": github["repository"],
            "GITHUB_RUN_ID": github["run_id"],
            "GITHUB_SERVER_URL": machine.github.url,
            "GITHUB_SHA": github["sha"],
            "GITHUB_WORKSPACE": str(self.workspace),
            "HOME": str(self.place),
            "LANG": "C.UTF-8",
            "PATH": os.pathsep.join(path),
            "RUNNER_TEMP": str(self.temp),
            "TENANTCTL_PAUSE": "0",
            **{name: str(each) for name, each in files.items()},
            **{name: os.environ[name] for name in PASSED if name in os.environ},
            **self.environ,
        }

    def checkout(self) -> None:
        """The files of the commit, and the tenants as the last job left them."""
        machine = self.flow.machine
        subprocess.run(
            ["git", "clone", "-q", str(machine.origin), str(self.workspace)], check=True, timeout=60
        )
        # A private repository: who fetches from it or pushes to it afterwards needs a token.
        private = f"{machine.github.url}/octo/shop.git"
        git(self.workspace, "remote", "set-url", "origin", private)
        for name in LIVE:
            if (machine.folder / "live" / name).exists():
                there = self.workspace / ".tenantctl" / name
                shutil.copytree(machine.folder / "live" / name, there)

    def _keep_live(self) -> None:
        for name in LIVE:
            left = self.workspace / ".tenantctl" / name
            kept = self.flow.machine.folder / "live" / name
            if left.exists():
                shutil.rmtree(kept, ignore_errors=True)
                shutil.copytree(left, kept)
