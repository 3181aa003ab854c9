"""Tests of code: test files run by Node's own runner, with what each unit of code needs."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tenantctl.errors import UsageError
from tenantctl.model import FAILED, PASSED, Tested
from tenantctl.testing.units import Unit

HARNESS = Path(__file__).parent / "harness"
PATIENCE = 600.0
PASSED_ON = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
"""What the tests see of our own surroundings: no credentials, no options of Node's."""


@dataclass(frozen=True, slots=True)
class CodeTests:
    """What tests of code have shown: every test, and of each unit that ran whether all passed.

    A unit is judged by the files that run it: all their tests have to pass. *handlers* are those
    of a unit that it has and that no test has called.
    """

    tests: tuple[Tested, ...]
    passed: Mapping[str, bool] = field(default_factory=dict)
    uncalled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def run_code_tests(
    node: Path,
    root: Path,
    tenant: str,
    files: Sequence[str],
    code: Collection[Unit],
    *,
    pattern: str = "",
) -> CodeTests:
    """Run the test *files*, which are relative to *root*, against *code*.

    *pattern*: only tests with this in their names. Raises UsageError where node cannot be run or
    does not come to an end.
    """
    if not files:
        return CodeTests(())
    with tempfile.TemporaryDirectory(prefix="tenantctl-") as name:
        folder = Path(name)
        manifest = _manifest(tenant, code)
        (folder / "tests.json").write_text(json.dumps(manifest), "utf-8")
        (folder / "record.jsonl").touch()
        said = _run(node, root, folder, files, pattern)
        tests = tuple(_tests(folder / "ended.jsonl"))
        records = tuple(_lines(folder / "record.jsonl"))
    if not tests and not pattern:
        raise UsageError(f"{node} ran no test: {_last(said)}", help="run it by hand to see why")
    return CodeTests(tests, _judged(root, records, tests), _uncalled(records))


def _manifest(tenant: str, code: Iterable[Unit]) -> dict[str, Any]:
    folders = [f"tenants/{tenant}/tests", f"tenants/{tenant}", "."]
    units = [asdict(unit) | {"dependencies": dict(unit.dependencies)} for unit in code]
    return {"tenant": tenant, "folders": folders, "units": units}


def _run(node: Path, root: Path, folder: Path, files: Sequence[str], pattern: str) -> str:
    """Run node and give what it wrote to stderr."""
    selected = [f"--test-name-pattern=/{re.escape(pattern)}/i"] if pattern else []
    command = [
        str(node),
        "--no-warnings",
        "--import",
        (HARNESS / "register.mjs").as_uri(),
        "--test",
        f"--test-reporter={(HARNESS / 'reporter.mjs').as_uri()}",
        f"--test-reporter-destination={folder / 'ended.jsonl'}",
        *selected,
        *files,
    ]
    environ = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    environ |= {
        "TENANTCTL_TESTS": str(folder / "tests.json"),
        "TENANTCTL_RECORD": str(folder / "record.jsonl"),
    }
    try:
        with subprocess.Popen(  # noqa: S603 - the project's own tests, by the node that was found
            command,
            cwd=root,
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        ) as process:
            return _said(process)
    except OSError as error:
        raise UsageError(f"{node} cannot be run: {error.strerror}") from None


def _said(process: subprocess.Popen[str]) -> str:
    """What the runner writes to stderr until it ends; nothing that it has started outlives it."""
    try:
        return process.communicate(timeout=PATIENCE)[1]
    except subprocess.TimeoutExpired:
        raise UsageError(
            f"the tests of code were still running after {PATIENCE:.0f} seconds",
            help="-k runs some of them; one may wait for something that never happens",
        ) from None
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.is_file():
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line)


def _tests(path: Path) -> Iterator[Tested]:
    for line in _lines(path):
        detail = line["detail"] if line["status"] == FAILED else line["why"]
        yield Tested(
            kind="unit",
            name=line["name"],
            status=line["status"],
            file=line["file"],
            line=line["line"],
            detail=detail,
            seconds=line["seconds"],
        )


def _judged(
    root: Path, records: Iterable[Mapping[str, Any]], tests: Iterable[Tested]
) -> Mapping[str, bool]:
    """Of each unit that ran, whether all tests of all files that ran it have passed."""
    ended: dict[str, set[str]] = {}
    for test in tests:
        ended.setdefault(test.file, set()).add(test.status)
    passed: dict[str, bool] = {}
    for record in records:
        file = os.path.relpath(record["file"], root.resolve()).replace(os.sep, "/")
        statuses = ended.get(file, set())
        good = PASSED in statuses and FAILED not in statuses
        passed[record["unit"]] = passed.get(record["unit"], True) and good
    return passed


def _uncalled(records: Iterable[Mapping[str, Any]]) -> Mapping[str, tuple[str, ...]]:
    """The handlers of each unit that no test has called; helpers that it exports are none."""
    there: dict[str, set[str]] = {}
    called: dict[str, set[str]] = {}
    for record in records:
        handlers = {name for name in record["handlers"] if re.match(r"on[A-Z]", name)}
        there.setdefault(record["unit"], set()).update(handlers)
        called.setdefault(record["unit"], set()).add(record["handler"])
    return {
        unit: tuple(sorted(missing)) for unit in there if (missing := there[unit] - called[unit])
    }


def _last(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
