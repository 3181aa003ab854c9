"""A sandbox, a gateway to it, and short ways to say what the tests say often."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from tenantctl.gateway import Access, Gateway, Patience, limits_of, open_gateway
from tenantctl.kinds import KINDS
from tenantctl.model import (
    ABSENT,
    Address,
    Change,
    Create,
    Delete,
    Edit,
    Identity,
    Outcome,
    Place,
    Resource,
    Scope,
    Step,
    StepId,
    Tenant,
    Update,
    Vault,
)
from tenantctl.sandbox import Sandbox

DOMAIN = "hearthhollow-dev.sandbox.invalid"
SECRET = "correct-horse-battery-staple"
VAULT = Vault({"TOKEN": SECRET}, {}, b"fingerprint key")
QUICK = Patience(retries=(0.0, 0.0, 0.0), builds=(0.0,) * 3, verifies=(0.0, 0.0), settles=(0.0,))


class World:
    """One sandbox and what is done to it through gateways; each job opens a gateway anew."""

    def __init__(self, sandbox: Sandbox | None = None, vault: Vault = VAULT) -> None:
        self.sandbox = sandbox or Sandbox(DOMAIN)
        self.vault = vault
        self.patience = QUICK

    def job(self, work: Callable[[Gateway], Awaitable[Any]], access: Access | None = None) -> Any:
        async def run() -> Any:
            id, secret = self.sandbox.credentials()
            async with open_gateway(
                access or Access(self.sandbox.domain, id, client_secret=secret),
                vault=self.vault,
                limits=limits_of("unlimited"),
                transport=self.sandbox.transport(),
                patience=self.patience,
            ) as gateway:
                return await work(gateway)

        return asyncio.run(run())

    def read(self, *resources: Resource, scope: Scope | None = None) -> Tenant:
        """What is live at the addresses of *resources*, in their words."""
        wanted = scope or scope_of(resources)
        return self.job(lambda gateway: gateway.read(wanted))

    def create(self, *resources: Resource) -> list[Outcome]:
        """Create *resources* after a read, as an apply does."""
        return self.execute(scope_of(resources), [Create(resource) for resource in resources])

    def execute(self, scope: Scope, changes: Iterable[Change]) -> list[Outcome]:
        async def work(gateway: Gateway) -> list[Outcome]:
            await gateway.read(scope)
            return [await gateway.execute(step(change)) for change in changes]

        return self.job(work)

    def update(self, resource: Resource, *edits: Edit, resend: Any = ()) -> Outcome:
        """The outcome of *edits* to what *resource* declares."""
        change = Update(resource.address, edits, tuple(resend))
        return self.execute(scope_of([resource]), [change])[0]

    def delete(self, *resources: Resource) -> list[Outcome]:
        return self.execute(scope_of(resources), [Delete(resource) for resource in resources])

    @property
    def writes(self) -> list[str]:
        return [f"{r.method} {r.path}" for r in self.sandbox.log if self.is_write(r)]

    @property
    def reads(self) -> list[str]:
        return [f"{r.method} {r.path}" for r in self.sandbox.log if r.method == "GET"]

    @staticmethod
    def is_write(request: Any) -> bool:
        return request.method != "GET" and request.path != "/oauth/token"


def resource(address: str, /, **fields: Any) -> Resource:
    return Resource(Address.parse(address), fields)


def edit(path: str, before: Any = ABSENT, after: Any = ABSENT) -> Edit:
    return Edit(tuple(path.split(".")), before, after)


def step(change: Change, part: str = "") -> Step:
    return Step(StepId(change.address, part), change, Place(1, 1, 1, ""), "declared")


def identity(resource: Resource) -> Identity:
    kind = KINDS[resource.address.kind]
    if resource.address.key in kind.system:
        return Identity(tuple(p.format(domain=DOMAIN) for p in kind.system[resource.address.key]))
    return Identity(
        tuple(resource.fields.get(name, kind.rule((name,)).default) for name in kind.key)
    )


def scope_of(resources: Iterable[Resource], **identities: Identity) -> Scope:
    found = list(resources)
    return Scope(
        {r.address: identities.get(str(r.address), identity(r)) for r in found}, Tenant.of(found)
    )
