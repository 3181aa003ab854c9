"""What is chosen of a tenant comes with all that it cannot be declared without, and no more."""

from __future__ import annotations

import pytest

from tenantctl.errors import UsageError
from tenantctl.model import Address, Draft, Ref, Resource
from tenantctl.workflows.chosen import choose, unmanaged


def to(address, field):
    return Ref(Address.parse(address), field)


THERE = {
    "clients.web": {"name": "Shop Web"},
    "clients.app": {"name": "Shop App"},
    "resource_servers.orders": {"name": "Orders", "identifier": "https://orders"},
    "client_grants.app/orders": {
        "client_id": to("clients.app", "client_id"),
        "audience": to("resource_servers.orders", "identifier"),
    },
    "connections.people": {"name": "people", "strategy": "auth0"},
    "connection_clients.people": {
        "clients": [to("clients.web", "client_id"), to("clients.app", "client_id")]
    },
    "roles.reader": {"name": "reader"},
    "role_permissions.reader": {
        "permissions": [
            {
                "resource_server_identifier": to("resource_servers.orders", "identifier"),
                "permission_name": "read",
            }
        ]
    },
    "tenant": {"friendly_name": "Shop"},
}
DRAFT = Draft(
    "shop.eu.auth0.com",
    {address: Resource(address, f) for n, f in THERE.items() for address in [Address.parse(n)]},
)
CASES = {
    "by its name": (
        "clients",
        ["Shop Web"],
        [],
        ["clients.web"],
    ),
    "by its key": (
        "clients",
        ["app"],
        [],
        ["clients.app"],
    ),
    "by a pattern": (
        "clients",
        ["Shop *"],
        [],
        ["clients.app", "clients.web"],
    ),
    "by a pattern, but for what is declared": (
        "clients",
        ["Shop *"],
        ["clients.web"],
        ["clients.app"],
    ),
    "with what it refers to": (
        "client_grants",
        ["app/orders"],
        [],
        ["client_grants.app/orders", "clients.app", "resource_servers.orders"],
    ),
    "without what it refers to and is declared": (
        "client_grants",
        ["*"],
        ["clients.app"],
        ["client_grants.app/orders", "resource_servers.orders"],
    ),
    "with what hangs on it": (
        "connections",
        ["people"],
        ["clients.web"],
        ["connection_clients.people", "connections.people"],
    ),
}


def chosen(kind, names, declared):
    found = choose(DRAFT, [Address.parse(name) for name in declared], kind, names)
    return found, sorted(map(str, found.resources))


@pytest.mark.parametrize(("kind", "names", "declared", "expected"), CASES.values(), ids=CASES)
def test_chosen_is_what_was_asked_for_and_what_that_needs(kind, names, declared, expected):
    assert chosen(kind, names, declared)[1] == expected


def test_whoever_comes_along_is_told():
    found, _ = chosen("client_grants", ["*"], ["clients.app"])
    assert [note.message.split()[0] for note in found.notes] == ["resource_servers.orders"]


def test_an_association_names_only_what_is_declared():
    found, _ = chosen("connections", ["people"], ["clients.web"])
    inner = found.resources[Address("connection_clients", "people")]
    assert inner.fields == {"clients": [to("clients.web", "client_id")]}


@pytest.mark.parametrize(
    ("name", "said"),
    [("Nobody", "the tenant has no clients Nobody"), ("Shop Web", "is declared already")],
)
def test_a_name_that_nothing_free_has_is_refused(name, said):
    with pytest.raises(UsageError, match=said):
        chosen("clients", ["Shop App", name], ["clients.web"])


def test_unmanaged_is_what_people_made_and_nobody_declares():
    assert unmanaged(DRAFT, [Address("clients", "web")]) == {
        "client_grants": ("app/orders",),
        "clients": ("Shop App",),
        "connections": ("people",),
        "resource_servers": ("https://orders",),
        "roles": ("reader",),
    }
