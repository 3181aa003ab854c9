"""The names that checks read are the names that files and kinds know: one list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tenantctl.files.environments import DAYS
from tenantctl.files.promises import attestation_names
from tenantctl.kinds import KINDS, write_shape
from tenantctl.model import Address
from tenantctl.playbooks import NAMES, checks, playbook, read_by, scopes

SCHEMAS = Path(__file__).parents[2] / "schemas"
READ = sorted({each for name in NAMES for each in read_by(checks(playbook(name)))})
SCOPES: dict[str, Any] = scopes()["scopes"]
DERIVED: dict[str, list[str]] = scopes()["derived"]
FIELDS = [(scope, path) for scope, path in READ if path and scope in SCOPES]
SAID = {"parameters": "params", "operations": "env"}


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    return found


def leaves(properties: dict[str, Any], before: str = "") -> Iterator[str]:
    """Every name that a schema permits, dotted."""
    for name, each in properties.items():
        if "properties" in each:
            yield from leaves(each["properties"], f"{before}{name}.")
        else:
            yield f"{before}{name}"


def test_every_scope_that_checks_read_is_one_that_a_state_has() -> None:
    known = {*SCOPES, *DERIVED, "attestations", "adopted"}
    assert {scope for scope, _ in READ} <= known


def test_each_scope_is_made_of_kinds_that_there_are() -> None:
    for spec in SCOPES.values():
        assert spec["kind"] in KINDS
        assert {each["kind"] for each in spec.get("attach", {}).values()} <= KINDS.keys()
    assert set(scopes()["unmanaged"]) <= KINDS.keys()


@pytest.mark.parametrize(("scope", "path"), FIELDS, ids=lambda word: word)
def test_no_check_reads_a_field_that_there_is_not(scope: str, path: str) -> None:
    spec = SCOPES[scope]
    kind = KINDS[spec["kind"]]
    first, _, rest = path.replace("[]", "").partition(".")
    known = {*DERIVED.get(scope, ()), *spec.get("attach", ()), *spec.get("live", ())}
    known |= {*spec.get("called", {}).values(), spec.get("id"), spec.get("as"), *kind.parts}
    known |= {"is_system"} if kind.system else set()
    if spec.get("parts"):
        assert first in kind.values
        first, address = rest.partition(".")[0], Address(kind.name, first)
    else:
        address = Address(kind.name, "x")
    known |= {rule.at[0] for rule in kind.rules if rule.at}
    for verb in ("create", "update"):
        known |= set(write_shape(kind, address, verb).get("properties", ()))
    assert first in known, f"{kind.name} has no {first}"


def test_parameters_that_checks_read_may_stand_in_tenant_yaml_and_no_others() -> None:
    permitted = set(leaves(schema("tenant.json")["properties"]["parameters"]["properties"]))
    asked = {path for scope, path in READ if scope == "params" and path} - set(DERIVED["params"])
    assert permitted == {*asked, "library_actions"}  # what is worked out of it is actions._library
    assert permitted == set(leaves(scopes()["parameters"]))


def test_operations_that_checks_read_may_stand_in_environment_files_and_no_others() -> None:
    permitted = set(leaves(schema("environment.json")["properties"]["operations"]["properties"]))
    asked = {path for scope, path in READ if scope == "env" and path} - set(DERIVED["env"])
    assert {f"operations.{name}" for name in permitted - set(DAYS)} == asked
    assert permitted & set(DAYS) == {"egress_allowlist_checked"}
    assert "operations.egress_allowlist_age_days" in DERIVED["env"]


def test_attestations_that_checks_ask_for_may_be_written_and_no_others() -> None:
    asked = {path for scope, path in READ if scope == "attestations"}
    named = {each for name in NAMES for each in attestation_names(playbook(name))}
    assert named == asked == schema("attestations.json")["properties"].keys()
    assert len(asked) == 18


def test_whatever_is_derived_is_read_by_a_check_or_tells_what_an_item_is() -> None:
    asked = {(scope, path) for scope, path in READ}
    for scope in ("connections", "organizations", "actions"):
        assert {(scope, path) for path in DERIVED[scope]} <= asked
