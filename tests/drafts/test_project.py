"""A definition as files: what each environment has is what it was said to have."""

from __future__ import annotations

import pytest

from tenantctl.drafts import Definition, Here, Tag, phases, project_files, write_files
from tenantctl.files import load
from tenantctl.model import Address
from tenantctl.playbooks import playbook

BOOK = playbook("b2c")
WEB, TOOL = Address("clients", "web"), Address("clients", "tool")


def definition(bodies, **more):
    settings = {"kind": "development", "domain": "embedded", "phases": [1, 2, 3]}
    here = {name: Here(settings) for name in ("dev", "prod")}
    empty = {"files": {}, "secrets": {}, "variables": {}, "only": {}, "environments": here}
    return Definition(bodies, **{**empty, **more})


def loaded(root, what):
    write_files(root, project_files(what, "shop", BOOK))
    return {env: load(root, "shop", env).desired for env in ("dev", "prod")}


def test_what_one_environment_has_alone_is_only_there(tmp_path):
    what = definition(
        {WEB: {"app_type": "spa"}, TOOL: {"app_type": "native"}}, only={TOOL: ("dev",)}
    )

    found = loaded(tmp_path, what)

    assert {*found["dev"].tenant.resources} == {WEB, TOOL}
    assert {*found["prod"].tenant.resources} == {WEB}
    assert found["prod"].withheld == {TOOL: "only"}


def test_an_override_stands_in_its_environment(tmp_path):
    settings = {"kind": "development", "domain": "embedded", "phases": [1]}
    environments = {
        "dev": Here(settings, overrides={WEB: {"callbacks": Tag("append", items=("https://b",))}}),
        "prod": Here(settings),
    }
    bodies = {WEB: {"app_type": "spa", "callbacks": ["https://a"]}}

    found = loaded(tmp_path, definition(bodies, environments=environments))

    said = {env: each.tenant.resources[WEB].fields["callbacks"] for env, each in found.items()}
    assert said == {"dev": ["https://a", "https://b"], "prod": ["https://a"]}


@pytest.mark.parametrize(
    ("address", "body", "expected"),
    [
        ("clients.web", {"app_type": "spa"}, (1,)),
        ("roles.reader", {}, (1, 2)),
        ("forms.welcome", {}, (1, 3)),
    ],
)
def test_the_phases_of_all_that_is_declared_are_to_be_released(address, body, expected):
    assert phases(definition({Address.parse(address): body}), BOOK) == expected
