"""
Tenants whose names, descriptions, metadata, templates and code are as bad as they can be.

What they are exported to stays in its folder, means exactly what the tenant says to whoever reads
YAML, and says nothing to a terminal but letters.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import pytest
import yaml
from ruamel.yaml import YAML

from drafts.hostile import hostile
from drafts.travel import export, moved, unsettled
from kinds.laws.ground import Ground, ground_of
from kinds.laws.table import every_case
from tenantctl.model import Note
from tenantctl.report import Takeover, takeover_markdown
from tenantctl.report.takeover_text import takeover_text
from tenantctl.sandbox import Hostility

NAMES = tuple(hostile(200))
DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
}
PORTABLE = re.compile(r"[a-z0-9_-][a-z0-9._-]*")
RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def value(index):
    """What stands beside the name of that number: another one."""
    return NAMES[(index * 7 + 3) % len(NAMES)]


def code(index):
    return f"// {value(index)}\nexports.onExecutePostLogin = async () => {{}}; // {NAMES[index]}"


def role(index):
    return {"id": f"rol_{index:016}", "name": NAMES[index], "description": value(index)}


def client(index):
    return {
        "client_id": f"{index:032}",
        "name": NAMES[index],
        "description": value(index),
        "client_metadata": {NAMES[index]: value(index), "plain": value(index + 1)},
    }


def organization(index):
    return {
        "id": f"org_{index:016}",
        "name": f"org-{index}",
        "display_name": NAMES[index],
        "metadata": {NAMES[index]: value(index)},
    }


def api(index):
    scopes = [{"value": NAMES[index], "description": value(index)}, {"value": f"read:{index}"}]
    return {
        "id": f"{index:024}",
        "identifier": NAMES[index],
        "name": value(index),
        "scopes": scopes,
        "signing_alg": "RS256",
    }


def action(index):
    version = {"id": f"v-{index}", "code": code(index), "deployed": True, "number": 1}
    return {
        "id": f"00000000-0000-4000-8000-{index:012}",
        "name": NAMES[index],
        "code": code(index),
        "supported_triggers": [{"id": "post-login", "version": "v3"}],
        "runtime": "node22",
        "status": "built",
        "all_changes_deployed": True,
        "deployed_version": version,
        "secrets": [],
        "dependencies": [],
    }


TOLD = {"name", "display_name", "description", "client_metadata", "metadata", "code"}
MADE = {
    "roles": (role, "id", 200),
    "clients": (client, "client_id", 200),
    "organizations": (organization, "id", 60),
    "resource_servers": (api, "id", 100),
    "actions": (action, "id", 100),
}


@dataclass(frozen=True)
class Hostile:
    """A tenant, what it holds by kind, what it was exported to, and that as a project."""

    held: dict
    exported: object
    project: Ground


@pytest.fixture(scope="module")
def tenant(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    case = next(case for case in every_case() if case.kind.name == "roles")
    ground = ground_of(case, folder / "first")
    ground.sandbox.hostility = Hostility(seed=5)
    ground.declare(None)
    held = {
        kind: {body[id]: body for body in map(make, range(number))}
        for kind, (make, id, number) in MADE.items()
    }
    ground.sandbox.seed(held)
    exported = export(ground)
    yield Hostile(held, exported, moved(ground, folder / "project", exported))
    ground.sandbox.close()


@pytest.mark.thorough
def test_every_path_is_a_plain_one_below_the_project(tenant):
    for path in tenant.exported.texts:
        words = path.split("/")
        assert all(PORTABLE.fullmatch(word) for word in words), path
        assert not {word.split(".")[0] for word in words} & DEVICES, path
        assert max(map(len, words)) <= 120


def test_no_two_files_are_one_where_case_means_nothing(tenant):
    folded = [path.casefold() for path in tenant.exported.texts]
    assert len(folded) == len(set(folded))


def test_nothing_is_written_beside_the_project(tenant):
    root = tenant.project.root
    found = {str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()}
    assert {path for path in found if not path.startswith(".tenantctl/")} == {
        *tenant.exported.texts
    }
    assert not any(path.is_symlink() for path in root.rglob("*"))


def test_nothing_is_lost(tenant):
    assert tenant.exported.losses == []


@pytest.mark.parametrize("kind", sorted(MADE))
def test_what_is_read_from_the_files_is_what_the_tenant_holds(tenant, kind):
    by = {"resource_servers": "identifier"}.get(kind, "name")
    found = {
        resource.fields.get(by, resource.address.key): resource.fields
        for resource in tenant.project.load().desired.tenant
        if resource.address.kind == kind
    }
    for body in tenant.held[kind].values():
        mine = found[body[by]]
        for field in TOLD & body.keys() - {by}:
            assert mine[field] == body[field]
        if kind == "resource_servers":
            assert sorted(mine["scopes"], key=str) == sorted(body["scopes"], key=str)


@pytest.mark.thorough
def test_the_next_plan_is_empty(tenant):
    assert unsettled(tenant.project) == []


@pytest.mark.thorough
def test_every_reader_of_yaml_reads_the_same(tenant):
    for path, text in tenant.exported.texts.items():
        if path.endswith(".yaml"):
            ours = yaml.load(text, Loader=Plain)
            theirs = YAML(typ="safe", pure=True)
            theirs.constructor.add_multi_constructor("!", _argument)
            assert theirs.load(io.StringIO(text)) == ours


def test_no_file_has_what_a_terminal_or_an_editor_obeys(tenant):
    for path, text in tenant.exported.texts.items():
        if path.endswith(".yaml"):
            assert not RAW.search(text), path


def test_what_is_told_is_letters_only():
    notes = tuple(
        Note("loss", f"{name} was left out", file=name, line=1, column=1, help=name, address=name)
        for name in NAMES
    )
    told = Takeover("laws", "/x", tuple(NAMES), {"roles": 200}, notes, (), "tenantctl plan")
    assert not RAW.search(takeover_text(told, color=False, width=80))
    assert not RAW.search(takeover_markdown(told))


class Plain(yaml.SafeLoader):
    """PyYAML, with the argument of a tag of ours for its value."""


def _argument(loader, _, node):
    return loader.construct_scalar(node)


Plain.add_multi_constructor("!", _argument)
