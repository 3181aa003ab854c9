"""`tenantctl sandbox seed`, `snapshot`, `restore`: what a tenant holds, from and to files."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from tenantctl.cli import terminal
from tenantctl.cli.options import AsJson, Chdir, Target
from tenantctl.cli.sandbox_opened import File, opened, read_json

Out = Annotated[
    Path | None,
    typer.Option("--out", help="Write to this file, which only you may read.", show_default=False),
]


def seed(target: Target, file: File, as_json: AsJson = False, chdir: Chdir = None) -> int:
    """Put documents into the embedded tenant, past its API.

    FILE holds an object: kind, then id, then the document.
    """
    documents = read_json(file)
    with opened(target, chdir) as sandbox:
        sandbox.seed(documents)
        counts = {kind: len(given) for kind, given in documents.items()}
    if as_json:
        terminal.out_json({"seeded": counts}, "sandbox_seeded")
    else:
        told = ", ".join(f"{count} {kind}" for kind, count in counts.items())
        terminal.out(f"{sandbox.domain} has been given {told or 'nothing'}")
    return 0


def snapshot(target: Target, out: Out = None, chdir: Chdir = None) -> int:
    """Write all that the embedded tenant holds as JSON, secrets in clear."""
    with opened(target, chdir) as sandbox:
        text = json.dumps(sandbox.snapshot(), indent=1)
    if out is None:
        terminal.exact(text)
        return 0
    handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        os.fchmod(handle, 0o600)
        stream.write(text + "\n")
    terminal.say(f"{sandbox.domain} is in {out}")
    return 0


def restore(target: Target, file: File, as_json: AsJson = False, chdir: Chdir = None) -> int:
    """Make the embedded tenant what it was when a snapshot was written.

    Its domain and its credentials stay.
    """
    told = read_json(file)
    with opened(target, chdir) as sandbox:
        sandbox.restore(told)
        resources = sandbox.status()["resources"]
    if as_json:
        terminal.out_json({"domain": sandbox.domain, "resources": resources}, "sandbox_restored")
    else:
        count = sum(resources.values())
        terminal.out(f"{sandbox.domain} holds the {count} resources of {file}")
    return 0
