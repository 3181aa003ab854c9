"""What is kept of earlier runs, as checks read it: receipts, tests, backups, drift. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from tenantctl.engine.checks import Item
from tenantctl.engine.diff import Known
from tenantctl.engine.drift import (
    RENEWED,
    Difference,
    by_address,
    drift_of,
    drifted,
    remembers,
)
from tenantctl.engine.facts import Facts
from tenantctl.engine.state_fields import UNREAD, Naming
from tenantctl.model import Address, Json, Receipt, dotted

NO_RECEIPTS = "receipts were not read"
FIRST = "nothing has been applied here before, so there is nothing to go back to"
CHANGED = "the files have changed since the last apply, so nobody can tell whose change it is"
DELETES = {"never": False, "per_run": "per_run", "managed": True}


def environment(facts: Facts, names: Naming) -> Item:
    """What is said of the environment itself."""
    here = facts.environment
    unknown: dict[str, str] = {}
    value: dict[str, Json] = {
        "name": here.name,
        "kind": here.kind,
        "config_hash": facts.desired.digest or None if facts.desired else None,
        "promotes_from": here.promotes_from or None,
        "policies": {
            "approval": here.policy.approval,
            "allow_delete": DELETES[here.policy.delete],
        },
        "operations": _operations(facts),
        "deploy_client_id": names.deploy or None,
        "backup": _backup(facts, unknown),
        "rollback": _rollback(facts, unknown),
    }
    if not value["config_hash"]:
        unknown["config_hash"] = "the files were not read"
    if not names.deploy:
        unknown["deploy_client_id"] = "nobody has looked which client the tool signs in with"
    beside = facts.project.environments or () if facts.project else ()
    origin = next((each.origin for each in beside if each.name == here.name), None)
    return Item(value, here.id, origin, unknown)


def _operations(facts: Facts) -> Mapping[str, Json]:
    said = dict(facts.environment.operations)
    if checked := said.get("egress_allowlist_checked"):
        said["egress_allowlist_age_days"] = _age(dt.date.fromisoformat(checked), facts.now)
    return {name: value for name, value in said.items() if value is not None}


def _age(day: dt.date, now: dt.date) -> int | None:
    """Days since *day*; None where that is to come."""
    return (now - day).days if day <= now else None


def _backup(facts: Facts, unknown: dict[str, str]) -> Mapping[str, Json]:
    if facts.records is None or not facts.records.backups_known:
        unknown["backup"] = "receipts of backups were not read"
        return {}
    last = facts.records.backup
    # Who judges as of an earlier day has a backup that is younger than that, and fresh.
    return {} if last is None else {"age_days": max(0, (facts.now - last).days)}


def _rollback(facts: Facts, unknown: dict[str, str]) -> Mapping[str, Json]:
    """What a person could go back to: an earlier state of the files, or a backup of the tenant."""
    if facts.records is None or facts.records.former is None or facts.desired is None:
        unknown["rollback"] = NO_RECEIPTS
        return {}
    former = facts.records.former
    earlier = [digest for digest in former if digest != facts.desired.digest]
    if earlier:
        return {"config_hash": earlier[0]}
    if facts.records.backup is not None:
        return {"config_hash": f"backup:{facts.records.backup}"}
    if facts.after or former or facts.records.last.get(facts.environment.name) is None:
        unknown["rollback"] = FIRST
    return {}


def kept(facts: Facts) -> Mapping[str, tuple[Item, ...] | str]:
    """What was applied where, and which tests have run."""
    if facts.records is None:
        return {"applied_in": NO_RECEIPTS, "test_runs": "receipts of tests were not read"}
    last = facts.records.last.items()
    applied = tuple(
        Item({"environment": name, "config_hash": receipt.digest}, name)
        for name, receipt in sorted(last)
        if receipt and receipt.status == "converged" and receipt.full
    )
    if facts.records.tests is None:
        return {"applied_in": applied, "test_runs": "receipts of tests were not read"}
    runs = tuple(
        Item(
            {
                "kind": test.ran,
                "passed": test.passed,
                "config_hash": test.digest,
                "environment": test.environment,
                "environment_kind": test.environment_kind,
            },
            f"{test.ran} tests of {test.environment}",
        )
        for test in facts.records.tests
    )
    return {"applied_in": applied, "test_runs": runs}


def drift(facts: Facts) -> tuple[Item, ...] | str:
    """What somebody has changed in the tenant since the last apply; of an apply to come, nothing.

    Where the last receipt holds no values, only a tenant of the same files can tell.
    """
    if facts.desired is None:
        return "the files were not read"
    if facts.live is None:
        return UNREAD
    if facts.after:
        return ()
    if facts.records is None:
        return NO_RECEIPTS
    last = facts.records.last.get(facts.environment.name)
    if last is None or last.domain != facts.environment.domain:
        return "nothing has been applied here yet"
    if not all(map(remembers, last.entries.values())):
        if last.digest != facts.desired.digest:
            return CHANGED
        if last.status != "converged":
            return f"the last apply was left {last.status}"
    found = drift_of(facts.desired, facts.live, Known(last.entries))
    mine = by_address(drifted(found, last, facts.desired.digest))
    return tuple(_drifted(address, found, last, facts) for address, found in mine.items())


def _drifted(address: Address, found: Sequence[Difference], last: Receipt, facts: Facts) -> Item:
    fields = list(dict.fromkeys(dotted(each.path) for each in found if each.path))
    how = "there again under another id" if found[0].how == RENEWED else "gone"
    said = f"{address} {', '.join(fields)}" if fields else f"{address} is {how}"
    value = {"resource": address.kind, "name": said, "fields": fields}
    declared = facts.desired.declarations.get(address) if facts.desired else None
    return Item(value, f"{said}, since {last.when}", declared.home if declared else None)
