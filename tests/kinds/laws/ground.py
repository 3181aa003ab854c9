"""A project in a folder and a tenant in memory: where one case of a table is tried."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.simulated import EPOCH, simulate
from kinds.laws.oracle import Snapshot, look
from kinds.laws.table import Case, Json, Tagged, authored
from tenantctl.engine import Known, without_known_secrets, written
from tenantctl.files import Loaded, load, resolve
from tenantctl.gateway import Access, Gateway, limits_of, open_gateway
from tenantctl.ledger import Ledger, open_ledger
from tenantctl.model import Plan, Receipt, Scope, Tenant, Vault
from tenantctl.model import secret_names as secret_names_of
from tenantctl.sandbox import Delays, Hostility, Sandbox
from tenantctl.workflows import Ask, Result, apply, prepare

TOPIC = "application_integration"
FILLER = {"prompts": {"identifier_first": False}}
OTHER_FILLER = {"branding": {"logo_url": "https://filler.example/logo.png"}}
DOMAIN = "laws-dev.sandbox.invalid"


@dataclass(frozen=True, slots=True)
class State:
    """What a tenant holds, as it is restored and as it is seen; what we remember of writing it."""

    snapshot: Json
    seen: Snapshot
    receipt: Receipt | None


@dataclass
class Ground:
    """One case: its project on disk, its tenant, its last receipt. *values* are the secrets'."""

    case: Case
    root: Path
    sandbox: Sandbox
    values: dict[str, str]
    receipt: Receipt | None = None
    states: dict[str, State] = field(default_factory=dict)
    loaded: Loaded | None = None

    def state(self) -> State:
        snapshot = self.sandbox.snapshot()
        return State(snapshot, look(self.sandbox, snapshot), self.receipt)

    def back_to(self, state: State, *, remembering: bool = True) -> None:
        """The tenant as it was; without *remembering*, no receipt tells that it was us."""
        self.sandbox.restore(state.snapshot)
        self.receipt = state.receipt if remembering else None
        self.values = values_of(self.case)
        self.sandbox.faults = []
        self.sandbox.clear_log()

    def look(self) -> Snapshot:
        return look(self.sandbox)

    def declare(self, fields: Json | None) -> None:
        """The project declares what the case needs and, unless None, the resource itself."""
        self.loaded = None
        for name, text in self.case.files.items():
            path = self.root / "tenants" / "laws" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        body = document(self.case, fields)
        path = self.root / "tenants" / "laws" / "phase1" / "all.yaml"
        path.write_text(authored({TOPIC: body}), "utf-8")
        used = sorted(secret_names(body))
        settings: Json = {"playbook": "b2c", "adopts": [TOPIC]}
        about: Json = {
            "kind": "development",
            "domain": "embedded",
            "phases": [1],
            "policy": {"delete": "managed", "approval": "auto", "max_deletes": 1000},
        }
        if used:
            settings["secrets"] = {name: {"description": "Made up."} for name in used}
            about["secrets"] = {name: {"from": f"env:{name}"} for name in used}
        (self.root / "tenants" / "laws" / "tenant.yaml").write_text(authored(settings))
        (self.root / "environments" / "laws" / "dev.yaml").write_text(authored(about))

    def load(self) -> Loaded:
        """What is declared, read once. Raises FilesError where the project is not right."""
        if self.loaded is None:
            self.loaded = load(self.root, "laws", "dev")
        return self.loaded

    def plan(self) -> Plan:
        """The plan for what is declared."""
        loaded = self.load()
        vault = self.vault(loaded)

        async def job(gateway: Gateway) -> Plan:
            return (await prepare(loaded, gateway, self.receipt, vault, Ask())).plan

        found: Plan = self._job(job, vault)
        return found

    def apply(self, plan: Plan) -> Result:
        """Carry out *plan* as the command line does. Raises FilesError if a secret is missing."""
        loaded = self.load()
        names = {name for step in plan.steps for name in secret_names_of(written(step.change))}
        self.vault(loaded, names)
        vault = self.vault(loaded)
        entries = self.receipt.entries if self.receipt else {}
        decided = without_known_secrets(plan, Known(entries, vault.mark))
        hints = {address: entry.id for address, entry in entries.items() if entry.id}
        ledger = self.ledger()

        async def job(gateway: Gateway) -> Result:
            await gateway.read(Scope(plan.identities, Tenant({}), hints))
            with ledger.begin(decided) as journal:
                return await apply(
                    decided,
                    gateway,
                    ledger,
                    vault,
                    journal=journal,
                    notify=lambda _: None,
                    halted=asyncio.Event(),
                )

        result: Result = self._job(job, vault)
        self.receipt = ledger.receipt("laws", "dev")
        return result

    def ledger(self) -> Ledger:
        """The ledger with the receipt that is remembered as the last one."""
        ledger = open_ledger(self.root / ".tenantctl")
        if ledger.receipt("laws", "dev") != self.receipt:
            shutil.rmtree(ledger.state / "receipts", ignore_errors=True)
            if self.receipt:
                ledger.write_receipt(self.receipt)
        return ledger

    def writes(self) -> list[str]:
        """The requests since the log was cleared that may have changed something."""
        return [
            f"{request.method} {request.path}"
            for request in self.sandbox.log
            if request.method != "GET" and request.path != "/oauth/token"
        ]

    def vault(self, loaded: Loaded, needed: Iterable[str] | None = None) -> Vault:
        """The secrets at hand; without those that are *needed*, FilesError."""
        return resolve(
            loaded.environment,
            root=self.root,
            state=self.root / ".tenantctl",
            environ=self.values,
            names=needed,
            strict=needed is not None,
        )

    def _job(self, work: Callable[[Gateway], Awaitable[Any]], vault: Vault) -> Any:
        async def main(loop: Any) -> Any:
            id, secret = self.sandbox.credentials()
            async with open_gateway(
                Access(DOMAIN, id, client_secret=secret),
                vault=vault,
                limits=limits_of("unlimited"),
                transport=self.sandbox.transport(),
                clock=loop.time,
            ) as gateway:
                return await work(gateway)

        return simulate(main)


