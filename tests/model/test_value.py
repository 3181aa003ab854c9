"""Values: what travels as JSON comes back as it was."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantctl.model import (
    ABSENT,
    Address,
    Foreign,
    Ref,
    Sealed,
    Secret,
    StepId,
    Text,
    Vault,
    dotted,
    fields_of,
    from_json,
    refs,
    same,
    secret_names,
    to_json,
    walk,
)

keys = st.sampled_from(["a", "$ref", "$json", "$", "a.b", "", "é"])
addresses = st.builds(Address, st.sampled_from(["clients", "tenant"]), st.sampled_from(["", "a/b"]))
parts = st.one_of(st.text(max_size=3), st.builds(Ref, addresses), st.builds(Secret, st.text()))
specials = st.one_of(
    st.builds(Ref, addresses, st.sampled_from(["id", "name"])),
    st.builds(Secret, st.text(max_size=3)),
    st.builds(lambda found: Text(tuple(found)), st.lists(parts, max_size=3)),
    st.builds(Sealed, st.one_of(st.none(), st.text(max_size=3))),
    st.builds(Foreign, st.text(max_size=3), st.text(max_size=3)),
    st.just(ABSENT),
)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=4)
)
values = st.recursive(
    st.one_of(scalars, specials),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=12,
)


@given(values)
def test_json_and_back_is_the_same_value(value):
    text = json.dumps(to_json(value))
    assert from_json(json.loads(text)) == value


@given(values)
def test_a_value_is_the_same_as_itself(value):
    assert same(value, value)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (True, 1, False),
        (False, 0, False),
        (1, 1.0, True),
        ([1], [True], False),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ([1, 2], (1, 2), True),
        (None, ABSENT, False),
        ("1", 1, False),
    ],
)
def test_equality_is_that_of_json(one, other, equal):
    assert same(one, other) is equal
    assert same(other, one) is equal


@pytest.mark.parametrize(
    "text", ["tenant", "clients.web", "prompt_custom_text.login/pt-BR", "a.b.c"]
)
def test_an_address_reads_back_from_its_text(text):
    assert str(Address.parse(text)) == text
    assert str(StepId.parse(f"{text}#late")) == f"{text}#late"
    assert StepId.parse(text) == StepId(Address.parse(text))


def test_paths_are_unambiguous_for_people():
    assert dotted(("client_metadata", "a.b")) == 'client_metadata."a.b"'
    assert dotted(("a", "b")) == "a.b"


@given(values)
def test_every_leaf_is_visited_once_and_found_again(value):
    for path, leaf in walk(value):
        here = value
        for part in path:
            here = here[part] if isinstance(here, dict) else here[int(part)]
        assert here is leaf or here == leaf


@given(values)
def test_fields_stop_at_lists(value):
    for path, _ in fields_of(value):
        here = value
        for part in path:
            assert isinstance(here, dict)
            here = here[part]


def test_references_and_secrets_are_found_inside_texts():
    ref = Ref(Address("clients", "a"), "client_id")
    value = {"x": [Text(("Bearer ", Secret("S"), ref)), Secret("T")]}
    assert list(refs(value)) == [ref]
    assert list(secret_names(value)) == ["S", "T"]


def test_a_vault_prints_nothing_and_seals_under_its_key():
    vault = Vault({"S": "hunter2-hunter2"}, {"S": "3"}, b"key")
    assert "hunter2" not in repr(vault)
    assert "hunter2" not in f"{vault}"
    assert vault.mark(Secret("S")) == ("3", vault.seal("hunter2-hunter2"))
    assert vault.mark(Secret("S")) != Vault(vault.values, vault.versions, b"other").mark(
        Secret("S")
    )
    assert vault.mark(Secret("UNKNOWN")) == ("", "")
    assert Vault(vault.values).mark(Secret("S")) == ("", "")
    ref = Ref(Address("clients", "a"), "client_id")
    assert vault.mark(Text(("id ", ref, Secret("S")))) == vault.mark(
        Text(("id ", ref, Secret("S")))
    )
