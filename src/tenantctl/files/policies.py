"""The policy of an environment, and the globs in it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tenantctl.files.document import Node, ScalarNode
from tenantctl.files.findings import suggestion
from tenantctl.files.plainly import Reader
from tenantctl.kinds import KINDS
from tenantctl.model import Allow, Policy

DELETE = ("never", "per_run", "managed")
APPROVAL = ("auto", "manual", "two_person")
PERCENTAGE = re.compile(r"(\d+(?:\.\d+)?)\s*%")
REHEARSE = ("optional", "required")
KEYS = (
    "delete",
    "protect",
    "max_deletes",
    "max_changes",
    "approval",
    "replace",
    "allow",
    "rehearse",
    "soak",
    "max_drift_age",
)
DURATION = re.compile(r"([1-9][0-9]*)(s|m|h|d)")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def policy(reader: Reader, node: Node, inherited: Policy) -> Policy:
    """The policy that *node* writes over *inherited*."""
    said: dict[str, Any] = {
        key: PARSERS[key](reader, value, f"policy.{key}")
        for key, _, value in reader.known(node, "policy", KEYS)
    }
    return replace(inherited, **said)


def globs(reader: Reader, node: Node, name: str) -> tuple[str, ...]:
    """A list of addresses with `*`; a kind that is not there is a problem."""
    found = reader.texts(node, name)
    for item, glob in zip(reader.items(node, name), found, strict=True):
        kind = glob.partition(".")[0]
        if glob and kind not in KINDS and not set(kind) & set("*?["):
            reader.add(item, f"there is no kind {kind}", suggestion(kind, KINDS))
    return found


def is_address(reader: Reader, node: Node, text: str) -> bool:
    """Whether *text* can be an address; a problem says why it cannot."""
    kind, _, key = text.partition(".")
    if kind not in KINDS:
        reader.add(node, f"{text} is no address: there is no kind {kind}", suggestion(kind, KINDS))
        return False
    if KINDS[kind].singleton == bool(key):
        form = kind if KINDS[kind].singleton else f"{kind}.key"
        reader.add(node, f"{text} is no address", f"write {form}")
        return False
    return True


def _limit(reader: Reader, node: Node, name: str) -> int | float:
    value = node.value if isinstance(node, ScalarNode) and not node.tag else None
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    share = PERCENTAGE.fullmatch(value) if isinstance(value, str) else None
    if share and float(share[1]) <= 100:
        return float(share[1]) / 100
    reader.add(node, f"{name} must be a number or a percentage", "such as 5 or 10%")
    return 0


def _allow(reader: Reader, node: Node) -> Allow:
    keys = ("rule", "address", "reason", "expires")
    texts: dict[str, str] = {}
    for key, _, value in reader.known(node, "policy.allow", keys):
        texts[key] = reader.text(value, key)
        if key == "expires" and texts[key] and not _date(texts[key]):
            reader.add(value, f"{texts[key]} is no date", 'such as expires: "2030-12-31"')
    for key in keys[:3]:
        if key not in texts:
            reader.add(node, f"an element of policy.allow has no {key}")
    return Allow(
        rule=texts.get("rule", ""),
        address=texts.get("address", ""),
        reason=texts.get("reason", ""),
        expires=_date(texts.get("expires", "")),
    )


def _allows(reader: Reader, node: Node, name: str) -> tuple[Allow, ...]:
    return tuple([_allow(reader, item) for item in reader.items(node, name)])


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def duration(reader: Reader, node: Node, name: str) -> int:
    """A time such as 30m, 24h or 7d, in seconds."""
    found = DURATION.fullmatch(node.text) if isinstance(node, ScalarNode) and not node.tag else None
    if found:
        return int(found[1]) * SECONDS[found[2]]
    reader.add(node, f"{name} must be a time", "such as 90s, 30m, 24h or 7d")
    return 0


def _word(*known: str) -> Callable[[Reader, Node, str], str]:
    return lambda reader, node, name: reader.choice(node, name, known)


PARSERS: Mapping[str, Callable[[Reader, Node, str], Any]] = {
    "delete": _word(*DELETE),
    "approval": _word(*APPROVAL),
    "protect": globs,
    "replace": globs,
    "max_deletes": _limit,
    "max_changes": _limit,
    "allow": _allows,
    "rehearse": _word(*REHEARSE),
    "soak": duration,
    "max_drift_age": duration,
}
