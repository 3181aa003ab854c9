"""The policy of an environment, and the globs in it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from tenantctl.files.document import Node, ScalarNode
from tenantctl.files.findings import suggestion
from tenantctl.files.plainly import Reader
from tenantctl.kinds import KINDS
from tenantctl.model import Allow, Policy

DELETE = ("never", "per_run", "managed")
APPROVAL = ("auto", "manual", "two_person")
PERCENTAGE = re.compile(r"(\d+(?:\.\d+)?)\s*%")
KEYS = ("delete", "protect", "max_deletes", "max_changes", "approval", "replace", "allow")


def policy(reader: Reader, node: Node, inherited: Policy) -> Policy:
    """The policy that *node* writes over *inherited*."""
    found = inherited
    for key, _, value in reader.known(node, "policy", KEYS):
        name = f"policy.{key}"
        match key:
            case "delete":
                found = replace(found, delete=reader.choice(value, name, DELETE))
            case "approval":
                found = replace(found, approval=reader.choice(value, name, APPROVAL))
            case "protect":
                found = replace(found, protect=globs(reader, value, name))
            case "replace":
                found = replace(found, replace=globs(reader, value, name))
            case "max_deletes":
                found = replace(found, max_deletes=_limit(reader, value, name))
            case "max_changes":
                found = replace(found, max_changes=_limit(reader, value, name))
            case "allow":
                allows = [_allow(reader, item) for item in reader.items(value, name)]
                found = replace(found, allow=tuple(allows))
    return found


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


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
