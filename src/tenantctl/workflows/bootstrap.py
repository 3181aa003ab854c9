"""What is to be created once by hand, before the tool can sign in to a tenant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from tenantctl.files import Loaded
from tenantctl.model import Credentials, Environment, Receipt
from tenantctl.report.bootstrap import Bootstrap, Client
from tenantctl.workflows.scopes import needed_scopes

LOGS = "read:logs"


def bootstrap(loaded: Loaded, receipt: Receipt | None, today: dt.date) -> Bootstrap:
    """What *loaded* asks for: two clients, so that whoever plans cannot write."""
    environment = loaded.environment
    if environment.embedded:
        return Bootstrap(environment.id, environment.domain, embedded=True)
    needed = {each: needed_scopes(loaded, receipt, each, today) for each in ("plan", "apply")}
    closer = needed_scopes(loaded, receipt, "check", today).keys() - needed["plan"].keys()
    also = dict.fromkeys(sorted(closer), "a check looks closer")
    also.setdefault(LOGS, "drift says who changed what")
    return Bootstrap(
        environment=environment.id,
        domain=environment.domain,
        embedded=False,
        clients=(
            _client(environment, "plan", needed["plan"], also),
            _client(environment, "apply", needed["apply"], {}),
        ),
        secrets=dict(_secrets(environment)),
    )


def _client(
    environment: Environment,
    purpose: str,
    scopes: Mapping[str, tuple[str, ...]],
    also: Mapping[str, str],
) -> Client:
    prefix, found = f"AUTH0_{purpose.upper()}", environment.credentials.get(purpose)
    by_secret = found is not None and found.private_key is None
    key = "CLIENT_SECRET" if by_secret else "PRIVATE_KEY"
    variables = (f"{prefix}_CLIENT_ID", f"{prefix}_{key}")
    runner = f"{environment.tenant}-{environment.name}"
    return Client(
        purpose=purpose,
        name=f"tenantctl {purpose}",
        scopes=scopes,
        also={scope: why for scope, why in also.items() if scope not in scopes},
        written=_written(found),
        variables=variables,
        by_secret=by_secret,
        fits=found is None or _named(found) == variables,
        runner=f"{runner}-plan" if purpose == "plan" else runner,
    )


def _written(found: Credentials | None) -> str:
    if found is None:
        return ""
    key = found.private_key or found.client_secret
    client = found.client_id.name if found.client_id.scheme == "literal" else str(found.client_id)
    return f"client_id {client}, {'private_key' if found.private_key else 'client_secret'} {key}"


def _named(found: Credentials) -> tuple[str, ...]:
    """The variables that credentials are taken from, those that are."""
    kept = (found.client_id, found.private_key or found.client_secret)
    return tuple(source.name for source in kept if source is not None and source.scheme == "env")


def _secrets(environment: Environment) -> Iterator[tuple[str, str]]:
    for name, secret in environment.secrets.items():
        if secret.source.scheme == "env":
            yield name, secret.source.name
    if environment.fingerprint_key and environment.fingerprint_key.scheme == "env":
        yield "fingerprint_key", environment.fingerprint_key.name