def document(case: Case, fields: Json | None) -> dict[str, Json]:
    """The kinds below the topic: what is needed, and the resource where it is authored."""
    body: dict[str, Json] = {kind: dict(keyed) for kind, keyed in case.needs.items()}
    if not body:
        body = dict(OTHER_FILLER if case.kind.name in FILLER else FILLER)
    if fields is None:
        return body
    if case.kind.authored_in:
        parent, name = case.kind.authored_in
        key, _, inner = case.key.partition("/")
        if inner:
            fields = {**body[parent][key].get(name, {}), inner: fields}
        here = fields if case.kind.members else {name: fields}
        body[parent] = {**body[parent], key: {**body[parent][key], **here}}
        return body
    parts = case.key.split("/", max(len(case.kind.parts), 1) - 1) if case.key else []
    mine = body.get(case.kind.name, {})
    body[case.kind.name] = _nested(mine, parts, fields)
    return body


def _nested(there: Json, parts: list[str], fields: Json) -> Json:
    if not parts:
        return fields
    return {**there, parts[0]: _nested(there.get(parts[0], {}), parts[1:], fields)}


def secret_names(value: Json) -> set[str]:
    if isinstance(value, Tagged):
        return {value.value} if value.tag == "secret" else set()
    if isinstance(value, dict):
        return set().union(*map(secret_names, value.values()))
    if isinstance(value, list):
        return set().union(*map(secret_names, value))
    return set()


def values_of(case: Case) -> dict[str, str]:
    """A value for each secret that the case names anywhere."""
    rows = [value for row in (*case.change, *case.unset) for value in row.set.values()]
    names = secret_names([case.fields, case.needs, rows])
    return {name: value_of(name) for name in sorted(names)}


def value_of(name: str, version: int = 1) -> str:
    return f"value-{version}-of-{name.lower()}-{'0123456789abcdef' * 2}"


def ground_of(case: Case, root: Path) -> Ground:
    """The ground of a case in the empty folder *root*; `prepare_states` makes something of it."""
    for name in ("tenants/laws/phase1", "environments/laws"):
        (root / name).mkdir(parents=True)
    sandbox = Sandbox(
        DOMAIN,
        clock=lambda: EPOCH,
        hostility=Hostility(seed=7, page_cap=2),
        delays=Delays(build_reads=1, verify_calls=2),
    )
    return Ground(case, root, sandbox, values_of(case))


def prepare_states(made: Ground) -> None:
    """The state `needs`, and on top of it `there`: with the resource as it is declared."""
    case = made.case
    if case.features:
        made.sandbox.features = {*made.sandbox.features, *case.features}
    made.sandbox.seed(case.seed)
    made.declare(None)
    _settle(made, "needs")
    made.declare(case.fields)
    _settle(made, "there")


def _settle(made: Ground, name: str) -> None:
    result = made.apply(made.plan())
    if result.receipt.status != "converged":
        raise AssertionError(f"{name}: {unhappy(result)}")
    made.states[name] = made.state()


def unhappy(result: Result) -> str:
    """What did not succeed, for people."""
    found = {str(id): o for id, o in result.receipt.outcomes.items() if not o.done}
    return f"{result.receipt.status}: {found or ''} {result.lacking or ''} {result.fatal or ''}"
