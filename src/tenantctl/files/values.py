"""The value that a source names, read or asked for. No value ever enters an error or a repr."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from tenantctl.files.sources import ASKED, FORMS, HELP, VARIABLE
from tenantctl.files.unresolved import Unresolved
from tenantctl.model import MASK, Source

LARGEST = 1_000_000
AT_ONCE = 8
"""Commands that run, and services that are asked, side by side."""
Found: TypeAlias = str | Unresolved


def values_of(
    sources: Mapping[str, Source], root: Path, environ: Mapping[str, str]
) -> Mapping[str, Found]:
    """The value of each of *sources*, or why it has none; what is to be asked, side by side."""
    found = {
        name: _tried(source, root, environ)
        for name, source in sources.items()
        if source.scheme not in ASKED
    }
    asked = {name: source for name, source in sources.items() if source.scheme in ASKED}
    if len(asked) > 1:
        from concurrent.futures import ThreadPoolExecutor

        each = dict.fromkeys(asked.values())
        with ThreadPoolExecutor(AT_ONCE) as pool:
            told = dict(zip(each, pool.map(lambda s: _tried(s, root, environ), each), strict=True))
        return {**found, **{name: told[source] for name, source in asked.items()}}
    return {**found, **{name: _tried(source, root, environ) for name, source in asked.items()}}


def _tried(source: Source, root: Path, environ: Mapping[str, str]) -> Found:
    try:
        return value_of(source, root, environ)
    except Unresolved as error:
        return error


def value_of(source: Source, root: Path, environ: Mapping[str, str]) -> str:
    """The value of *source*; relative paths begin at *root*. Raises Unresolved."""
    read = READERS.get(source.scheme)
    if read is None:
        help = f"write {', '.join(HELP[scheme] for scheme in FORMS)}"
        raise Unresolved(f"{source} has no value", help)
    value = read(source.name, root, environ)
    if MASK.fullmatch(value.strip()):
        raise Unresolved("it is a placeholder", "set the secret itself")
    if "\0" in value or len(value) > LARGEST:
        raise Unresolved("it is no text that a secret may be", "check what is kept there")
    return value


def _variable(name: str, _root: Path, environ: Mapping[str, str]) -> str:
    value = environ.get(name, "")
    if not value:
        state = "is empty: a pipeline leaves it so where it has no such secret"
        state = state if name in environ else "is not set"
        raise Unresolved(f"the environment variable {name} {state}", f"set {name}")
    return value


def _file(name: str, root: Path, _environ: Mapping[str, str]) -> str:
    help = f"put the value into {name}"
    value = _text(root / name, name, help).removesuffix("\n").removesuffix("\r")
    if not value:
        raise Unresolved(f"{name} is empty", help)
    return value


def _text(path: Path, name: str, help: str) -> str:
    """The text of a file, without the mark that Windows puts before it."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise Unresolved(f"{name} is not a regular file", help)
        if found.st_size > LARGEST:
            raise Unresolved(f"{name} has {found.st_size:,} bytes, too many for a secret", help)
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Unresolved(f"{name} cannot be read: {error.strerror}", help) from None
    except UnicodeDecodeError:
        raise Unresolved(f"{name} is not UTF-8", help) from None


def _dotenv(name: str, root: Path, _environ: Mapping[str, str]) -> str:
    from tenantctl.files.dotenv import values

    file, _, entry = name.partition("#")
    assert VARIABLE.fullmatch(entry)
    help = f"write {entry}=... into {file}"
    value = values(_text(root / file, file, help)).get(entry, "")
    if not value:
        raise Unresolved(f"{file} has no {entry}", help)
    return value


def _command(name: str, root: Path, environ: Mapping[str, str]) -> str:
    from tenantctl.files.commands import command

    return command(name, root, environ)


def _vault(name: str, _root: Path, environ: Mapping[str, str]) -> str:
    from tenantctl.files.vaults import vault_value

    return vault_value(name, environ)


def _aws(name: str, _root: Path, environ: Mapping[str, str]) -> str:
    from tenantctl.files.aws import aws_value

    return aws_value(name, environ)


READERS: Mapping[str, Callable[[str, Path, Mapping[str, str]], str]] = {
    "env": _variable,
    "file": _file,
    "dotenv": _dotenv,
    "cmd": _command,
    "vault": _vault,
    "aws": _aws,
}
assert READERS.keys() == FORMS.keys()
