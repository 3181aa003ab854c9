"""The embedded tenant of an environment, open as long as a verb needs it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenantctl.errors import UsageError

if TYPE_CHECKING:
    from tenantctl.sandbox import Sandbox

File = Annotated[Path, typer.Argument(metavar="FILE", help="A JSON file; - for standard input.")]


@contextmanager
def opened(target: str, chdir: Path | None) -> Iterator[Sandbox]:
    """The embedded tenant of the environment *target*; what it refuses is a UsageError."""
    from tenantctl.cli.wiring import project
    from tenantctl.files import find, read_environment
    from tenantctl.sandbox import SandboxError

    here = project(chdir)
    environment = read_environment(here.root, *find(here.root, target))
    if not environment.embedded:
        raise UsageError(
            f"{environment.id} is {environment.domain}, not an embedded tenant",
            help="the sandbox verbs work where the environment file says domain: embedded",
        )
    sandbox = here.embed(environment, here.state)
    try:
        yield sandbox
    except SandboxError as error:
        raise UsageError(str(error)) from None
    finally:
        sandbox.close()


def read_json(file: Path) -> Any:
    """What a file, or standard input, holds. Raises UsageError where it is no JSON."""
    try:
        return json.loads(sys.stdin.read() if str(file) == "-" else file.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        told = error if isinstance(error, json.JSONDecodeError) else "it cannot be read as text"
        raise UsageError(
            f"{file} is no JSON: {told}", help="`tenantctl sandbox snapshot` writes JSON"
        ) from None
