"""What an embedded tenant holds, without what every run draws anew: ids, times, secrets."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

from support.project import Project

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
VERSION = re.compile(r'"number": \d+')
NAMES = ("name", "domain", "displayName", "audience")
"""Fields that name an object of which the server chose the id."""

HISTORY = "action_versions"
"""Auth0 keeps every version that was deployed. A secret of which nobody knows whether it was
written is written and deployed again, so that two runs may differ in how many there were."""

Likeness = dict[str, Counter[str]]


def likeness(root: Path) -> Likeness:
    """Every document of the tenant by kind, in a form that two tenants of one definition share.

    Documents are counted: a duplicate shows as a count of two.
    """
    with Project(root).sandbox() as sandbox:
        kinds = {kind: sandbox.documents(kind) for kind in sandbox.status()["resources"]}
    known = _secrets(root)
    for kind, documents in kinds.items():
        known |= {
            id: f"<{kind} {name}>" for id, d in documents.items() if id and (name := _name(d))
        }
        known |= {d["client_secret"]: "<minted>" for d in documents.values() if _minted(d)}
    known |= {id.lower().replace("_", "-"): name for id, name in known.items()}
    order = sorted(known, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, order)))

    def plain(value: object) -> str:
        text = pattern.sub(lambda found: known[found[0]], json.dumps(value, sort_keys=True))
        return VERSION.sub('"number": <n>', TIME.sub("<time>", UUID.sub("<uuid>", text)))

    return {
        kind: Counter(plain([id, document]) for id, document in documents.items())
        for kind, documents in kinds.items()
        if kind != HISTORY
    }


def _secrets(root: Path) -> dict[str, str]:
    (file,) = (root / ".tenantctl" / "secrets").glob("*.json")
    return {value: f"<{name}>" for name, value in json.loads(file.read_text()).items()}


def _name(document: dict[str, object]) -> object:
    return next((document[name] for name in NAMES if name in document), None)


def _minted(document: dict[str, object]) -> bool:
    return bool(document.get("client_secret"))


def unlike(one: Likeness, other: Likeness) -> list[str]:
    """What the first has and the second has not, and the other way round; for people."""
    kinds = sorted(one.keys() | other.keys())
    found = []
    for kind in kinds:
        mine, theirs = one.get(kind, Counter()), other.get(kind, Counter())
        found += [f"missing {kind}: {text[:400]}" for text in (theirs - mine).elements()]
        found += [f"surplus {kind}: {text[:400]}" for text in (mine - theirs).elements()]
    return found
