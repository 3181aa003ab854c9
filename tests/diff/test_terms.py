"""How two tenants are compared: by what either side says, and what is known of secrets."""

from __future__ import annotations

import pytest

from support.worlds import resource
from tenantctl.engine import Known
from tenantctl.engine.compare import Terms, compare, only_domain, renamed, without
from tenantctl.model import (
    ABSENT,
    Address,
    Create,
    Delete,
    Edit,
    Entry,
    Ref,
    Resource,
    Sealed,
    Secret,
    Tenant,
    Text,
    Update,
)

LEGACY = {"strategy": "auth0", "name": "c"}


def client(**fields):
    return Tenant.of([resource("clients.a", {"name": "a", **fields})])


def paths(changes):
    return [(edit.path, edit.before, edit.after) for c in changes for edit in c.edits]


@pytest.mark.parametrize(
    ("a", "b", "live", "differ"),
    [
        # A field that one side does not mention, and what it would be without it.
        ({}, {"is_first_party": True}, "", True),
        ({}, {"oidc_conformant": False}, "both", False),
        ({}, {"description": None}, "", True),
        ({}, {"description": None}, "both", False),
        ({}, {"description": "x"}, "b", False),  # a says only what it manages
        ({"description": "x"}, {}, "b", True),
        ({"description": "x"}, {}, "a", False),
        ({"client_metadata": {}}, {}, "", True),
        ({"client_metadata": {}}, {}, "both", False),
        # Sets have no order, and true is not 1.
        ({"callbacks": ["x", "y"]}, {"callbacks": ["y", "x"]}, "", False),
        ({"callbacks": ["x", "y"]}, {"callbacks": ["y", "x"]}, "both", False),
        ({"client_metadata": {"k": "1"}}, {"client_metadata": {"k": 1}}, "", True),
    ],
)
def test_what_is_not_said_is_a_difference_only_where_both_say_what_they_manage(a, b, live, differ):
    changes = compare(client(**a), client(**b), Terms(live))
    assert bool(changes) is differ


@pytest.mark.parametrize("live", ["", "both"])
def test_what_only_one_side_says_of_an_element_is_a_difference_both_ways(live):
    where = Address("resource_servers", "api")
    one, other = (
        Tenant.of([Resource(where, {"identifier": "i", "scopes": scopes})])
        for scopes in ([{"value": "x"}], [{"value": "x", "description": "d"}])
    )
    assert len(compare(one, other, Terms(live))) == len(compare(other, one, Terms(live))) == 1


def test_what_only_one_side_has_is_told_from_that_side():
    one, none = client(), Tenant({})
    assert compare(one, none) == (Delete(one.resources[Address("clients", "a")]),)
    assert compare(none, one) == (Create(one.resources[Address("clients", "a")]),)
    assert compare(none, one, Terms("b")) == ()  # nothing of it is managed


@pytest.mark.parametrize(
    ("mode", "ours", "after"),
    [
        ("managed", [], ["a", "b", "c"]),
        ("managed", ["clients.a"], ["b", "c"]),
        ("additive", ["clients.a"], ["a", "b", "c"]),
        ("exclusive", [], ["b", "c"]),
    ],
)
def test_members_that_a_tenant_has_beyond_what_is_listed_count_by_their_mode(mode, ours, after):
    where = Address("connection_clients", "c")
    listed = Tenant.of([resource(str(where), {"clients": ["b", "c"]})])
    live = Tenant.of([resource(str(where), {"clients": ["a", "b"]})])
    known = Known({where: Entry(elements=tuple(ours))})

    ((_, before, then),) = paths(compare(live, listed, Terms("a", {where: mode}, known)))

    assert [ref.address.key for ref in before] == ["a", "b"]
    assert [ref.address.key for ref in then] == after


def scripted(token, **fields):
    configuration = {"TOKEN": token, "URL": Secret("URL")}
    options = {"configuration": configuration, **fields}
    return Tenant.of([resource("connections.c", {**LEGACY, "options": options})])


@pytest.mark.parametrize(
    ("mine", "theirs", "keyed", "differ"),
    [
        (("", ""), ("", ""), True, False),
        (("1", ""), ("2", ""), False, True),
        (("1", ""), ("", ""), False, False),
        (("", "aa"), ("", "bb"), False, False),  # fingerprints of different keys tell nothing
        (("", "aa"), ("", "bb"), True, True),
        (("1", "aa"), ("1", "aa"), True, False),
    ],
)
def test_secrets_of_one_name_differ_by_what_both_sides_know_of_them(mine, theirs, keyed, differ):
    def mark(known):
        return lambda value: known if value == Secret("T") else ("", "")

    terms = Terms(marks=(mark(mine), mark(theirs)), keyed=keyed)
    found = paths(compare(scripted(Secret("T")), scripted(Secret("T")), terms))

    path = ("options", "configuration", "TOKEN")
    assert found == ([(path, Sealed(None), Secret("T"))] if differ else [])


def test_another_secret_is_a_difference_whatever_is_known_of_either():
    ((path, before, after),) = paths(compare(scripted(Secret("T")), scripted(Secret("U"))))
    assert (path[-1], before, after) == ("TOKEN", Secret("T"), Secret("U"))


def test_what_was_read_of_secrets_is_compared_only_where_one_key_made_it():
    one, other = scripted(Sealed("aa")), scripted(Sealed("bb"))
    assert compare(one, other, Terms("both")) == ()
    assert len(compare(one, other, Terms("both", keyed=True))) == 1


def test_a_text_is_renamed_wherever_a_domain_stands():
    value = {"a": ["https://old.example/x", Text(("at old.example: ", Ref(Address("roles", "r"))))]}
    assert renamed(value, "old.example", "new.example") == {
        "a": ["https://new.example/x", Text(("at new.example: ", Ref(Address("roles", "r"))))]
    }


def test_edits_that_only_the_domains_tell_apart_can_be_folded():
    domain = Edit(("x",), "https://a.example/", "https://b.example/")
    more = Edit(("y",), "https://a.example/", "https://b.example/more")
    gone = Edit(("z",), "https://a.example/", ABSENT)
    only = Update(Address("clients", "b"), (domain,))
    changes = (Update(Address("clients", "a"), (domain, more, gone)), only)

    kept, count = without(changes, lambda _, edit: only_domain(edit, "a.example", "b.example"))

    assert (kept, count) == ((Update(Address("clients", "a"), (more, gone)),), 2)
    assert not only_domain(domain, "", "")
