"""What is read of a live tenant for a comparison, and what is known of secrets beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.worlds import B2C, declare, environment, resource
from tenantctl.files import Loaded
from tenantctl.model import Address, Entry, Identity, Resource, Secret, Tenant, Vault
from tenantctl.workflows.compare import _scope, terms
from tenantctl.workflows.operands import Operand

CLIENT = Address("clients", "a")
API = Address("resource_servers", "management-api")
SECRET = Secret("TOKEN")


def live(desired, **other):
    env = environment()
    loaded = Loaded(env, desired, B2C)
    return Operand("live", "live", "t/dev", env.domain, loaded=loaded, **other)


def receipt(**entries):
    found = dict(entries.values())
    tenant = Tenant.of([Resource(address, {"name": "a"}) for address in found])
    return Operand("receipt", "receipt", "t/prod", "old.example", tenant, entries=found)


def test_an_object_of_both_is_recognised_as_its_own_files_say():
    desired = declare(resource("clients.a", {"name": "A"}))
    pinned = replace(desired.declarations[CLIENT], identity=Identity(("A",), pin="id1"))
    desired = replace(desired, declarations={CLIENT: pinned})

    found = _scope(live(desired), receipt(one=(CLIENT, Entry(key=("B",)))))

    assert found.identities[CLIENT] == Identity(("A",), pin="id1")


def test_what_only_the_other_side_knows_is_looked_for_under_the_domain_of_this_tenant():
    other = receipt(one=(API, Entry(key=("https://old.example/api/v2/",))))

    found = _scope(live(declare()), other)

    assert found.identities[API].key == ("https://t.sandbox.invalid/api/v2/",)


def test_ids_of_another_environment_say_nothing_here():
    other = receipt(one=(CLIENT, Entry(key=("A",), id="id-there")))

    assert _scope(live(declare()), other).hints == {}
    assert _scope(live(declare()), replace(other, id="t/dev")).hints == {CLIENT: "id-there"}


@pytest.mark.parametrize(("key", "sealed"), [(b"one", True), (b"other", False), (b"", False)])
def test_fingerprints_count_only_where_both_sides_have_one_key(key, sealed):
    versions = {"TOKEN": "2"}
    files = Operand("files", "files", "t/dev", "d", vault=Vault({"TOKEN": "x"}, versions, b"one"))
    tenant = replace(live(declare()), vault=Vault({}, {}, key))

    version, seal = terms(files, tenant).known.mark(SECRET)

    assert (version, bool(seal)) == ("2", sealed)


@pytest.mark.parametrize(("id", "known"), [("t/dev", True), ("t/prod", False)])
def test_what_was_applied_of_secrets_is_known_of_the_same_environment_only(id, known):
    entries = {CLIENT: Entry(sealed={("secret",): ("1", "seal")}, elements=("clients.b",))}
    files = Operand("files", "files", id, "d")

    found = terms(files, live(declare(), entries=entries)).known.entries[CLIENT]

    assert bool(found.sealed) is known
    assert found.elements == ("clients.b",)


def test_a_receipt_knows_what_it_was_told_of_hidden_values_that_are_no_secrets():
    """The type of a vault connection's setup is shown to nobody, and stands in the files."""
    where = Address("flow_vault_connections", "a")
    fields = {"name": "a", "setup": {"type": "OAUTH_APP", "token": SECRET}}
    sealed = {("setup", "type"): ("", "of the type"), ("setup", "token"): ("3", "of the token")}

    found = receipt(one=(where, Entry(fields=fields, sealed=sealed)))

    assert found.mark("OAUTH_APP") == ("", "of the type")
    assert found.mark(SECRET) == ("3", "of the token")
    assert found.mark("something else") == ("", "")
