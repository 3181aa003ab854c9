"""What stands in for actions of others: what they would do, as far as it matters here.

Whatever they are given is looked at: a file that is not there fails the step as it would there.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ci.machine import Run

Ended = tuple[str, dict[str, str]]
DONE: Ended = ("success", {})
FAILED: Ended = ("failure", {})


def checkout(run: Run, given: Mapping[str, Any]) -> Ended:
    """The files of the commit; credentials must not stay in the work tree."""
    assert given.get("persist-credentials") is False
    run.checkout()
    return DONE


def setup_python(_: Run, given: Mapping[str, Any]) -> Ended:
    """Nothing: the Python that runs the tests is on the path."""
    assert given["python-version"]
    return DONE


def upload(run: Run, given: Mapping[str, Any]) -> Ended:
    """Copies files into the artifacts; a name is taken once in a run.

    Of one folder its members, of several paths what lies below the folder that all of them have in
    common, by the same names; whatever is hidden stays behind.
    """
    target = run.flow.machine.artifacts / given["name"]
    assert not set(given["name"]) & set('/\\:*?"<>|\r\n'), given["name"]
    if target.exists():
        return FAILED
    paths = [run.workspace / line.strip() for line in given["path"].splitlines() if line.strip()]
    paths = [path for path in paths if path.exists()]
    if not paths:
        return FAILED if given.get("if-no-files-found") == "error" else DONE
    tops = [path if path.is_dir() else path.parent for path in paths]
    top = Path(os.path.commonpath(tops))
    for path in paths:
        for each in path.rglob("*") if path.is_dir() else [path]:
            name = each.relative_to(top)
            if each.is_file() and not any(part.startswith(".") for part in name.parts):
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(each, target / name)
    return DONE


def download(run: Run, given: Mapping[str, Any]) -> Ended:
    """Copies an artifact out again."""
    source = run.flow.machine.artifacts / given["name"]
    if not source.is_dir():
        return FAILED
    shutil.copytree(source, run.workspace / given.get("path", "."), dirs_exist_ok=True)
    return DONE


def upload_sarif(run: Run, given: Mapping[str, Any]) -> Ended:
    """Takes SARIF 2.1.0 with one run, as code scanning does, if the token may."""
    log = json.loads((run.workspace / given["sarif_file"]).read_text())
    if log["version"] != "2.1.0" or len(log["runs"]) != 1:
        return FAILED
    if "security-events" not in run.flow.machine.github.allowed:
        return FAILED
    run.flow.machine.scanned.append(log)
    return DONE


def publish(run: Run, given: Mapping[str, Any]) -> Ended:
    """Notes which distributions would be published, if the token may ask for an identity."""
    assert run.permissions.get("id-token") == "write"
    folder = run.workspace / given.get("packages-dir", "dist")
    run.flow.machine.published += sorted(path.name for path in folder.iterdir())
    return DONE


def attest(run: Run, given: Mapping[str, Any]) -> Ended:
    """Looks whether there is something to attest, and whether the token may."""
    assert run.permissions.get("attestations") == "write"
    assert run.permissions.get("id-token") == "write"
    return DONE if list(Path(run.workspace).glob(given["subject-path"])) else FAILED


STANDINS: Mapping[str, Callable[[Run, Mapping[str, Any]], Ended]] = {
    "actions/attest-build-provenance": attest,
    "actions/checkout": checkout,
    "actions/download-artifact": download,
    "actions/setup-python": setup_python,
    "actions/upload-artifact": upload,
    "github/codeql-action/upload-sarif": upload_sarif,
    "pypa/gh-action-pypi-publish": publish,
}
