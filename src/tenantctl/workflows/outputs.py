"""What the pipelines of applications need to know of a tenant, under names that stay the same."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tenantctl.engine.plan import identity_of
from tenantctl.errors import Denied, UsageError
from tenantctl.files import Loaded
from tenantctl.kinds import KINDS, Output
from tenantctl.model import Address, Desired, Entry, Json, Receipt, Ref, Scope
from tenantctl.workflows.prepare import Gateway

SIGNS = re.compile(r"[^A-Z0-9]+")
DEFAULT = "is_default"
"""The field of a host that says that it is the tenant's own choice among several."""


@dataclass(frozen=True, slots=True)
class Published:
    """One output: *name* as of an environment variable, its value, and where it comes from.

    *address* and *field* are empty for what is the tenant's own. `repr` shows no value.
    """

    name: str
    value: str = field(repr=False)
    address: str = ""
    field: str = ""
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Outputs:
    """What can be published, by name, and *waiting*: what is declared and not in service yet."""

    published: tuple[Published, ...]
    waiting: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An output that an address should have."""

    name: str
    address: Address
    output: Output
    secret: bool


async def outputs(
    loaded: Loaded, gateway: Gateway, receipt: Receipt | None, *, secrets: bool
) -> Outputs:
    """The outputs of everything that an environment declares, read from its tenant.

    *secrets* reads the secret ones, too. All or nothing: raises UsageError where something
    declared is not in the tenant, or two addresses have one name, and Denied where the tenant
    does not show a secret.
    """
    desired, entries = loaded.desired, receipt.entries if receipt else {}
    wanted = list(_wanted(_ours(desired, entries), secrets=secrets))
    _refuse_twins(wanted)
    addresses = {each.address for each in wanted}
    hints = {a: entry.id for a, entry in entries.items() if a in addresses and entry.id}
    identities = {a: identity_of(a, desired, entries) for a in addresses}
    live = await gateway.read(Scope(identities, desired.tenant, hints))
    _refuse_absent(loaded.environment.id, addresses - live.resources.keys())
    serving = [each for each in wanted if _serves(gateway, each)]
    waiting = {each.address for each in wanted} - {each.address for each in serving}
    due = [each for each in serving if not _excepted(gateway, each)]
    found = await asyncio.gather(*(_published(gateway, each) for each in due))
    host = _host(gateway, serving) or loaded.environment.domain
    own = _of_the_tenant(host, loaded.environment.domain)
    return Outputs((*own, *sorted(found, key=lambda each: each.name)), tuple(sorted(waiting)))


def _ours(desired: Desired, entries: Mapping[Address, Entry]) -> frozenset[Address]:
    """What is declared, and what is on hold: it is there, and applications use it all the same."""
    held = {a for a, why in desired.withheld.items() if why == "hold"}
    return frozenset({*desired.tenant.resources, *(held & entries.keys())})


def _wanted(addresses: Iterable[Address], *, secrets: bool) -> Iterator[_Wanted]:
    for address in addresses:
        kind = KINDS[address.kind]
        for output in kind.outputs:
            secret = kind.rule((output.field,)).secret
            if secrets or not secret:
                name = output.name.format(key=_word(address.key))
                yield _Wanted(name, address, output, secret)


def _word(key: str) -> str:
    """A stable key as part of the name of an environment variable."""
    return SIGNS.sub("_", key.upper()).strip("_")


def _refuse_twins(wanted: Iterable[_Wanted]) -> None:
    first: dict[str, Address] = {}
    for each in wanted:
        other = first.setdefault(each.name, each.address)
        if other != each.address:
            raise UsageError(
                f"{other} and {each.address} would both be published as {each.name}",
                help="give one of them a key that differs in letters or digits",
            )


def _refuse_absent(environment: str, absent: Iterable[Address]) -> None:
    names = sorted(map(str, absent))
    if names:
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        raise UsageError(
            f"{', '.join(names[:3])}{more}: declared but not in the tenant; nothing was published",
            help=f"tenantctl apply {environment}",
        )


def _serves(gateway: Gateway, wanted: _Wanted) -> bool:
    """Whether an object is in the state that its output asks for."""
    return all(_value(gateway, wanted.address, f) == v for f, v in wanted.output.only)


def _excepted(gateway: Gateway, wanted: _Wanted) -> bool:
    return any(_value(gateway, wanted.address, f) == v for f, v in wanted.output.unless)


def _value(gateway: Gateway, address: Address, name: str) -> Json:
    """A plain field of what was read; None where it has none."""
    return gateway.value(Ref(address, name))


async def _published(gateway: Gateway, wanted: _Wanted) -> Published:
    address, name = wanted.address, wanted.output.field
    if not wanted.secret:
        found = _value(gateway, address, name)
    elif (found := await gateway.secret(address, name)) is None:
        raise Denied(
            f"the tenant does not show {name} of {address}; nothing was published",
            help=f"grant the client of the plan credentials {wanted.output.scope}, or leave out"
            " --secrets",
        )
    return Published(wanted.name, str(found), str(address), name, wanted.secret)


def _host(gateway: Gateway, serving: Iterable[_Wanted]) -> str:
    """The host that people sign in at: the only one in service, else the one by default."""
    hosts = {
        str(_value(gateway, each.address, each.output.field)): each
        for each in serving
        if each.output.host
    }
    chosen = [h for h, each in hosts.items() if _value(gateway, each.address, DEFAULT) is True]
    candidates = chosen or list(hosts)
    return candidates[0] if len(candidates) == 1 else ""


def _of_the_tenant(host: str, domain: str) -> tuple[Published, ...]:
    """What every application needs, with the documented places of issuer and keys."""
    return (
        Published("AUTH0_DOMAIN", host),
        Published("AUTH0_ISSUER", f"https://{host}/"),
        Published("AUTH0_JWKS_URL", f"https://{host}/.well-known/jwks.json"),
        Published("AUTH0_TENANT_DOMAIN", domain),
    )
