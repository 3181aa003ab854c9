"""What a step tells the runner: outputs, the summary, annotations. Standard library only.

The scripts beside this one are run by the composite actions with the machine's own Python, so they
know nothing of tenantctl but its command line.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SUMMARY_LIMIT = 1024 * 1024
"""Bytes that a step may add to the summary; GitHub drops the whole of what is longer."""
REASONS = {
    3: "plan-changed",
    5: "refused",
    69: "unreachable",
    75: "state-locked",
    77: "credentials",
}
"""Why a command failed, by its exit code; docs of tenantctl list them all."""
OF_FILES = {64: "usage", 65: "invalid-files"}
"""Of a command that reads the files of the project."""

READS = ("AUTH0_PLAN_CLIENT_ID", "AUTH0_PLAN_CLIENT_SECRET", "AUTH0_PLAN_PRIVATE_KEY")
"""Inputs with the credentials that only read; they become variables of the same names."""


class Failed(Exception):
    """The step has failed: *reason* is the output `failure-reason`, the text is for people."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True)
class Ran:
    """How a command ended, and its standard output; the rest went to the log."""

    code: int
    out: str

    @property
    def json(self) -> Any:
        """The document that it wrote; Failed where there is none."""
        try:
            return json.loads(self.out)
        except ValueError:
            raise Failed("failed", "tenantctl wrote no JSON; the log says why") from None

    @property
    def why(self) -> str:
        """What it says of its failure as JSON; else where to look."""
        try:
            found = json.loads(self.out)
            return f"{found['message']}. {found['help']}" if found["help"] else found["message"]
        except (ValueError, LookupError, TypeError):
            return "the log says why"


def tenantctl(*arguments: str, environ: Mapping[str, str] | None = None) -> Ran:
    """Run a command of tenantctl; what it says to people goes to the log.

    A run that is cancelled interrupts it as a person would, so that an apply can still write its
    receipt; the runner gives it ten seconds for that.
    """
    with unheeded():
        print("$ tenantctl", shlex.join(arguments), flush=True)
        process = subprocess.Popen(
            ["tenantctl", *arguments],
            stdout=subprocess.PIPE,
            stderr=sys.stdout.fileno(),  # one stream: the runner reads two in whatever order
            text=True,
            env=environ,
        )
        with _interrupting(process):
            out, _ = process.communicate()
    return Ran(process.returncode, out)


@contextmanager
def unheeded() -> Iterator[None]:
    """What is printed meanwhile is text: names in a tenant may be spelled like commands."""
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}", flush=True)
    try:
        yield
    finally:
        print(f"\n::{token}::", flush=True)


def show(text: str) -> None:
    """Print *text*, which nobody here wrote, to the log."""
    with unheeded():
        print(text, flush=True)


@contextmanager
def _interrupting(process: subprocess.Popen[str]) -> Iterator[None]:
    """The first signal that asks this step to end interrupts *process*; the step waits for it."""
    asked: list[int] = []

    def pass_on(number: int, _: object) -> None:
        if not asked:
            process.send_signal(signal.SIGINT)
        asked.append(number)

    ends = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {each: signal.signal(each, pass_on) for each in ends}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def reason_of(code: int) -> str:
    """Why a command that reads the files of the project has ended with *code*."""
    return {**OF_FILES, **REASONS}.get(code, "failed")


def given(name: str, otherwise: str = "") -> str:
    """An input of the action, without the space around it."""
    return os.environ.get(f"INPUT_{name}", "").strip() or otherwise


def environ(*names: str, **more: str) -> dict[str, str]:
    """The environment for tenantctl: this one without inputs, the named secrets where they are."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("INPUT_")}
    for name in names:
        if value := os.environ.get(f"INPUT_{name}", ""):
            kept[name] = value
    return {**kept, **more, **_git(os.environ.get("INPUT_TOKEN", ""))}


def _git(token: str) -> dict[str, str]:
    """What lets git fetch and push receipts with *token*, for one process and in no file.

    Beside what somebody else has put there; the empty header takes back one that a checkout has
    left in the work tree, as GitHub refuses two.
    """
    if not token:
        return {}
    server = os.environ.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/")
    word = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    mask(word)
    first = int(os.environ.get("GIT_CONFIG_COUNT") or 0)
    found = {"GIT_CONFIG_COUNT": str(first + 2)}
    for number, value in enumerate(("", f"AUTHORIZATION: basic {word}"), first):
        found[f"GIT_CONFIG_KEY_{number}"] = f"http.{server}/.extraheader"
        found[f"GIT_CONFIG_VALUE_{number}"] = value
    return found


def output(**values: object) -> None:
    """Set outputs of the step; `_` in a name stands for `-`, true and false are spelled so."""
    lines = []
    for name, value in values.items():
        text = str(value).lower() if isinstance(value, bool) else str(value)
        end = f"end-{secrets.token_hex(8)}"
        lines.append(f"{name.replace('_', '-')}<<{end}\n{text}\n{end}\n")
    _append("GITHUB_OUTPUT", "".join(lines))


def summarize(text: str) -> None:
    """Add Markdown to the summary of the job, or say that it is too long for it."""
    path = os.environ.get("GITHUB_STEP_SUMMARY", "")
    there = Path(path).stat().st_size if path and Path(path).exists() else 0
    if there + len(text.encode()) >= SUMMARY_LIMIT:
        text = "The report is too long for this page; the artifact has it.\n"
    _append("GITHUB_STEP_SUMMARY", text if text.endswith("\n") else f"{text}\n")


def _append(variable: str, text: str) -> None:
    if path := os.environ.get(variable, ""):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)


def annotate(level: str, text: str, **where: object) -> None:
    """An annotation: *level* is error, warning or notice, *where* may be file, line, col, title."""
    at = ",".join(f"{k}={_escaped(str(v), ',:')}" for k, v in where.items() if v)
    print(f"::{level}{' ' if at else ''}{at}::{_escaped(text)}", flush=True)


def _escaped(text: str, more: str = "") -> str:
    """*text* inside a workflow command; `%`, line ends and *more* would end it or start another."""
    for each in "%\r\n" + more:
        text = text.replace(each, f"%{ord(each):02X}")
    return text


def mask(value: str) -> None:
    """Have the runner hide *value* in every log; it does so line by line."""
    for line in filter(None, value.splitlines()):
        print(f"::add-mask::{_escaped(line)}", flush=True)


def finish(job: Callable[[], None]) -> int:
    """Do *job*; the exit code of the step. A failure is annotated, and its reason an output."""
    try:
        job()
    except Failed as failure:
        output(failure_reason=failure.reason)
        annotate("error", str(failure), title="tenantctl")
        return 1
    except (OSError, ValueError, LookupError) as error:
        output(failure_reason="failed")
        annotate("error", f"{type(error).__name__}: {error}", title="tenantctl")
        return 1
    return 0
