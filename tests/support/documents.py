"""State documents, as the reference evaluator reads them and as ours does."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from tenantctl.engine.checks import Item, State
from tenantctl.model import Attestation
from tenantctl.playbooks import Check

NOT_SCOPES = {"now", "adopted", "attestations"}
SHORT = {"development": "dev", "qa": "qa", "production": "prod"}


def completed(document: Mapping[str, Any], check: Check) -> dict[str, Any]:
    """*document* with what it does not say: a day, production, the check's own topics."""
    return {
        "now": "2026-09-01",
        "env": {"name": "prod", "kind": "production"},
        "environments": [],
        "params": {},
        "attestations": {},
        "adopted": list(check.topics),
        **document,
    }


def state_of(document: Mapping[str, Any]) -> State:
    """*document* as a state in which everything was looked at: a scope it lacks is empty."""
    scopes: defaultdict[str, tuple[Item, ...]] = defaultdict(tuple)
    for name, value in document.items():
        if name not in NOT_SCOPES and value is not None:
            items = value if isinstance(value, list) else [value]
            scopes[name] = tuple(Item(item, named(item, name)) for item in items)
    return State(
        now=dt.date.fromisoformat(document["now"]),
        kind=document["env"]["kind"],
        name=document["env"].get("name", "prod"),
        adopted=frozenset(document["adopted"]),
        scopes=Everything(scopes),
        attestations=tuple(
            Attestation(name, said.get("by", ""), dt.date.fromisoformat(said["at"]))
            for name, said in document["attestations"].items()
            if said
        ),
    )


class Everything(dict[str, tuple[Item, ...]]):
    """Scopes of which each one was looked at."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> tuple[Item, ...]:
        return ()


def named(item: Mapping[str, Any], scope: str) -> str:
    """What a finding calls an item."""
    keys = ("name", "template", "identifier", "domain", "id", "resource")
    return ".".join([scope, *(str(item[key]) for key in keys if item.get(key))][:2])


def for_reference(check: Check) -> dict[str, Any]:
    """*check* in the form that the reference evaluator reads."""
    found = {
        "id": check.id,
        "levels": {SHORT[kind]: level for kind, level in check.levels.items()},
        "evaluate": check.evaluate,
    }
    return found if check.when is None else {**found, "applies_when": check.when}
