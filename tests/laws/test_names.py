"""Natural keys that change hands in one plan."""

from __future__ import annotations

import pytest

from laws.drawn import World
from laws.scratch import scratch
from tenantctl.sandbox import Sandbox

CLIENT = {"app_type": "spa"}


def roles(**names: str) -> World:
    return {f"roles.{key}": {"name": name, "description": key} for key, name in names.items()}


def by_name(sandbox: Sandbox) -> dict[str, str]:
    return {role["name"]: role["description"] for role in sandbox.documents("roles").values()}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"a": "one"}, {"b": "one"}, id="a new key for the same object"),
        pytest.param({"a": "one"}, {"a": "two", "b": "one"}, id="a create after a rename"),
        pytest.param({"a": "one", "b": "two"}, {"a": "two"}, id="a rename after a delete"),
        pytest.param(
            {"z": "one", "b": "two"}, {"z": "two", "c": "one"}, id="a rename that frees and takes"
        ),
    ],
)
def test_a_name_may_change_hands_in_one_plan(before, after):
    with scratch() as tenant:
        tenant.converge(roles(**before))
        tenant.converge(roles(**after))
        assert by_name(tenant.sandbox) == {name: key for key, name in after.items()}
        assert tenant.plan(roles(**after)).steps == ()


def test_a_new_key_for_a_client_takes_its_grants_along():
    """The old key's grants depart while the new key takes over the object they hang on."""
    api = {"resource_servers.api": {"identifier": "https://api/", "scopes": {"x": "X"}}}
    grant = {"audience": "api", "subject_type": "client", "scope": ["x"]}

    def world(key: str) -> World:
        client = {f"clients.{key}": {"name": "Shop", "description": key, **CLIENT}}
        return {
            **api,
            **client,
            f"client_grants.{key}/api/client": {"client_id": key, **grant},
        }

    with scratch() as tenant:
        tenant.converge(world("old"))
        (before,) = _shops(tenant.sandbox)
        tenant.converge(world("new"))
        assert _shops(tenant.sandbox) == [before]
        grants = list(tenant.sandbox.documents("client_grants").values())
        assert [g["scope"] for g in grants if g["client_id"] == before] == [["x"]]
        assert tenant.plan(world("new")).steps == ()


def _shops(sandbox: Sandbox) -> list[str]:
    return [id for id, c in sandbox.documents("clients").items() if c["name"] == "Shop"]
