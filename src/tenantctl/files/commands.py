"""`cmd:`: what a secret manager's own command prints. No shell reads the line."""

from __future__ import annotations

import os
import re
import selectors
import shlex
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from tenantctl.files.unresolved import Unresolved
from tenantctl.model import Vault, scrubber

SWITCH = "TENANTCTL_SECRET_COMMANDS"
"""An environment variable: with `never` no command is run, whatever files say."""
PATIENCE = 30.0
"""Seconds that a command may take."""
LARGEST = 1_000_000
SAID = 200
"""Characters of what a command complains of that are repeated."""
WORD = re.compile(r"[^\w\s]{0,3}(?:[A-Z]?[a-z]{1,15}|[A-Z]{1,15})?[^\w\s]{0,3}")
"""What no secret looks like, a word of a sentence: only these are repeated of a complaint."""
SPOKEN = re.compile(r"\(secret [^()]*\)|[^\s(]+|\(")
SHELL = re.compile(r"(\d?[|&;<>]+)(?:&?\d|/.*)?|(\$)[A-Za-z_{(].*|(`).*|(~)(?:/.*)?")
"""A word that says something to a shell, and nothing to a command."""
SECRET_NAME = re.compile(r"TOKEN|SECRET|PASS|KEY|CREDENTIAL|SESSION", re.IGNORECASE)


def words(line: str) -> tuple[str, ...]:
    """The command and its arguments, split as a shell would and nothing more.

    Raises ValueError where a quotation does not end, or where there is no command.
    """
    found = tuple(shlex.split(line))
    if not found or not found[0]:
        raise ValueError("there is no command")
    return found


def of_a_shell(line: str) -> str:
    """What of the command *line* only a shell would understand, its first sign; empty without.

    In quotes it may well be meant: `cut -d '|'`. Raises ValueError as `words` does.
    """
    words(line)
    try:
        found = map(SHELL.fullmatch, shlex.split(line, posix=False))
    except ValueError:  # quotes within a word, which only the other way to read them takes
        return ""
    return next((next(filter(None, match.groups())) for match in found if match), "")


def permitted(environ: Mapping[str, str]) -> bool:
    """Whether commands may be run here."""
    return environ.get(SWITCH, "").strip().lower() != "never"


def command(line: str, root: Path, environ: Mapping[str, str]) -> str:
    """What the command *line* prints, without its last line break; it runs in *root*.

    Each is run once a process. Raises Unresolved.
    """
    if not permitted(environ):
        help = f"unset {SWITCH}, or keep the value elsewhere"
        raise Unresolved(f"commands are not run here: {SWITCH} is never", help)
    try:
        arguments = words(line)
    except ValueError as error:
        raise Unresolved(f"its command cannot be read: {error}", "mend its quotes") from None
    return _output(arguments, root, tuple(sorted(environ.items())))


@lru_cache(maxsize=256)
def _output(arguments: tuple[str, ...], root: Path, environ: tuple[tuple[str, str], ...]) -> str:
    name = Path(arguments[0]).name
    help = f"run it by hand: {shlex.join(arguments)}"
    try:
        process = subprocess.Popen(  # noqa: S603 - the project's own files name it, no shell
            arguments,
            cwd=root,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except FileNotFoundError:
        help = "install it, or write where it lies: no shell reads the line, so ~ is no folder"
        raise Unresolved(f"there is no command {name}", help) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it has a null character"
        raise Unresolved(f"{name} cannot be run: {reason}", help) from None
    with process:
        try:
            until = time.monotonic() + PATIENCE
            out, complaint = _read(process, name, help, until)
            code = process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise Unresolved(f"{name} took more than {PATIENCE:.0f} s", help) from None
        finally:
            _end(process)
    value = _text(out, name, help)
    if code:
        said = _last_line(complaint, value, dict(environ))
        raise Unresolved(f"{name} ended with {code}{said}", help)
    if not value:
        raise Unresolved(f"{name} printed nothing", help)
    return value


def _read(
    process: subprocess.Popen[bytes], name: str, help: str, until: float
) -> tuple[bytes, bytes]:
    """What a process prints and complains of, until it closes both; the last of complaints."""
    assert process.stdout is not None
    assert process.stderr is not None
    printed, said = process.stdout.fileno(), process.stderr.fileno()
    found = {printed: bytearray(), said: bytearray()}
    with selectors.DefaultSelector() as selector:
        for each in found:
            selector.register(each, selectors.EVENT_READ)
        while selector.get_map():
            left = until - time.monotonic()
            if left <= 0:
                raise subprocess.TimeoutExpired(name, PATIENCE)
            for key, _ in selector.select(left):
                data = os.read(key.fd, 65_536)
                found[key.fd] += data
                if not data:
                    selector.unregister(key.fd)
            if len(found[printed]) > LARGEST:
                raise Unresolved(f"{name} printed more than {LARGEST:,} bytes", help)
            del found[said][:-LARGEST]
    return bytes(found[printed]), bytes(found[said])


def _end(process: subprocess.Popen[bytes]) -> None:
    """End whatever the command has left behind; all of it is in a session of its own."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _text(out: bytes, name: str, help: str) -> str:
    try:
        return out.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise Unresolved(f"{name} printed what is not UTF-8", help) from None


def _last_line(complaint: bytes, value: str, environ: Mapping[str, str]) -> str:
    """The last line of what a command complained of, without any secret that we know of.

    Nor any other: of the rest, words that might be a value are left out.
    """
    lines = complaint.decode("utf-8", "replace").strip().splitlines()
    known = {name: text for name, text in environ.items() if SECRET_NAME.search(name)}
    scrub = scrubber(Vault({**known, "that it printed": value}))
    return f": {_plain(scrub(lines[-1]))[:SAID]}" if lines else ""


def _plain(line: str) -> str:
    """*line* with three dots in the place of whatever is no plain word."""

    def spoken(found: re.Match[str]) -> str:
        plain = found[0].startswith("(secret ") or WORD.fullmatch(found[0])
        return found[0] if plain else "..."

    return SPOKEN.sub(spoken, line)
