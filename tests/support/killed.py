"""
A warm interpreter that runs each command in a forked child, which may kill itself in a request.

Run as a script it reads jobs, one JSON object a line, and answers each with one line. Starting a
fresh interpreter for every command would take longer than the commands do.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

TESTS = Path(__file__).parents[1]
LONGEST = 120
"""Seconds that a command may take before it counts as hanging."""


@dataclass(frozen=True)
class Boundary:
    """The moment before the n-th request of a run takes effect, or after it did."""

    request: int
    phase: str

    def __str__(self) -> str:
        return f"{self.phase} request {self.request}"


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, or minus the signal that ended it, and what it said."""

    code: int
    said: str


@dataclass(frozen=True)
class Interpreter:
    """The other end: a process that waits for commands."""

    process: subprocess.Popen[str]

    def run(self, root: Path, *arguments: str) -> Ended:
        """Run one command of the tool in the project *root*."""
        return self._ask(root, list(arguments), None)

    def apply_until(self, root: Path, boundary: Boundary) -> Ended:
        """Run `apply dev --yes`, which kills itself at *boundary*."""
        return self._ask(root, [], boundary)

    def _ask(self, root: Path, arguments: list[str], boundary: Boundary | None) -> Ended:
        at = [boundary.request, boundary.phase] if boundary else None
        job = {"root": str(root), "arguments": arguments, "at": at}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return Ended(answer["code"], answer["said"])


@contextmanager
def interpreter(warm_up: Path) -> Iterator[Interpreter]:
    """A waiting interpreter; *warm_up* is a project that it may apply to load all that it needs."""
    command = [sys.executable, str(Path(__file__)), str(warm_up)]
    environ = {**os.environ, "PYTHONPATH": str(TESTS), "PYTHONWARNINGS": "error"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ
    ) as process:
        try:
            yield Interpreter(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(LONGEST)


def _serve(warm_up: Path) -> None:
    with Path(os.devnull).open("w") as nowhere:
        _warm(warm_up, nowhere)
    for line in sys.stdin:
        job = json.loads(line)
        with tempfile.TemporaryFile("w+") as said:
            code = _forked(said, lambda job=job: _carry_out(job))
            said.seek(0)
            sys.stdout.write(json.dumps({"code": code, "said": said.read()}) + "\n")
            sys.stdout.flush()


def _warm(project: Path, nowhere: IO[str]) -> None:
    """Load every module that an apply needs, by applying once in this very process."""
    from contextlib import redirect_stderr, redirect_stdout

    from tenantctl.cli.__main__ import run

    with redirect_stdout(nowhere), redirect_stderr(nowhere):
        code = run(["apply", "dev", "--yes", "--chdir", str(project)])
    if code:
        raise SystemExit(f"the apply that was to warm up ended with {code}")


def _forked(said: IO[str], work: Callable[[], int | None]) -> int:
    """The exit code of *work* in a child of its own, or minus the signal that ended it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
            signal.alarm(LONGEST)
            code = work() or 0
        except BaseException:  # noqa: BLE001 - whatever it was, the child must not go on as parent
            import traceback

            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _carry_out(job: dict[str, Any]) -> int:
    if job["at"]:
        return _apply_until(Path(job["root"]), Boundary(*job["at"]))
    from tenantctl.cli.__main__ import run

    return run([*job["arguments"], "--chdir", job["root"]])


def _apply_until(root: Path, boundary: Boundary) -> int:
    """What `tenantctl apply dev --yes` does, with an embedded tenant that kills the process."""
    from tenantctl.cli.planning import open_session
    from tenantctl.cli.running import plan_and_run
    from tenantctl.cli.wiring import Project
    from tenantctl.model import Environment
    from tenantctl.sandbox import Sandbox
    from tenantctl.workflows import Ask

    earlier = 0
    opened: list[Sandbox] = []

    def strike(number: int, phase: str) -> None:
        if (earlier + number, phase) == (boundary.request, boundary.phase):
            os.kill(os.getpid(), signal.SIGKILL)

    def embed(environment: Environment, state: Path) -> Sandbox:
        nonlocal earlier
        earlier += sum(sandbox._machine.number for sandbox in opened)
        folder = state / "sandbox"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{environment.domain}.sqlite"
        opened[:] = [Sandbox(environment.domain, path, on_request=strike)]
        return opened[0]

    session = open_session(Project(root, embed), "dev")
    return plan_and_run(session, Ask(), yes=True, full=False, as_json=False)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
