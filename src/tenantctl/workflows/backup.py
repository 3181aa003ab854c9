"""A live tenant as it is now, kept so that it can be had back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from tenantctl import __version__
from tenantctl.model import Backup, Environment, Note, Resource, Scope, Sealed, Value, Vault
from tenantctl.workflows.export import survey
from tenantctl.workflows.prepare import Gateway


async def backup(
    gateway: Gateway, environment: Environment, scope: Scope, vault: Vault
) -> tuple[Backup, tuple[Note, ...]]:
    """All that can be read of a live tenant, without secrets; and what a person should know.

    What *scope* declares is under its address. What tenantctl itself signs in with is left out.
    Only reading scopes are used. Raises GatewayError.
    """
    draft, found = await survey(gateway, scope, vault)
    made = Backup(
        tenant=environment.tenant,
        environment=environment.name,
        domain=gateway.domain,
        when=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        version=__version__,
        resources={
            address: Resource(address, {k: _blank(v) for k, v in resource.fields.items()})
            for address, resource in draft.resources.items()
        },
        ids={a: id for a, id in found.ids.items() if id and a in draft.resources},
        unread=found.unread,
    )
    return made, tuple(note for note in draft.notes if note.level == "mistake")


def _blank(value: Value) -> Value:
    """*value* without fingerprints: nothing that was made of a secret leaves the tenant."""
    if isinstance(value, Mapping):
        return {key: _blank(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_blank(item) for item in value]
    return Sealed(None) if isinstance(value, Sealed) else value
