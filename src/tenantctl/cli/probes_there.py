"""What a live tenant says to whoever wants to run something: network, clock, token, scopes."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenantctl.cli.wiring import Project, access_of, limits_of_environment
from tenantctl.errors import TenantctlError, Unreachable
from tenantctl.files import Loaded
from tenantctl.files.sources import ASKED
from tenantctl.ledger import open_ledger
from tenantctl.model import (
    Address,
    Environment,
    Exchange,
    Identity,
    Noted,
    Probe,
    Scope,
    Tenant,
    Vault,
)
from tenantctl.workflows.scopes import needed_scopes

if TYPE_CHECKING:
    from tenantctl.gateway import Limits
    from tenantctl.gateway.reach import Reach

PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
AREA = "tenant"
SOON = 14
"""Days before the end of a certificate at which somebody should know."""
FAR, TOO_FAR = 5.0, 30.0
"""Seconds that clocks may be apart: rate limits are in seconds, assertions good for a minute."""
PATIENCE = 15.0
SETTINGS = "read:tenant_settings"


def tenant(here: Project, loaded: Loaded, job: str, *, offline: bool) -> Iterator[Probe]:
    """All that the tenant of *loaded* says; each is asked only where what it needs is there."""
    environment = loaded.environment
    if environment.embedded:
        yield _embedded(here, environment)
        return
    yield _proxies()
    if offline:
        yield from _skipped("--offline", "names", "tls", "clock")
        yield from _unasked(here, environment, job, "--offline")
        return
    reached = True
    for probe in _network(environment.domain):
        reached = reached and probe.status != "fail"
        yield probe
    if not reached:
        yield from _unasked(here, environment, job, "the tenant was not reached")
        return
    yield from _identities(here, loaded, job)


def _embedded(here: Project, environment: Environment) -> Probe:
    """The database of an embedded tenant, which the first run makes."""
    from tenantctl.cli.wiring import open_sandbox

    path = here.state / "sandbox" / f"{environment.domain}.sqlite"
    if not path.exists():
        return Probe(AREA, "sandbox", "ok", "no database yet: the first run makes it")
    open_sandbox(environment, here.state).close()
    return Probe(AREA, "sandbox", "ok", f"{path.relative_to(here.root)} opens")


def _proxies() -> Probe:
    given = [name for name in PROXIES if os.environ.get(name) or os.environ.get(name.lower())]
    said = f"set are {', '.join(given)}" if given else "none is set"
    return Probe(AREA, "proxy", "ok", said, facts={"variables": list(given)})


def _skipped(why: str, *names: str) -> Iterator[Probe]:
    for name in names:
        yield Probe(AREA, name, "skipped", f"nobody asked: {why}")


def _network(domain: str) -> Iterator[Probe]:
    """Name, certificate and clock. Behind a proxy it is the proxy that resolves names."""
    from tenantctl.gateway.reach import addresses, reach

    try:
        found = addresses(domain)
        yield Probe(AREA, "names", "ok", f"{domain} is {', '.join(found)}")
    except Unreachable as error:
        if not any(os.environ.get(n) or os.environ.get(n.lower()) for n in PROXIES[:3]):
            yield _failed("names", error)
            yield from _skipped("the name does not resolve", "tls", "clock")
            return
        yield Probe(AREA, "names", "skipped", f"{error.message}; the proxy is asked")
    try:
        answer = reach(domain)
    except Unreachable as error:
        yield _failed("tls", error)
        yield from _skipped("the tenant was not reached", "clock")
        return
    yield _certificate(domain, answer)
    yield _clock(answer)


def _failed(name: str, error: TenantctlError) -> Probe:
    return Probe(AREA, name, "fail", error.message, error.help, error.exit_code)


def _certificate(domain: str, answer: Reach) -> Probe:
    until, code = answer.until, Unreachable.exit_code
    took = f"answered in {answer.seconds * 1000:.0f} ms"
    if not answer.names:
        help = "check domain: it is the tenant's own, such as shop-dev.eu.auth0.com"
        said = f"{domain} answers {answer.status}, not as a tenant does"
        return Probe(AREA, "tls", "fail", said, help, code)
    if until is None:
        return Probe(AREA, "tls", "ok", f"{took}; the certificate is trusted")
    days = (until - dt.datetime.now(dt.UTC)).days
    said, facts = f"{took}; trusted until {until:%Y-%m-%d}", {"days": days}
    if days < SOON:
        help = "Auth0 renews its own; of a proxy, tell whoever runs it"
        return Probe(AREA, "tls", "warn", said, help, code, facts)
    return Probe(AREA, "tls", "ok", said, facts=facts)


def _clock(answer: Reach) -> Probe:
    ahead = answer.ahead
    if ahead is None:
        return Probe(AREA, "clock", "skipped", "the answer has no date")
    facts, help = {"ahead": round(ahead, 1)}, "set this machine's clock, by NTP"
    word = "ahead of" if ahead > 0 else "behind"
    said = f"{abs(ahead):.0f} s {word} the tenant's"
    if abs(ahead) > TOO_FAR:
        said += ": tokens and signed assertions are refused"
        return Probe(AREA, "clock", "fail", said, help, 77, facts)
    if abs(ahead) > FAR:
        return Probe(AREA, "clock", "warn", said, help, 77, facts)
    return Probe(AREA, "clock", "ok", "in step with the tenant's", facts=facts)


@dataclass(frozen=True, slots=True)
class Granted:
    """What one of the credentials is good for: *scopes* are None where the tenant does not say."""

    scopes: frozenset[str] | None
    seen: Exchange | None


def _identities(here: Project, loaded: Loaded, job: str) -> Iterator[Probe]:
    """The credentials for either job, what they may do, and what the tenant says of its limits."""
    environment, seen = loaded.environment, None
    credentials = environment.credentials
    alone = credentials.get("plan") is None or credentials.get("plan") == credentials.get("apply")
    for purpose in ("plan", "apply"):
        name = f"token {purpose}"
        if purpose == "plan" and alone and "apply" in credentials:
            help = "write credentials: plan: with scopes that only read"
            yield Probe(AREA, name, "warn", "a plan uses the credentials that may write", help)
            continue
        try:
            found = asyncio.run(_granted(here, environment, purpose))
        except TenantctlError as error:
            yield _refused(name, error, fatal=purpose in {"plan", job})
            continue
        yield Probe(AREA, name, "ok", "the tenant gives one")
        yield from _scopes(here, loaded, purpose, found.scopes, job=job, alone=alone)
        seen = seen or found.seen
    yield _limit(seen, limits_of_environment(environment), environment)


def _unasked(here: Project, environment: Environment, job: str, why: str) -> Iterator[Probe]:
    """Credentials that nobody was asked about: whether they are there can be told all the same.

    Not of those that a command or a service would have to be asked for.
    """
    for purpose in ("plan", "apply"):
        name, found = f"token {purpose}", environment.credentials.get(purpose)
        sources = (found.client_id, found.client_secret, found.private_key) if found else ()
        if not any(source is not None and source.scheme in ASKED for source in sources):
            try:
                access_of(environment, purpose, here.root)
            except TenantctlError as error:
                yield _refused(name, error, fatal=purpose in {"plan", job})
                continue
        yield from _skipped(why, name)


def _refused(name: str, error: TenantctlError, *, fatal: bool) -> Probe:
    status = "fail" if fatal else "warn"
    help = error.help if fatal else f"{error.help}; only an apply needs it"
    return Probe(AREA, name, status, error.message, help, error.exit_code)


async def _granted(here: Project, environment: Environment, purpose: str) -> Granted:
    """A token, its scopes, and one request with it where its scopes permit a harmless one."""
    from tenantctl.gateway import Patience, open_gateway

    seen: list[Exchange] = []

    def observe(noted: Noted) -> None:
        if isinstance(noted, Exchange):
            seen.append(noted)

    access = access_of(environment, purpose, here.root)
    limits, patience = limits_of_environment(environment), Patience(retries=(), limited=5.0)
    opened = open_gateway(access, vault=Vault(), limits=limits, patience=patience, observe=observe)
    async with asyncio.timeout(PATIENCE), opened as gateway:
        scopes = await gateway.scopes()
        if scopes is None or SETTINGS in scopes:
            settings = Address("tenant", "")
            await gateway.read(Scope({settings: Identity()}, Tenant({}), {}))
    return Granted(scopes, next((each for each in seen if each.limit is not None), None))


def _scopes(
    here: Project,
    loaded: Loaded,
    purpose: str,
    granted: frozenset[str] | None,
    *,
    job: str,
    alone: bool,
) -> Iterator[Probe]:
    """What the credentials for *purpose* lack, and what they need not have."""
    name, id = f"scopes {purpose}", loaded.environment.id
    if granted is None:
        yield Probe(AREA, name, "warn", "the tenant does not say what the token may do")
        return
    needed = _needed(here, loaded, purpose)
    missing = sorted(needed.keys() - granted)
    facts = {"needed": len(needed), "missing": list(missing)}
    if missing:
        status = "fail" if purpose in {"plan", job} else "warn"
        said = f"{len(missing)} of {len(needed)} are missing: {', '.join(missing)}"
        help = f"grant them to its client: tenantctl bootstrap {id}"
        yield Probe(AREA, name, status, said, help, 77, facts)
    else:
        yield Probe(AREA, name, "ok", f"all {len(needed)} that are needed", facts=facts)
    if purpose == "plan":
        yield from _closer(here, loaded, granted)
    if purpose == "plan" and not alone:
        yield from _superfluous(granted)


def _closer(here: Project, loaded: Loaded, granted: frozenset[str]) -> Iterator[Probe]:
    missing = sorted(_needed(here, loaded, "check").keys() - granted)
    if missing:
        said = f"a check lacks {', '.join(missing)}, and leaves open what it cannot read"
        help = f"grant them, too: tenantctl scopes {loaded.environment.id} --for check"
        yield Probe(AREA, "scopes check", "warn", said, help, 77, {"missing": list(missing)})


def _superfluous(granted: frozenset[str]) -> Iterator[Probe]:
    writes = sorted(scope for scope in granted if not scope.startswith("read:"))
    if writes:
        said = f"the plan credentials may write: {', '.join(writes)}"
        help = "take these scopes from its grant: a plan reads only"
        facts = {"superfluous": list(writes)}
        yield Probe(AREA, "scopes superfluous", "warn", said, help, 77, facts)


def _needed(here: Project, loaded: Loaded, purpose: str) -> Mapping[str, tuple[str, ...]]:
    environment = loaded.environment
    receipt = open_ledger(here.state).receipt(environment.tenant, environment.name)
    today = dt.datetime.now(dt.UTC).date()
    return needed_scopes(loaded, receipt, purpose, today)


def _limit(seen: Exchange | None, limits: Limits, environment: Environment) -> Probe:
    """The rate limit that an answer showed, beside the one that the subscription promises."""
    if seen is None or seen.limit is None or seen.remaining is None:
        return Probe(AREA, "rate limit", "skipped", "no answer has shown it")
    said = f"{seen.remaining:g} of {seen.limit:g} requests left"
    facts = {"limit": seen.limit, "remaining": seen.remaining}
    bursts = {bucket.burst for bucket in limits.buckets}
    if bursts and seen.limit not in bursts:
        name = environment.subscription or "free, which is taken where none is written"
        said += f"; not as subscription: {name} has it"
        help = "write subscription: as the tenant has it; tenantctl limits shows what that means"
        return Probe(AREA, "rate limit", "warn", said, help, 75, facts)
    return Probe(AREA, "rate limit", "ok", said, facts=facts)
