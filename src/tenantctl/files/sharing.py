"""Where an environment's receipts and leases are shared."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from typing import Any

from tenantctl.files.document import Node
from tenantctl.files.plainly import Reader
from tenantctl.files.policies import duration
from tenantctl.files.sources import source
from tenantctl.model import Shared

KEYS = ("remote", "branch", "lease", "sign", "trust")
REMOTE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
BRANCH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
"""No option of git's, no path upward, nothing that a shell or a ref would read as more."""
LEASES = range(2, 3601)
PUBLIC = "ed25519:"


def shared(reader: Reader, node: Node, inherited: Shared) -> Shared:
    """What *node* says of receipts over *inherited*."""
    found: dict[str, Any] = {}
    for key, _, value in reader.known(node, "receipts", KEYS):
        name = f"receipts.{key}"
        match key:
            case "remote" | "branch":
                found[key] = _named(reader, value, name, REMOTE if key == "remote" else BRANCH)
            case "lease":
                found[key] = _lease(reader, value, name)
            case "sign":
                found[key] = source(reader, value, name)
            case "trust":
                found[key] = _trust(reader, value, name)
    return replace(inherited, **found)


def _named(reader: Reader, node: Node, name: str, form: re.Pattern[str]) -> str:
    text = reader.text(node, name)
    if text and (not form.fullmatch(text) or ".." in text or text.endswith(".lock")):
        help = "such as origin" if name.endswith("remote") else "such as tenantctl/receipts"
        reader.add(node, f"{name} is no name that Git takes", help)
    return text


def _lease(reader: Reader, node: Node, name: str) -> int:
    seconds = duration(reader, node, name)
    if seconds and seconds not in LEASES:
        reader.add(node, f"{name} must be from 2s to 60m", "120s is usual")
    return seconds


def _trust(reader: Reader, node: Node, name: str) -> tuple[str, ...]:
    keys = reader.texts(node, name)
    for item, key in zip(reader.items(node, name), keys, strict=True):
        if key and not _is_key(key):
            help = "`tenantctl receipts key` prints one: ed25519: and 44 characters"
            reader.add(item, f"an element of {name} is no public key", help)
    return keys


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text.removeprefix(PUBLIC), validate=True)) == 32 and (
            text.startswith(PUBLIC)
        )
    except (binascii.Error, ValueError):
        return False
