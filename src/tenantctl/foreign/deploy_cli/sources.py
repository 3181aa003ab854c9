"""Connections and databases in our words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenantctl.foreign.deploy_cli.asset import Asset, Gathered, Piece
from tenantctl.foreign.deploy_cli.words import IDS, TIMES, listed, mapped, noted, without
from tenantctl.model import Json, Note

APART = ("enabled_clients", "scim_configuration", "directory_provisioning_configuration")
READ_ONLY = (*IDS, *TIMES, "provisioning_ticket_url", "enabled_clients_count")
SCIM = ("connection_id", "connection_name", "strategy", "tenant_name", *TIMES)
DIRECTORY = (*SCIM, "last_synchronization_at", "last_synchronization_error")
CERTIFIED = ("subject", "expires", "thumbprints", "thumbprints_sha384")
"""What Auth0 reads out of the certificate of a connection."""
GROUPS = "synchronized_groups"


def connections(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    """A connection, and what hangs on it: its clients, SCIM, and a directory."""
    fields = without(asset.fields, *READ_ONLY, *APART)
    name: str = fields["name"]
    if asset.type == "databases":
        fields.setdefault("strategy", "auth0")
    if "options" in fields:
        fields["options"] = _options(fields["options"], fields.get("strategy"))
    names = (name, *(each for each in (asset.fields.get("id"),) if isinstance(each, str)))
    yield Piece("connections", fields, asset, names)
    enabled = asset.fields.get("enabled_clients")
    if isinstance(enabled, list) and enabled:
        clients = [each for each in enabled if isinstance(each, str)]
        clients = list(dict.fromkeys(clients))
        place = ("enabled_clients",)
        fields = {"clients": clients}
        yield Piece("connection_clients", fields, asset, owners=(name,), inside=place)
    elif isinstance(enabled, str):
        message = f"{name}: enabled_clients must be a list"
        yield noted(asset, "mistake", message, ("enabled_clients",), "it was left out")
    scim = mapped(asset.fields.get("scim_configuration"))
    if scim:
        place = ("scim_configuration",)
        kind = "connection_scim_configuration"
        yield Piece(kind, without(scim, *SCIM), asset, owners=(name,), inside=place)
    yield from _directory(asset, name)


def _options(options: Json, strategy: Json) -> Json:
    """*options* as Auth0 takes them today, without what it reads out of others."""
    if not isinstance(options, Mapping):
        return options
    if strategy in ("samlp", "pingfederate"):
        return without(options, *CERTIFIED)
    if strategy != "apple":
        return options
    if {"name", "email"} & options.keys():
        return without(options, "scope")  # which these two decide
    scope = options.get("scope")
    if isinstance(scope, list) and all(isinstance(each, str) for each in scope):
        return {**options, "scope": " ".join(scope)}
    return options


def _directory(asset: Asset, name: str) -> Iterator[Piece]:
    """How a connection reads a directory, and the groups of it that are kept in step."""
    directory = mapped(asset.fields.get("directory_provisioning_configuration"))
    if not directory:
        return
    place = ("directory_provisioning_configuration",)
    fields = without(directory, *DIRECTORY, GROUPS)
    kind = "connection_directory_provisioning"
    yield Piece(kind, fields, asset, owners=(name,), inside=place)
    groups = [{"id": each["id"]} for each in listed(directory.get(GROUPS)) if each.get("id")]
    if groups:
        kind = "connection_synchronized_groups"
        yield Piece(kind, {"groups": groups}, asset, owners=(name,), inside=place)
