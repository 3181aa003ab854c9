"""Kinds: the data contradicts neither itself nor what was generated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantctl.kinds import KINDS, Lens, canonical, fold, operations, unfold
from tenantctl.model import Address, Ref, Secret

EVERY = sorted(KINDS)


@pytest.mark.parametrize("name", EVERY)
def test_no_two_rules_say_something_of_the_same_fields(name):
    marks = [(rule.at, rule.only) for rule in KINDS[name].rules]
    assert len(marks) == len(set(marks))


@pytest.mark.parametrize("name", EVERY)
def test_references_name_kinds_and_fields_that_exist(name):
    for rule in KINDS[name].rules:
        if rule.ref:
            target = KINDS[rule.ref.to]
            moving = {rule.at[0] for rule in target.rules if rule.when == "never"}
            outer, _, inner = rule.ref.via.partition(".")
            assert outer in (moving if inner else {"id", target.wire.id, *target.key})
            assert rule.ref.moves == bool(inner)
    for other in KINDS[name].after:
        assert other in KINDS
    if KINDS[name].authored_in:
        assert KINDS[name].authored_in[0] in KINDS


def _comes_first(kind):
    """The kinds that one needs to be there; what only its updates name comes later."""
    named = {rule.ref.to for rule in kind.rules if rule.ref and not _is_late(kind, rule)}
    return named | set(kind.parents) | set((kind.authored_in or ())[:1]) | set(kind.after)


def _is_late(kind, rule):
    paths = [rule.at[:size] for size in range(1, len(rule.at))]
    return "update" in {kind.rule(path).when for path in paths}


@pytest.mark.parametrize("name", EVERY)
def test_what_hangs_on_a_resource_is_named_by_its_updates_only(name):
    for rule in KINDS[name].rules:
        if rule.ref and rule.ref.own:
            assert KINDS[rule.ref.to].authored_in[0] == name
            assert _is_late(KINDS[name], rule)


@pytest.mark.parametrize("name", EVERY)
def test_no_kind_needs_itself(name):
    seen, todo = set(), list(_comes_first(KINDS[name]))
    while todo:
        other = todo.pop()
        if other not in seen:
            seen.add(other)
            todo += _comes_first(KINDS[other])
    late = any(rule.late or (rule.ref and rule.ref.defer) for rule in KINDS[name].rules)
    assert name not in seen or late


@pytest.mark.parametrize("name", EVERY)
def test_what_goes_away_has_a_way_to_go(name):
    kind = KINDS[name]
    stays = kind.immortal or kind.given
    assert stays or kind.wire.delete or kind.empty is not None or kind.members


def _plain_rules(kind):
    """Rules whose path can be looked up among the properties of a body."""
    for rule in kind.rules:
        if rule.at and not kind.hooks.unfold and rule.at[0] not in {"*", "**"}:
            yield rule


@pytest.mark.parametrize("name", [n for n in EVERY if "{" not in KINDS[n].shape])
def test_rules_are_about_fields_that_the_api_has(name):
    """A rule with a misspelt field would be silently without effect."""
    kind = KINDS[name]
    known = set()
    for operation in operations(kind.shape).values():
        known |= set(operation.get("read", ()))
        known |= _properties(operation.get("body", {}))
    # fields that the write shape knows, or that the server sets and nobody writes
    server_set = {rule.at[0] for rule in kind.rules if rule.when == "never" and rule.at}
    in_path = kind.parts if kind.fixed else ()
    extra = {kind.members, kind.body, "template", "bindings", *kind.implied, *in_path}
    unknown = {r.at[0] for r in _plain_rules(kind)} - known - server_set - extra
    assert unknown == set()


def _properties(schema):
    found = set(schema.get("properties", {}))
    for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        found |= _properties(part)
    for definition in schema.get("$defs", {}).values():
        found |= set(definition.get("properties", {}))
    return found


words = st.sampled_from(["x", "y-1", "read:a", "é"])
AUTHORED = {
    "actions": st.fixed_dictionaries(
        {
            "name": words,
            "supported_triggers": st.dictionaries(words, words, max_size=2),
            "dependencies": st.dictionaries(words, words, max_size=2),
            "secrets": st.dictionaries(words, st.builds(Secret, words), max_size=2),
        }
    ),
    "resource_servers": st.fixed_dictionaries(
        {"scopes": st.dictionaries(words, st.one_of(words, st.just({"description": "d"})))}
    ),
    "trigger_bindings": st.dictionaries(
        words, st.one_of(st.just({}), st.fixed_dictionaries({"display_name": words}))
    ),
    "role_permissions": st.fixed_dictionaries(
        {"permissions": st.dictionaries(words, st.lists(words, min_size=1, unique=True))}
    ),
    "connection_clients": st.fixed_dictionaries({"clients": st.lists(words, unique=True)}),
    "client_grants": st.fixed_dictionaries(
        {"client_id": words, "audience": words, "scope": st.lists(words, unique=True)}
    ),
    "clients": st.fixed_dictionaries(
        {"client_metadata": st.dictionaries(words, words), "callbacks": st.lists(words)}
    ),
}


@pytest.mark.parametrize("name", sorted(AUTHORED))
def test_folding_and_unfolding_is_the_same_resource(name):
    kind = KINDS[name]

    @given(AUTHORED[name])
    def law(authored):
        flat = unfold(kind, authored)
        again = unfold(kind, fold(kind, flat))
        lens = Lens(kind, flat)
        assert canonical(lens, again, ()) == canonical(lens, flat, ())

    law()


FORMS = [
    ("actions", {"secrets": {"CRM": Secret("S")}},
     {"secrets": [{"name": "CRM", "value": Secret("S")}], "deployed": True}),
    ("custom_domains", {"domain": "d"}, {"domain": "d", "status": "ready"}),
    ("actions", {"supported_triggers": {"post-login": "v3"}},
     {"deployed": True, "supported_triggers": [{"id": "post-login", "version": "v3"}]}),
    ("client_grants", {"client_id": "web", "audience": "orders"},
     {"client_id": Ref(Address("clients", "web"), "client_id"),
      "audience": Ref(Address("resource_servers", "orders"), "identifier")}),
    ("connection_clients", {"clients": ["web"]},
     {"clients": [Ref(Address("clients", "web"), "client_id")]}),
    ("trigger_bindings", {"add": {}},
     {"bindings": [{"action": Ref(Address("actions", "add")),
                    "display_name": Ref(Address("actions", "add"), "name")}]}),
    ("role_permissions", {"permissions": {"orders": ["read:orders"]}},
     {"permissions": [{"resource_server_identifier": Ref(Address("resource_servers", "orders"),
                                                         "identifier"),
                       "permission_name": "read:orders"}]}),
    ("tenant", {"default_directory": "customers"},
     {"default_directory": Ref(Address("connections", "customers"), "name")}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "authored", "flat"), FORMS)
def test_the_authored_form_becomes_the_one_of_the_api(name, authored, flat):
    assert unfold(KINDS[name], authored) == flat
