"""
Each law of kinds finds what it is there to find: a tenant or a table is spoilt, and it says so.

The spoilt things are roles mostly: they are cheap.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from kinds.laws.bodies import given_up
from kinds.laws.complete import gaps
from kinds.laws.laws import LAWS
from kinds.laws.table import Row, cases
from tenantctl.kinds import KINDS

ROLE = cases("roles")[0]
(ACTION, *_) = cases("actions")
MEMBERS = cases("connection_clients")[0]


@pytest.fixture
def role(grounds):
    return grounds(ROLE)


def spoilt(ground, spoil):
    """*ground* with a state `there` in which somebody has done *spoil* to the one role."""
    ground.back_to(ground.states["there"])
    spoil(ground.sandbox, one(ground.sandbox))
    return replace(ground, states={**ground.states, "there": ground.state()})


def one(sandbox):
    (id,) = sandbox.documents("roles")
    return id


def meddling(ground, meddle, *methods):
    """*ground*, in whose tenant *meddle* is done after each write of a role by one of *methods*."""
    sandbox = ground.sandbox

    def hook(_number, phase):
        last = sandbox.log[-1:]
        if phase == "after" and last and last[0].method in methods and "role" in last[0].path:
            meddle(sandbox)

    sandbox._machine.on_request = hook
    return ground


@pytest.fixture(autouse=True)
def nobody_meddles(role):
    yield
    role.sandbox._machine.on_request = None


def said(law, ground):
    return "\n".join(LAWS[law](ground))


def with_case(ground, **changes):
    return replace(ground, case=replace(ground.case, **changes))


def test_the_laws_hold_where_nothing_is_spoilt(role):
    assert [said(law, role) for law in LAWS] == [""] * len(LAWS)


def test_another_value_than_the_declared_one_is_seen(role):
    ground = spoilt(
        role, lambda sandbox, role_id: sandbox.edit("roles", role_id, {"description": "?"})
    )
    assert "description is '?', not 'Sells things'" in said("create", ground)
    assert "is not settled: roles.clerk update" in said("empty plan", ground)


def test_an_object_that_is_there_twice_is_seen(role):
    ground = spoilt(role, lambda sandbox, _: sandbox.put("roles", "rol_twin", {"name": "Twin"}))
    assert said("create", ground) == "is there 2 times"


def test_another_object_that_moves_with_a_change_is_seen(role):
    ground = meddling(role, lambda s: s.put("clients", "other", {"name": "Other"}), "PATCH")
    assert "moved as well: ('clients', 'other')" in said("change", ground)


def test_another_field_that_moves_with_a_change_is_seen(role):
    ground = meddling(role, lambda s: s.edit("roles", one(s), {"type": "organization"}), "PATCH")
    assert "name: moved as well: ('roles'" in said("change", ground)


def test_a_change_that_the_tenant_does_not_keep_is_seen(role):
    ground = meddling(role, lambda s: s.edit("roles", one(s), {"description": "Old"}), "PATCH")
    assert "description: description is 'Old'" in said("change", ground)
    assert "description is 'Old', not unset" in said("unset", ground)


def test_a_key_that_is_left_in_a_map_is_seen(grounds):
    case = next(case for case in cases("custom_domains") if "domain_metadata" in case.fields)
    (row,) = [row for row in case.change if ("domain_metadata",) in row.set]
    assert given_up(case, row) == (("domain_metadata", "team"),)
    ground = grounds(case)

    def hook(_number, phase):
        if phase == "after" and ground.sandbox.log[-1:][0].method == "PATCH":
            (id,) = ground.sandbox.documents("custom_domains")
            left = {"region": "us", "team": "shop"}
            ground.sandbox.edit("custom_domains", id, {"domain_metadata": left})

    ground.sandbox._machine.on_request = hook
    problems = said("change", with_case(ground, change=(row,)))
    ground.sandbox._machine.on_request = None
    assert "domain_metadata.team is 'shop', not unset" in problems


def test_another_number_of_writes_than_declared_is_seen(role):
    row = replace(ROLE.change[0], writes=("PATCH /roles/{id}", "PATCH /roles/{id}"))
    assert "is written by ['PATCH /roles/" in said("change", with_case(role, change=(row,)))


def test_a_change_that_changes_nothing_is_seen(role):
    row = Row({("description",): ROLE.fields["description"]})
    assert "nothing has moved" in said("change", with_case(role, change=(row,)))


def test_what_is_not_refused_is_seen(role):
    ground = with_case(role, illegal=(Row({("description",): None}),))
    assert "description: is not refused" in said("unset", ground)
    ground = with_case(role, frozen=(Row({("description",): "Another"}),))
    assert "description: is not refused" in said("create-only", ground)
    ground = with_case(role, once=(Row({("description",): "Another"}),))
    assert "description: is not settled" in said("create-only", ground)


def test_what_is_left_after_a_delete_is_seen(role):
    def back_again(sandbox):
        sandbox.put("roles", "rol_ghost", {"name": "Ghost"})

    ground = meddling(role, back_again, "DELETE")
    assert "is not as before: ('roles', 'rol_ghost')" in said("delete", ground)


def test_what_could_not_be_created_again_is_seen(role):
    ground = meddling(
        role, lambda s: s.edit("roles", one(s), {"description": "Old"}), "POST", "PATCH"
    )
    assert "description is 'Old'" in said("create again", ground)


def test_an_object_that_is_made_twice_is_seen(role):
    ground = spoilt(
        role, lambda sandbox, role_id: sandbox.edit("roles", role_id, {"name": "Unknown"})
    )
    assert "would be created: ['roles.clerk']" in said("adopt", ground)


def test_a_secret_that_is_not_written_again_is_seen(grounds, monkeypatch):
    monkeypatch.setattr("kinds.laws.laws.value_of", lambda name, _: grounds(ACTION).values[name])
    assert "no fingerprint has changed" in said("secrets", grounds(ACTION))


def test_a_placeholder_that_is_written_is_seen(grounds, monkeypatch):
    monkeypatch.setattr("kinds.laws.laws.PLACEHOLDERS", ("quite another value",))
    assert "quite another value led to PATCH" in said("secrets", grounds(ACTION))


def test_members_that_are_missing_or_too_many_are_seen(grounds):
    ground = grounds(MEMBERS)
    ground.back_to(ground.states["there"])
    connections = ground.sandbox.documents("connections").items()
    (connection,) = [id for id, document in connections if document["name"] == "customers"]
    ground.sandbox.put("connection_clients", "x", {"client_id": "x"}, parent=connection)
    spoilt_ground = replace(ground, states={**ground.states, "there": ground.state()})
    assert "has more than" in said("create", spoilt_ground)


def test_a_field_without_a_row_and_a_reason_that_is_none_are_seen():
    kind, (case,) = KINDS["prompts"], cases("prompts")
    assert gaps(kind, (case,)) == []
    less = tuple(row for row in case.change if ("identifier_first",) not in row.set)
    assert gaps(kind, (replace(case, change=less),)) == [
        "prompts_settings: no row changes identifier_first"
    ]
    assert gaps(kind, (replace(case, change=less, excepted={"identifier_first": "n/a"}),)) == [
        f"{case.id}: no reason is given for identifier_first"
    ]


def test_a_secret_without_a_row_is_seen():
    found = gaps(KINDS["actions"], tuple(replace(c, secrets=()) for c in cases("actions")))
    assert any("no case has the secret" in gap for gap in found)
