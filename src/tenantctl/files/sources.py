"""Where secrets are kept, as files write it: `env:NAME`, `file:/path`, others, or `generated`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tenantctl.files.commands import of_a_shell
from tenantctl.files.document import Node, ScalarNode
from tenantctl.files.plainly import Reader
from tenantctl.model import SecretSource, Source

VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
FORMS: Mapping[str, str] = {
    "env": VARIABLE.pattern,
    "file": ".+",
    "dotenv": f"[^#]+#{VARIABLE.pattern}",
    "cmd": r"\s*\S.*",
    "vault": r"[^#/\s]+(/[^#/\s]+)+#[^#\s]+",
    "aws": r"[^#\s]+(#[^#]+)?",
}
"""What may stand behind the name of each place and its colon."""
ASKED = ("cmd", "vault", "aws")
"""Places that are asked: each costs a process or a request, and may refuse."""
HELP: Mapping[str, str] = {
    "env": "env:NAME",
    "file": "file:/path",
    "dotenv": "dotenv:FILE#NAME",
    "cmd": '"cmd:COMMAND ARGUMENTS"',
    "vault": "vault:MOUNT/PATH#FIELD",
    "aws": "aws:SECRET-ID or aws:SECRET-ID#FIELD",
}
GENERATED = "generated"


def source(reader: Reader, node: Node, name: str, *, literal: bool = False) -> Source:
    """The source that *node* names; *literal*: a value may stand there itself.

    A line that may hold a secret is never shown.
    """
    text = node.text if isinstance(node, ScalarNode) and not node.tag else ""
    scheme, mark, rest = text.partition(":")
    if scheme in FORMS and mark:
        return _kept(reader, node, name, Source(scheme, rest))
    if text == GENERATED:
        return Source(GENERATED)
    if literal and text:
        return Source("literal", text)
    help = f"write {', '.join(HELP.values())}; the value itself never stands in a file"
    reader.add(node, f"{name} does not say where its value is kept", help, show=False)
    return Source("env", "")


def _kept(reader: Reader, node: Node, name: str, found: Source) -> Source:
    """*found*, if it is written as its scheme asks."""
    if not re.fullmatch(FORMS[found.scheme], found.name):
        help = f"write {HELP[found.scheme]}"
        message = f"{name} does not say where its value is kept in {found.scheme}:"
        reader.add(node, message, help, show=False)
        return Source("env", "")
    if found.scheme == "cmd":
        _read_command(reader, node, name, found.name)
    return found


def _read_command(reader: Reader, node: Node, name: str, line: str) -> None:
    """Tell what is wrong with a command before anybody needs its secret."""
    try:
        sign = of_a_shell(line)
    except ValueError as error:
        help = "close its quotes, or put a backslash before a quote that is meant"
        reader.add(node, f"the command of {name} cannot be read: {error}", help, show=False)
        return
    if sign:
        message = f"no shell reads the command of {name}, so {sign} has no meaning there"
        help = "put what a shell is to read into one: \"cmd:sh -c '...'\""
        reader.add(node, message, help, show=False)


def secret_source(reader: Reader, key: ScalarNode, node: Node) -> SecretSource:
    """`{from: env:NAME, version: 2}` as a value."""
    if isinstance(node, ScalarNode):
        help = f"write {key.text}: {{from: env:{key.text}}}"
        reader.add(node, f"secret {key.text} must be a map with from", help, show=False)
        return SecretSource(Source("env", ""))
    found: Source | None = None
    version = ""
    for word, _, value in reader.known(node, f"secret {key.text}", ("from", "version")):
        if word == "from":
            found = source(reader, value, f"secret {key.text}")
        elif isinstance(value, ScalarNode) and not value.tag and value.text:
            version = value.text
        else:
            reader.add(value, f"the version of secret {key.text} must be a number or text")
    if found is None:
        reader.add(key, f"secret {key.text} has no from", "write from: env:NAME")
        found = Source("env", "")
    return SecretSource(found, version)
