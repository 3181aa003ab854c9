"""Whatever a reader makes of a configuration: what becomes of it can be declared as it is."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreign.made_up import DOMAIN, LOGIN, ORDERS, WEB, item
from tenantctl.drafts import write_files
from tenantctl.files import load
from tenantctl.foreign import Made, MadeList, Source, resolve
from tenantctl.kinds import KINDS, write_shape
from tenantctl.model import Address, Secret, Text, Var
from tenantctl.playbooks import playbook
from tenantctl.workflows.takeover import Wanted, new_settings, take_over

DECLARED = [kind for kind in KINDS.values() if not kind.given]
AROUND = (
    WEB,
    ORDERS,
    LOGIN,
    item("connections", "people", strategy="auth0"),
    item("roles", "Admin"),
    item("organizations", "acme"),
    item("hooks", "hook", script="//", triggerId="pre-user-registration"),
    item("self_service_profiles", "Profile"),
    item("feature_flags", "flag"),
)
"""What others hang on, or name."""
OWNERS = ("Web", "people", "Admin", "acme", "hook", "Profile", "flag", "Login")
VARIABLES = {"text": "a text", "list": ["a", "b"]}


def json_values():
    leaves = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-2, 100_000),
        st.text(max_size=8),
        st.sampled_from(
            ("", "true", "Web", "Orders API", "https://orders", "##X##", "auth0", "v3")
        ),
        st.just(Made.of("a text", Var("text"))),
        st.just(Made.of("x a text", Text(("x ", Var("text"))))),
        st.just(Made.of("do-not-show-me", Secret("NAMED"))),
        st.just(MadeList.of(["a", "b"], Var("list"))),
    )
    keys = st.one_of(st.text(min_size=1, max_size=6), st.sampled_from(("name", "id", "value")))
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)
    )


def names(kind, key):
    """The fields that a kind has, and one that none has."""
    if kind.members:
        return [kind.members, "nobody_knows"]
    shapes = (write_shape(kind, Address(kind.name, key), verb) for verb in ("create", "update"))
    return sorted(
        {"nobody_knows", *(name for each in shapes for name in each.get("properties", ()))}
    )


@st.composite
def items(draw):
    """An item of any kind, with any values in fields that the kind has, or might have."""
    kind = draw(st.sampled_from(DECLARED))
    key = draw(st.sampled_from(kind.values)) if kind.values else "some"
    fields = draw(st.dictionaries(st.sampled_from(names(kind, key)), json_values(), max_size=5))
    owners = [key, *draw(st.lists(st.sampled_from((*OWNERS, "en", "Gone")), max_size=2))]
    if kind.owned:
        owners = owners[1:] + owners[:1]
    name = draw(st.sampled_from(("Thing", "thing", "Ünï", "🚀", "a/b", "${x}")))
    said = {kind.key[0]: name} if len(kind.key) == 1 and not kind.fixed else {}
    return item(
        kind.name, owners=owners, **(said | fields if draw(st.booleans()) else fields | said)
    )


@pytest.mark.thorough
@settings(max_examples=20)
@given(st.lists(items(), min_size=1, max_size=4))
def test_whatever_is_read_becomes_a_project_that_loads(found):
    draft = resolve(Source(DOMAIN, (*AROUND, *found), VARIABLES))
    wanted = Wanted("drawn", playbook("b2c"), full=True)
    taken = take_over({"dev": draft}, wanted, {"dev": new_settings("dev", "")})
    assert "do-not-show-me" not in repr((taken.texts, taken.notes))
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder), taken.texts)
        load(Path(folder), "drawn", "dev")
