"""Where secrets are kept: `env:NAME`, `file:/path` or `generated`, as files write it."""

from __future__ import annotations

import re

from tenantctl.files.document import Node, ScalarNode
from tenantctl.files.plainly import Reader
from tenantctl.model import SecretSource, Source

SCHEMES = ("env", "file")
GENERATED = "generated"
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def source(reader: Reader, node: Node, name: str, *, literal: bool = False) -> Source:
    """The source that *node* names; *literal*: a value may stand there itself.

    A line that may hold a secret is never shown.
    """
    text = node.text if isinstance(node, ScalarNode) and not node.tag else ""
    scheme, mark, rest = text.partition(":")
    if scheme == "env" and VARIABLE.fullmatch(rest):
        return Source("env", rest)
    if scheme == "file" and rest:
        return Source("file", rest)
    if text == GENERATED:
        return Source(GENERATED)
    if literal and text and not (mark and scheme in SCHEMES):
        return Source("literal", text)
    help = "write env:NAME or file:/path; the value itself never stands in a file"
    reader.add(node, f"{name} does not say where its value is kept", help, show=False)
    return Source("env", "")


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
