"""A tenant on its way into files, and from files into another tenant."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any

from gateway.simulated import EPOCH
from kinds.laws.ground import DOMAIN, Ground, unhappy, value_of
from kinds.laws.table import Case
from tenantctl.drafts import write_files
from tenantctl.gateway import Gateway
from tenantctl.model import Address, Note, Vault
from tenantctl.playbooks import playbook
from tenantctl.sandbox import Delays, Hostility, Sandbox
from tenantctl.workflows.export import NOTHING, adopted, survey
from tenantctl.workflows.takeover import Wanted, take_over

CREDENTIALS = {"client_id": "env:ID", "client_secret": "env:SECRET"}
SETTINGS = {
    "kind": "development",
    "domain": DOMAIN,
    "credentials": {"plan": CREDENTIALS, "apply": CREDENTIALS},
    "phases": [1],
    "policy": {"delete": "managed", "approval": "auto", "max_deletes": 1000},
}
HISTORY = {"action_versions", "action_module_versions", "logs"}
"""Tables that remember how a tenant came to be what it is."""

DRAWN = re.compile(
    r"_at$|_on$|^last_|^_|^fingerprint$|^origin_domain_name$|^record$|^provisioning_ticket_url$|^renews_before$|^txt$|^verification_txt$"
)
"""Members that every tenant draws for itself: times, fingerprints, what proves a domain."""

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CALLED = ("name", "identifier", "domain", "display_name", "displayName", "description", "audience")


Held = dict[str, list[Any]]


@dataclass(frozen=True)
class Exported:
    """What an export of a tenant has made of it."""

    texts: Mapping[str, str]
    notes: tuple[Note, ...]
    ids: Mapping[Address, str]
    unread: Mapping[str, str]

    @property
    def losses(self) -> list[str]:
        return [note.message for note in self.notes if note.level in {"loss", "mistake"}]


def export(ground: Ground) -> Exported:
    """The files that the tenant of *ground* becomes; nothing is known of it."""

    async def job(gateway: Gateway) -> Any:
        return await survey(gateway, NOTHING, Vault())

    draft, found = ground._job(job, Vault())
    wanted = Wanted("laws", playbook("b2c"), live=True)
    taken = take_over({"dev": draft}, wanted, {"dev": SETTINGS})
    return Exported(taken.texts, taken.notes, found.ids, found.unread)


def moved(ground: Ground, root: Path, exported: Exported) -> Ground:
    """*ground*'s tenant, with what was *exported* as its project in the folder *root*."""
    write_files(root, exported.texts)
    other = Ground(ground.case, root, ground.sandbox, {})
    loaded = other.load()
    other.receipt = adopted(loaded, exported.ids, None, other.vault(loaded), "")
    other.ledger()
    return other


def elsewhere(ground: Ground, root: Path, supplied: Mapping[str, str]) -> Ground:
    """The project of *ground* with another tenant, which is new, in the folder *root*.

    *supplied* are values of secrets; the others' are made up.
    """
    case = ground.case
    shutil.copytree(ground.root, root, ignore=shutil.ignore_patterns(".tenantctl"))
    other = Ground(case, root, new_sandbox(case), {})
    names = set(other.load().environment.secrets)
    other.values = {name: value_of(name) for name in names} | supplied
    return other


def new_sandbox(case: Case) -> Sandbox:
    """A new tenant with what *case* says is there without us."""
    sandbox = Sandbox(
        DOMAIN,
        clock=lambda: EPOCH,
        hostility=Hostility(seed=11, page_cap=2),
        delays=Delays(build_reads=1, verify_calls=2),
    )
    sandbox.features = {*sandbox.features, *case.features}
    sandbox.seed(case.seed)
    return sandbox


def unsettled(ground: Ground) -> list[str]:
    """What a plan would do, and what stands in its way."""
    plan = ground.plan()
    steps = [f"{step.id} {step.change}" for step in plan.steps]
    return [*steps, *(f"{v.rule} {v.address} {v.detail}" for v in plan.blocking)]


def round_trip(ground: Ground, folder: Path, supplied: Mapping[str, str]) -> Iterator[str]:
    """Export, plan, apply to a new tenant, plan, export again: what was not as it should be."""
    first = export(ground)
    yield from (f"lost: {loss}" for loss in first.losses)
    yield from (f"unread: {kind}: {why}" for kind, why in first.unread.items())
    here = moved(ground, folder / "here", first)
    yield from (f"not settled here: {step}" for step in unsettled(here))
    there = elsewhere(here, folder / "there", supplied)
    try:
        result = there.apply(there.plan())
        if result.receipt.status != "converged":
            yield f"elsewhere: {unhappy(result)}"
        yield from (f"not settled elsewhere: {step}" for step in unsettled(there))
        second = export(there)
        yield from different(first.texts, second.texts)
        secrets = {*here.vault(here.load()).values.values(), *there.values.values()}
        yield from unlike(held(ground, secrets), held(there, secrets))
    finally:
        there.sandbox.close()


def different(one: Mapping[str, str], other: Mapping[str, str]) -> Iterator[str]:
    """The files of which one has other bytes than the other."""
    for path in sorted(one.keys() | other.keys()):
        if one.get(path) != other.get(path):
            texts = (each.get(path, "").splitlines() for each in (one, other))
            yield "\n".join(unified_diff(*texts, path, f"{path} again", lineterm="", n=1))


def held(ground: Ground, secrets: Iterable[str]) -> Held:
    """The documents of a tenant, in a form that does not depend on ids, times and *secrets*."""
    rows = [row for row in ground.sandbox.snapshot()["documents"] if row[0] not in HISTORY]
    own = ground.vault(ground.load()).values.values()
    called = dict.fromkeys([*secrets, *own], "<secret>")
    for table, id, _, body in rows:
        if len(id) > 8:
            name = next((body[field] for field in CALLED if isinstance(body.get(field), str)), "")
            called[id] = f"<{table} {name}>"
        if isinstance(body.get("client_secret"), str):
            called[body["client_secret"]] = "<secret>"
    names = sorted(called, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, names)))

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {plain(k): plain(v) for k, v in value.items() if not DRAWN.search(k)}
        if isinstance(value, list):
            return sorted(map(plain, value), key=lambda item: json.dumps(item, sort_keys=True))
        if isinstance(value, str):
            return UUID.sub("<uuid>", pattern.sub(lambda found: called[found[0]], value))
        return value

    found: Held = {}
    for table, id, parent, body in rows:
        found.setdefault(f"{table} {plain(parent)} {plain(id)}", []).append(plain(body))
    return found


def unlike(one: Held, other: Held) -> Iterator[str]:
    """In which documents, and where in them, two tenants differ."""
    for name in sorted(one.keys() | other.keys()):
        mine, theirs = ([*paths(*each.get(name, []))] for each in (one, other))
        yield from (f"{name} lacks {path}" for path in mine if path not in theirs)
        yield from (f"{name} has more: {path}" for path in theirs if path not in mine)


def paths(*values: Any, path: str = "") -> Iterator[str]:
    """Every leaf of *values* with its path; lists are leaves."""
    for value in values:
        if isinstance(value, dict) and value:
            for key, item in value.items():
                yield from paths(item, path=f"{path}.{key}")
        else:
            yield f"{path} {json.dumps(value, sort_keys=True, ensure_ascii=False)}"
