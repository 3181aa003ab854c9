"""Reading: order means nothing, nothing outside is opened, and the digest is of the content."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from contextlib import suppress
from itertools import pairwise

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenantctl.errors import FilesError
from tenantctl.files import definition_digest, load
from tenantctl.files.document import ListNode, MapNode, ScalarNode, parse
from tenantctl.files.folder import Folder, Unreadable

CASE = {
    "username_password": {
        "connections": {"customers": {"options": {"import_mode": False}, "clients": ["a"]}},
        "tenant": {"default_directory": "customers"},
    },
    "application_integration": {
        "clients": {
            "a": {"callbacks": ["x", "w"], "client_metadata": {"one": "1", "two": "2"}},
            "b": {"description": "B"},
        },
        "resource_servers": {
            "orders": {"identifier": "https://o.example", "scopes": {"r": "R", "w": "W"}}
        },
    },
    "id_token_claims": {
        "actions": {
            key: {"code": "x", "supported_triggers": {"post-login": "v3"}} for key in ("p", "q")
        },
        "trigger_bindings": {"post-login": {"p": {"$at": 2}, "q": {"$at": 1}}},
    },
    "logout": {
        "clients": {"a": {"allowed_logout_urls": ["x"], "callbacks": ["v"]}},
        "tenant": {"session_lifetime": 24},
    },
}


def shuffled(value, order):
    """*value* with the entries of every map in another order."""
    if not isinstance(value, dict):
        return value
    entries = [(key, shuffled(item, order)) for key, item in value.items()]
    order.shuffle(entries)
    return dict(entries)


@pytest.mark.thorough
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_declarations_and_files_means_nothing(project, seed):
    order = random.Random(seed)
    names = [f"tenants/shop/phase1/{name}.yaml" for name in ("x1", "x2", "x3")]
    parts = {name: {} for name in names}
    for topic, body in shuffled(CASE, order).items():
        parts[order.choice(names)][topic] = body
    texts = {name: yaml.safe_dump(part, sort_keys=False) for name, part in parts.items()}
    found = load(project(texts), "shop", "dev").desired
    usual = dict.fromkeys(names) | {names[0]: yaml.safe_dump(CASE, sort_keys=False)}
    other = load(project(usual), "shop", "dev").desired
    assert found.tenant == other.tenant
    assert list(found.tenant.resources) == list(other.tenant.resources)
    for address, declaration in other.declarations.items():
        assert found.declarations[address].topics == declaration.topics
        assert found.declarations[address].identity == declaration.identity
    assert found.origins.keys() == other.origins.keys()
    for address in other.origins:
        assert found.origins[address].keys() == other.origins[address].keys()


@pytest.mark.parametrize("seed", range(20))
def test_no_path_leads_out_of_the_folder(tmp_path, seed):
    order = random.Random(seed)
    inside = tmp_path / "tenant"
    (inside / "a").mkdir(parents=True)
    (inside / "a" / "f").write_text("in")
    (tmp_path / "f").write_text("out")
    (inside / "link").symlink_to(tmp_path)
    (inside / "file").symlink_to(tmp_path / "f")
    (inside / "loop").symlink_to(inside / "loop")
    os.mkfifo(inside / "pipe")
    folder = Folder.of(tmp_path, "tenant")
    pieces = ["..", ".", "a", "f", "link", "file", "loop", "pipe", "", "~", "/", "\\", "\0", "..f"]
    for _ in range(50):
        path = "/".join(order.choice(pieces) for _ in range(order.randint(1, 5)))
        with suppress(Unreadable):
            assert folder.read(path) == b"in"


def test_a_link_out_of_the_tenant_is_said_to_be_one(phase1, tmp_path):
    (tmp_path / "elsewhere.js").write_text("x")
    root = phase1(
        "id_token_claims:\n  actions:\n"
        "    a: {code: !file a.js, supported_triggers: {post-login: v3}}\n"
    )
    (root / "tenants/shop/a.js").symlink_to(tmp_path / "elsewhere.js")
    with pytest.raises(FilesError, match=r"a\.js is a link that leads out of tenants/shop"):
        load(root, "shop", "dev")


def test_the_digest_is_of_the_definition_and_not_of_the_environments(project, small):
    root = project()
    first = load(root, "shop", "dev").desired.digest
    assert first == load(root, "shop", "prod").desired.digest
    assert first == definition_digest(root, "shop", playbook="b2c")
    project({"environments/shop/dev.yaml": small.FILES["environments/shop/dev.yaml"] + "\n"})
    (root / "tenants/shop/.swp").write_text("an editor's")
    assert load(root, "shop", "dev").desired.digest == first
    (root / "tenants/shop/notes.md").write_text("x")
    assert load(root, "shop", "dev").desired.digest != first


def test_the_core_schema_of_yaml_is_read_as_json():
    text = b"""
a: [true, False, null, ~, 0, -12, 1e3, .5, 3.25, 0x1F, 0o17, 10%, 1.2.3, "no", 'on', off-road]
b: {2: x, yes: z}
c: |
  line
"""
    root = parse("f", text).root
    assert isinstance(root, MapNode)
    found = root.get("a")
    assert isinstance(found, ListNode)
    assert [item.value for item in found.items] == [
        True, False, None, None, 0, -12, 1000.0, 0.5, 3.25, 31, 15, "10%", "1.2.3",
        "no", "on", "off-road",
    ]  # fmt: skip
    inner = root.get("b")
    assert isinstance(inner, MapNode)
    assert [key.text for key, _ in inner.entries] == ["2", "yes"]
    block = root.get("c")
    assert isinstance(block, ScalarNode)
    assert (block.value, block.line) == ("line\n", 4)


def test_a_file_that_would_crash_the_parser_is_a_problem():
    for text in (b"[" * 200_000, b"a: " * 200, b"\n".join(b" " * n + b"- " for n in range(2000))):
        (problem,) = parse("f", text).problems
        assert problem.file == "f"


def test_a_small_file_that_grows_is_refused_before_it_grows():
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{c}: &{c} [{', '.join([f'*{p}'] * 9)}]" for p, c in pairwise("abcdefghi")]
    problems = parse("f", "\n".join(lines).encode()).problems
    assert any("aliases make" in problem.message for problem in problems)


def test_a_file_of_more_than_five_million_bytes_is_not_read():
    (problem,) = parse("f", b"#" * 5_000_001).problems
    assert problem.message == "the file has 5,000,001 bytes; at most 5,000,000 are read"


def test_files_that_are_right_need_no_jsonschema():
    code = (
        "import sys; from pathlib import Path; from tenantctl.files import load;"
        "load(Path('.'), 'hearthhollow', 'prod');"
        "sys.exit('jsonschema' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
