"""The gate itself: each bound breaks on a tree that breaks it, and names the culprit."""

from __future__ import annotations

import runpy
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "figures.py"))
LONG = "def long():\n" + "    x = 1\n" * 50


@dataclass(frozen=True)
class Hooks:
    read: object = None
    write: object = None


def kinds(*, hooked=0, procedures=("document",)):
    """Kinds enough for both: the first *hooked* have a hook, each procedure is used."""
    return {
        f"kind{n}": SimpleNamespace(
            hooks=Hooks(write=len) if n < hooked else Hooks(),
            procedure=procedures[n % len(procedures)],
        )
        for n in range(max(hooked, len(procedures), 1))
    }


@pytest.fixture
def tree(tmp_path):
    """Writes modules by their names below the package, `a__b` for a/b.py; the root comes back."""

    def write(**sources):
        package = tmp_path / "src" / "tenantctl"
        for name, text in {"__init__": "", **sources}.items():
            inner = name if name == "__init__" else name.replace("__", "/")
            path = package / f"{inner}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (tmp_path / "tests").mkdir(exist_ok=True)
        return tmp_path

    return write


@pytest.fixture
def broken(tree, capsys):
    """The exit code and the broken bounds of a tree of these sources."""

    def judge(**sources):
        code = TOOL["main"](tree(**sources))
        lines = capsys.readouterr().out.splitlines()
        return code, [line for line in lines if line.startswith("broken")]

    return judge


def test_a_small_straight_tree_is_within_every_bound(broken):
    assert broken(a="from tenantctl import b\n", b="def short(): ...\n") == (0, [])


def test_a_function_of_fifty_one_lines_breaks_the_bound_and_fifty_do_not(broken):
    code, lines = broken(a=LONG)
    assert (code, len(lines)) == (1, 1)
    assert "a.py:1 long has 51 lines" in lines[0]
    assert broken(a=LONG.replace("    x = 1\n", "", 1)) == (0, [])


def test_a_module_of_401_lines_breaks_the_bound_and_400_do_not(broken):
    code, lines = broken(a="x = 1\n" * 401)
    assert (code, len(lines)) == (1, 1)
    assert "a.py has 401 lines" in lines[0]
    assert broken(a="x = 1\n" * 400) == (0, [])


@pytest.mark.parametrize(
    "back",
    [
        "import tenantctl.a\n",
        "from tenantctl.a import x\n",
        "from tenantctl import a\n",
        "from . import a\n",
        "from .a import x\n",
        "def late():\n    from tenantctl.a import x\n",
    ],
)
def test_a_cycle_is_found_however_the_import_is_written(broken, back):
    code, lines = broken(a="from tenantctl import b\n", b="import tenantctl.c\n", c=back)
    assert code == 1
    assert lines == ["broken: import cycle: tenantctl.a <-> tenantctl.b <-> tenantctl.c"]


def test_a_package_that_gathers_its_modules_is_no_cycle(broken):
    assert broken(__init__="from tenantctl.a import x\n", a="from tenantctl import b\n", b="") == (
        0,
        [],
    )


def test_a_relative_import_climbs_from_where_it_stands(tree):
    root = tree(
        files__reader="from ..model import x\nfrom . import marks\n", files__marks="", model=""
    )
    modules = {module.name: module for module in TOOL["read"](root / "src", "tenantctl")}
    found = TOOL["imports"](modules["tenantctl.files.reader"], set(modules))
    assert list(found) == ["tenantctl.model", "tenantctl.files.marks"]


def test_a_seventh_kind_with_hooks_is_above_the_ceiling():
    assert list(TOOL["above_ceilings"](kinds(hooked=6))) == []
    (line,) = TOOL["above_ceilings"](kinds(hooked=7))
    assert line.startswith("7 kinds have hooks, 6 at most: kind0")


def test_a_thirteenth_procedure_is_above_the_ceiling():
    assert list(TOOL["above_ceilings"](kinds(procedures=[f"p{n}" for n in range(12)]))) == []
    (line,) = TOOL["above_ceilings"](kinds(procedures=[f"p{n}" for n in range(13)]))
    assert line.startswith("13 procedures, 12 at most: p0")


def test_lines_that_use_a_mock_are_counted_for_a_hundred_tests_and_prose_is_not(tmp_path):
    text = """
from unittest.mock import Mock
def test_a(monkeypatch): monkeypatch.setattr(x, "y", 1)
async def test_b(): "no mock here"
def test_c(mocks): ...
"""
    (tmp_path / "test_x.py").write_text(text, encoding="utf-8")
    (tmp_path / "test_y.py").write_text("def test_d(): ...", encoding="utf-8")
    assert " ".join(TOOL["mock_line"](tmp_path).split()) == "tests 4 50.0 mock lines per 100"
