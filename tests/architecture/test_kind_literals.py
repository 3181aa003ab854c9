"""Whoever names a kind decides something about it, and that belongs to the kind's own data."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

import tenantctl
from tenantctl.kinds import KINDS

PACKAGE = Path(tenantctl.__file__).parent
MAY_NAME_KINDS = {"kinds", "playbooks", "sandbox"}
TRANSLATORS = {("foreign", "deploy_cli"), ("foreign", "terraform")}
"""Packages that say what becomes of other tools' words in ours."""
KEY = re.compile(r"[\w/*-]*")
EXEMPT = {
    "tenant",  # our own word for what we manage, too
    "client_credentials",  # a grant of OAuth, too
}
WORDS_OF_FORMATS = {"report/sarif.py": {"rules"}}
"""What a file format calls something, in the module that writes it."""
FORBIDDEN = frozenset(KINDS) - EXEMPT
MODULES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.relative_to(PACKAGE).parts[0] not in MAY_NAME_KINDS
    and path.relative_to(PACKAGE).parts[:2] not in TRANSLATORS
]


def named_kinds(source: str, kinds: Collection[str]) -> Iterator[tuple[int, str]]:
    """Line and name of each string literal that is a kind's name or starts an address of one.

    What a module exports is a name of ours.
    """
    tree = ast.parse(source)
    tree.body = [node for node in tree.body if not _exports(node)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            kind, _, key = node.value.partition(".")
            if kind in kinds and KEY.fullmatch(key):
                yield node.lineno, node.value


def _exports(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"


def test_there_are_kinds_and_modules_to_judge():
    assert "clients" in FORBIDDEN
    assert len(MODULES) > 10


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_kind_is_named_outside_kinds_playbooks_and_sandbox(path):
    forbidden = FORBIDDEN - WORDS_OF_FORMATS.get(str(path.relative_to(PACKAGE)), set())
    found = list(named_kinds(path.read_text(encoding="utf-8"), forbidden))
    assert found == [], "ask the kind's data (a rule, a rank, a procedure) instead of naming it"


@pytest.mark.parametrize(
    "source",
    [
        'if kind == "clients": pass',
        'match kind:\n    case "clients": pass',
        'ORDER = {"clients": 1}',
        'prefix = f"clients.{key}"',
        'address = "clients.web-shop"',
    ],
)
def test_a_named_kind_is_found_however_it_is_written(source):
    assert list(named_kinds(source, {"clients"}))


@pytest.mark.parametrize(
    "source",
    ['"""clients. They log in."""', 'x = "our clients"', "x = tenant.clients", "clients=1"],
)
def test_prose_and_attributes_name_no_kind(source):
    assert not list(named_kinds(source, {"clients"}))
