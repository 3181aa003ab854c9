"""A small project, what its tenant has otherwise, and what becomes of its lines."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tenantctl.drafts.edit import Revision, revise
from tenantctl.engine import Known, diff
from tenantctl.engine.merge import put
from tenantctl.files import Loaded, load
from tenantctl.model import Address, Resource, Tenant, Update

TENANT = "tenants/shop/tenant.yaml"
BASE = "tenants/shop/phase1/base.yaml"
DEV = "environments/shop/dev.yaml"
PROD = "environments/shop/prod.yaml"
FILES = {
    TENANT: """\
playbook: b2c
adopts: [username_password, application_integration, id_token_claims, logout, email_templates]
""",
    DEV: "kind: development\ndomain: embedded\n",
}


def project(root: Path, files: Mapping[str, str]) -> Path:
    """Writes a project; *files* over the usual ones."""
    for name, text in {**FILES, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return root


def tenant(loaded: Loaded, changes: Mapping[str, Any], gone: tuple[str, ...] = ()) -> Tenant:
    """What is declared, but for *changes* by `address:path` (dots lead inside) and what is gone."""
    found = dict(loaded.desired.tenant.resources)
    for name, value in changes.items():
        at, _, path = name.partition(":")
        address = Address.parse(at)
        fields = copy.deepcopy(dict(found[address].fields)) if address in found else {}
        put(fields, tuple(path.split(".")), value)
        found[address] = Resource(address, fields)
    for name in gone:
        del found[Address.parse(name)]
    return Tenant(found)


def taken(root: Path, changes: Mapping[str, Any], gone: tuple[str, ...] = ()) -> Revision:
    """The revision for a tenant with *changes*, which must leave nothing to plan but creates."""
    loaded = load(root, "shop", "dev")
    live = tenant(loaded, changes, gone)
    revision = revise(root, loaded, live)
    again = load(root, "shop", "dev", texts=revision.texts)
    left = [c for c in diff(again.desired, live, Known()) if isinstance(c, Update)]
    told = [note for note in revision.notes if note.level == "loss"]
    assert bool(left) == bool(told), (left, told)
    if (root / PROD).exists():
        load(root, "shop", "prod", texts=revision.texts)
    assert revise(root, again, live, texts=revision.texts).texts == revision.texts
    return revision


def moved(root: Path, revision: Revision) -> dict[str, list[str]]:
    """The lines that go (`-`) and that come (`+`), by file."""
    found = {}
    for name, text in revision.texts.items():
        path = root / name
        before = path.read_bytes().decode() if path.exists() else ""
        lines = difflib.unified_diff(before.splitlines(), text.splitlines(), lineterm="", n=0)
        kept = [line for line in lines if line[:2] not in {"--", "++", "@@"}]
        if kept:
            found[name] = kept
    return found
