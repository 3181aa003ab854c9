"""Where outputs go: a file of one's own, the shell, or a step of GitHub Actions."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from tenantctl.cli import terminal
from tenantctl.errors import UsageError

if TYPE_CHECKING:
    from tenantctl.workflows.outputs import Published

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
QUOTED = str.maketrans({character: f"\\{character}" for character in '\\"$`'})
ENCODED = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
"""How data of a workflow command is written, by GitHub's own toolkit."""


def is_dotenv(path: Path) -> bool:
    """Whether a file's name says that it is read by tools for `.env` files."""
    return path.suffix == ".env" or path.name.startswith(".env")


def check_sink(to: str, *, secrets: bool, as_json: bool, environ: Mapping[str, str]) -> None:
    """Raise UsageError where *to* is no sink, or none for secrets, before anything is read."""
    if secrets and to in {"", "env"}:
        raise UsageError(
            "secrets go to a sink that you name, never to the terminal",
            help="give --to FILE, or --to github in a step of GitHub Actions",
        )
    if to == "env" and as_json:
        raise UsageError("--to env and --json both want the standard output", help="leave one out")
    if to == "github":
        _check_github(environ, secrets=secrets, as_json=as_json)
    elif to not in {"", "env"} and Path(to).suffix != ".json" and not is_dotenv(Path(to)):
        raise UsageError(
            f"{to} is no sink for outputs", help="give env, github, or a file NAME.env or NAME.json"
        )


def _check_github(environ: Mapping[str, str], *, secrets: bool, as_json: bool) -> None:
    if not environ.get("GITHUB_OUTPUT"):
        raise UsageError(
            "GITHUB_OUTPUT is not set: this is no step of GitHub Actions", help="give --to FILE"
        )
    if secrets and (environ.get("GITHUB_ACTIONS") != "true" or sys.stdout.isatty() or as_json):
        raise UsageError(
            "secrets are masked by commands on the standard output, which only a runner of GitHub"
            " Actions keeps to itself",
            help="leave out --secrets or --json, or give --to FILE",
        )


def publish(to: str, published: Iterable[Published], environ: Mapping[str, str]) -> None:
    """Bring outputs to the sink *to*, which `check_sink` has let pass.

    A file is replaced as a whole and only its owner may read it. Raises UsageError where a value
    cannot be written in the form of the sink, and writes nothing then.
    """
    found = list(published)
    if to == "env":
        terminal.exact("\n".join(_shell(found)))
    elif to == "github":
        _to_github(found, Path(environ["GITHUB_OUTPUT"]))
    else:
        from tenantctl.ledger import write_atomic

        text = _json(found) if Path(to).suffix == ".json" else _dotenv(found)
        write_atomic(Path(to).absolute(), text, "utf-8")


def _shell(published: Iterable[Published]) -> Iterator[str]:
    """Lines that `eval` and `source` take as they are meant."""
    return (f"{each.name}={shlex.quote(_plain(each))}" for each in published)


def _dotenv(published: Iterable[Published]) -> str:
    """Lines that `source` and the readers of `.env` files take alike."""
    return "".join(f"{each.name}={_quoted(_plain(each))}\n" for each in published)


def _quoted(value: str) -> str:
    """In single quotes, where all readers agree that nothing is special, as long as that works."""
    if "'" in value or "\\" in value:
        return f'"{value.translate(QUOTED)}"'
    return f"'{value}'"


def _json(published: Iterable[Published]) -> str:
    import json

    return json.dumps({each.name: each.value for each in published}, indent=2) + "\n"


def _plain(published: Published) -> str:
    """The value, if it is one line that shows as itself."""
    if CONTROL.search(published.value):
        raise UsageError(
            f"{published.name} holds control characters", help="--to NAME.json writes any value"
        )
    return published.value


def _to_github(published: Iterable[Published], file: Path) -> None:
    """Append to the file of step outputs; what is secret is masked in the log before that."""
    found = list(published)
    for each in found:
        if each.secret:
            for line in {each.value, *each.value.splitlines()} - {""}:
                terminal.exact(f"::add-mask::{line.translate(ENCODED)}")
    sys.stdout.flush()
    with file.open("a", encoding="utf-8", newline="\n") as stream:
        stream.write("".join(_heredoc(each) for each in found))


def _heredoc(published: Published) -> str:
    """An output in GitHub's form for any text; no value can end it, for nobody knows the mark."""
    mark = f"end_{token_hex(16)}"
    return f"{published.name}<<{mark}\n{published.value}\n{mark}\n"
