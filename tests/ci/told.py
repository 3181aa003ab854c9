"""Runs the scripts of actions with a tenantctl that does what it is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ci.documents import ACTIONS
from ci.rules import outputs_of

DEV = "hearthhollow/dev"
COMMIT = "c" * 40
# A tenantctl that ends as it is told, others of its commands otherwise; it writes down what it was
# asked, with its environment.
TOLD = """#!@PYTHON@ -IS
import json, os, sys
here = os.path.dirname(__file__)
with open(f"{here}/asked.jsonl", "a") as log:
    log.write(json.dumps([sys.argv[1:], dict(os.environ)]) + "\\n")
if sys.argv[1] == "--version":
    print("tenantctl 1.2.3")
    raise SystemExit(0)
with open(f"{here}/does.json") as file:
    does = json.load(file)
for name, text in does.get("writes", {}).items():
    if name in sys.argv:
        with open(sys.argv[sys.argv.index(name) + 1], "w") as file:
            file.write(text)
says, code = does.get("says", {}), does.get("code", 0)
if sys.argv[1] in does.get("others", {}):
    says, code = does["others"][sys.argv[1]]
print(json.dumps(says))
raise SystemExit(code)
"""


@dataclass
class Ran:
    """How a script ended; what it asked tenantctl, each time with the environment."""

    code: int
    log: str
    outputs: dict[str, str]
    asked: list[tuple[list[str], dict[str, str]]]
    summary: str


@dataclass(frozen=True)
class Fake:
    """A folder with a tenantctl in `bin`, and with what a script of an action leaves there."""

    folder: Path

    def put(self, does: dict[str, object] | None = None, text: str = TOLD) -> str:
        """Put the program there, told to do what *does* says; the path that finds it."""
        program = self.folder / "bin" / "tenantctl"
        program.parent.mkdir(exist_ok=True)
        program.write_text(text.replace("@PYTHON@", sys.executable))
        program.chmod(0o755)
        (program.parent / "does.json").write_text(json.dumps(does or {}))
        (program.parent / "asked.jsonl").write_text("")
        return f"{program.parent}{os.pathsep}{os.environ['PATH']}"

    def run(
        self,
        name: str,
        does: dict[str, object],
        more: Mapping[str, str] | None = None,
        **inputs: str,
    ) -> Ran:
        """Run the script *name* of an action with these inputs; *more* is in its environment."""
        path = self.put(does)
        for each in ("output", "summary"):
            (self.folder / each).write_text("")
        ran = subprocess.run(
            [sys.executable, str(ACTIONS / "scripts" / f"{name}.py")],
            env={
                "PATH": path,
                "GITHUB_OUTPUT": str(self.folder / "output"),
                "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
                "GITHUB_SHA": COMMIT,
                "RUNNER_TEMP": str(self.folder),
                **(more or {}),
                **{f"INPUT_{key}": value for key, value in inputs.items()},
            },
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        lines = (self.folder / "bin" / "asked.jsonl").read_text().splitlines()
        return Ran(
            ran.returncode,
            ran.stdout + ran.stderr,
            outputs_of((self.folder / "output").read_text()),
            [tuple(json.loads(line)) for line in lines],
            (self.folder / "summary").read_text(),
        )
