"""What Terraform says of organizations: each member of an association is a resource of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tenantctl.foreign.item import Item
from tenantctl.foreign.terraform.translate import (
    Found,
    Make,
    Part,
    Translation,
    blocks,
    members,
    owner,
    plain,
    without,
)
from tenantctl.foreign.terraform.types import Type
from tenantctl.foreign.terraform.values import Unknown
from tenantctl.model import Value


def organization(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """An organization, and the connections that older versions list in it."""
    values = without(found.values, "connections")
    item = [*plain(work, replace(found, values=values), type)]
    yield from item
    rows = blocks(work, found, found.values.get("connections"))
    if item and rows:
        kept = _rows(work, found, rows, "connection_id")
        fields = {"connections": kept}
        yield Part("organization_enabled_connections", found.address, fields, found.at)


def connections(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """Connections of an organization."""
    kept = _rows(work, found, _blocks(found, type, "enabled_connections"), "connection_id")
    if (of := owner(work, found, type.owner)) and kept:
        yield Part("organization_enabled_connections", of, {"connections": kept}, found.at)


def clients(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """Clients of an organization."""
    kept = _rows(work, found, _blocks(found, type, "clients"), "client_id")
    if (of := owner(work, found, type.owner)) and kept:
        yield Part("organization_clients", of, {"clients": kept}, found.at)


def domains(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """Domains that an organization is found by."""
    kept = _rows(work, found, _blocks(found, type, "discovery_domains"), "domain")
    if (of := owner(work, found, type.owner)) and kept:
        yield Part("organization_discovery_domains", of, {"domains": kept}, found.at)


def grants(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """A grant that may be used with an organization."""
    of = owner(work, found, type.owner)
    kept = members(work, found, "grant_id")
    if of and kept:
        yield Part("organization_client_grants", of, {"grants": kept}, found.at)


def _blocks(found: Found, type: Type, name: str) -> list[Mapping[str, Value]]:
    """The rows of a resource: its blocks, or the one that it is itself."""
    rows = found.values.get(name)
    if isinstance(rows, list):
        return [row if isinstance(row, Mapping) else {"client_id": row} for row in rows]
    return [without(found.values, type.owner)]


def _rows(
    work: Translation, found: Found, rows: list[Mapping[str, Value]], by: str
) -> list[dict[str, Value]]:
    """The rows that say what they are of, without what is not known."""
    kept: list[dict[str, Value]] = []
    for row in rows:
        lost = {name: value for name, value in row.items() if isinstance(value, Unknown)}
        for name, value in lost.items():
            work.note("loss", found, f"{name} is left out: {value.why}")
        if by not in lost and row.get(by):
            told = [name for name in row if name not in lost and name not in READ_ONLY]
            kept.append({name: row[name] for name in told if row[name] is not None})
    return kept


READ_ONLY = {"id", "name", "strategy", "verification_host", "verification_txt"}

MAKERS: Mapping[str, Make] = {
    "discovery_domains": domains,
    "organization": organization,
    "organization_clients": clients,
    "organization_connections": connections,
    "organization_grants": grants,
}
