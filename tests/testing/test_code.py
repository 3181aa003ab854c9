"""How tests of code end, whichever Node.js runs them, and what is concluded of the code."""

from __future__ import annotations

import os
import stat
import sys
import time
from pathlib import Path

import pytest

from tenantctl.errors import UsageError
from tenantctl.model import Tested
from tenantctl.testing.code import _judged, run_code_tests
from tenantctl.testing.node import INSTALL, find_node, version_of
from testing.given import action

ENDS = """
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { action } from "tenantctl:test";

test("good", () => {});
test("bad", () => assert.equal(1, 2));
test("not now", { skip: "later" }, () => assert.fail());
test("unfinished", { todo: true }, () => assert.fail());
describe("a group", () => {
  test("in it", () => {});
  test("bad in it", () => { throw new TypeError("odd"); });
});
test("with parts", async (t) => {
  await t.test("a part", () => {});
});
test("with a part, and bad itself", async (t) => {
  await t.test("another part", () => {});
  assert.fail("after its part");
});
"""
USES = """
import assert from "node:assert/strict";
import { test } from "node:test";
import { action } from "tenantctl:test";
test("%s", async () => {
  await action("%s").run();
  assert.equal(%s, true);
});
"""
CODE = "exports.onExecutePostLogin = async () => {};"


def ran(node, root, units=(), pattern="", **files):
    folder = root / "tenants" / "shop" / "tests"
    folder.mkdir(parents=True)
    names = []
    for name, text in files.items():
        (folder / f"{name}.test.mjs").write_text(text)
        names.append(f"tenants/shop/tests/{name}.test.mjs")
    return run_code_tests(node, root, "shop", names, units, pattern=pattern)


def both_nodes() -> list[Path]:
    """The Node.js on the path and the one of the development environment, where they are two."""
    return list(dict.fromkeys([find_node(None, os.environ), find_node(None, {"PATH": ""})]))


@pytest.mark.thorough
@pytest.mark.parametrize(
    "node", both_nodes(), ids=lambda node: ".".join(map(str, version_of(node)))
)
def test_each_test_is_told_once_with_how_it_ended(node, tmp_path):
    broken = "import { test } from 'node:test'; oh no"
    found = ran(node, tmp_path, ends=ENDS, broken=broken, empty="")
    told = {test.name: (test.status, test.detail.splitlines()[:1]) for test in found.tests}
    assert told == {
        "good": ("passed", []),
        "bad": ("failed", ["Expected values to be strictly equal:"]),
        "not now": ("skipped", ["later"]),
        "unfinished": ("skipped", []),
        "a group > in it": ("passed", []),
        "a group > bad in it": ("failed", ["TypeError: odd"]),
        "with parts > a part": ("passed", []),
        "with a part, and bad itself > another part": ("passed", []),
        "with a part, and bad itself": ("failed", ["after its part"]),
        "tenants/shop/tests/broken.test.mjs": (
            "failed",
            ["SyntaxError: Unexpected identifier 'no'"],
        ),
        "tenants/shop/tests/empty.test.mjs": ("failed", ["the file holds no test"]),
    }
    assert len(told) == len(found.tests)
    bad = next(test for test in found.tests if test.name == "bad")
    assert (bad.file, bad.line) == ("tenants/shop/tests/ends.test.mjs", 7)
    assert "at tenants/shop/tests/ends.test.mjs:7" in bad.detail


@pytest.mark.thorough
def test_code_has_passed_where_every_file_that_runs_it_has(node, tmp_path):
    units = [action(key, CODE) for key in ("one", "two", "three", "four")]
    found = ran(
        node,
        tmp_path,
        units,
        first=USES % ("first", "one", "true"),
        second=USES % ("second", "two", "true"),
        third=USES % ("third", "two", "false"),
        fourth=USES % ("fourth", "three", "false"),
    )
    assert found.passed == {"actions.one": True, "actions.two": False, "actions.three": False}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_file_that_failed_is_not_made_up_for_by_a_later_one(tmp_path, order):
    records = [
        {"unit": "actions.one", "file": str(tmp_path.resolve() / name)} for name in ("good", "bad")
    ]
    tests = [Tested("unit", "a", "passed", "good"), Tested("unit", "b", "failed", "bad")]
    assert _judged(tmp_path, [records[i] for i in order], tests) == {"actions.one": False}


@pytest.mark.thorough
def test_handlers_that_no_test_calls_are_told(node, tmp_path):
    code = f"{CODE}\nexports.onContinuePostLogin = async () => {{}};\nexports.helper = () => 1;"
    found = ran(node, tmp_path, [action("one", code)], only=USES % ("only", "one", "true"))
    assert found.uncalled == {"actions.one": ("onContinuePostLogin",)}


@pytest.mark.thorough
def test_a_pattern_leaves_the_others_out_without_a_word(node, tmp_path):
    found = ran(node, tmp_path, pattern="A GROUP > in", ends=ENDS)
    assert found.tests == ()
    found = ran(node, tmp_path / "other", pattern="good", ends=ENDS)
    assert [test.name for test in found.tests] == ["good"]


def test_tests_see_nothing_of_our_surroundings(node, tmp_path, monkeypatch):
    monkeypatch.setenv("AUTH0_APPLY_SECRET", "real")
    monkeypatch.setenv("NODE_OPTIONS", "--no-such-option")
    test = """
import assert from "node:assert/strict";
import { test } from "node:test";
test("surroundings", () => {
  const ours = /^(PATH|TMPDIR|NODE_|TENANTCTL_(TESTS|RECORD))/;
  const names = Object.keys(process.env).filter((name) => !ours.test(name));
  assert.deepEqual(names, []);
  assert.equal(process.env.NODE_OPTIONS, undefined);
});
"""
    (only,) = ran(node, tmp_path, env=test).tests
    assert (only.status, only.detail) == ("passed", "")


def alive(pid: int) -> bool:
    """Whether a process is there and has not ended; one that nobody has asked after has."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat_file = Path(f"/proc/{pid}/stat")
    return not stat_file.is_file() or stat_file.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.thorough
def test_tests_that_never_end_are_ended(node, tmp_path, monkeypatch):
    monkeypatch.setattr("tenantctl.testing.code.PATIENCE", 2.0)
    forever = """
import { writeFileSync } from "node:fs";
writeFileSync("pid", String(process.pid));
for (;;);
"""
    with pytest.raises(UsageError, match="still running after 2 seconds"):
        ran(node, tmp_path, forever=forever)
    pid = int((tmp_path / "pid").read_text())
    until = time.monotonic() + 30
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(pid)


def test_nothing_is_run_where_there_is_no_file(tmp_path):
    assert run_code_tests(tmp_path / "no node", tmp_path, "shop", [], []).tests == ()


def fake(folder: Path, said: str) -> Path:
    """A program that says *said* of its version."""
    path = folder / "node"
    folder.mkdir(exist_ok=True)
    path.write_text(f"#!{sys.executable}\nprint({said!r})\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_a_node_that_does_nothing_is_told(tmp_path):
    idle = fake(tmp_path / "bin", "v22.0.0")
    with pytest.raises(UsageError, match="ran no test: it said nothing"):
        ran(idle, tmp_path, ends=ENDS)


def test_a_node_that_is_named_is_taken_or_refused(tmp_path):
    new, old = fake(tmp_path / "new", "v22.1.0"), fake(tmp_path / "old", "v18.20.0")
    assert find_node(new, {"TENANTCTL_NODE": str(old)}) == new
    assert find_node(None, {"TENANTCTL_NODE": str(new), "PATH": str(old.parent)}) == new
    with pytest.raises(UsageError, match=r"--node names .*, which is version 18.20.0"):
        find_node(old, {})
    with pytest.raises(UsageError, match=r"TENANTCTL_NODE names .*, which is no program"):
        find_node(None, {"TENANTCTL_NODE": str(tmp_path / "none")})
    with pytest.raises(UsageError, match=r"which is no Node\.js"):
        find_node(fake(tmp_path / "other", "hello"), {})


def test_the_first_that_is_new_enough_is_taken(tmp_path, monkeypatch):
    old = fake(tmp_path / "old", "v20.5.1")
    wheel = find_node(None, {"PATH": str(old.parent)})
    assert wheel != old
    assert version_of(wheel) >= (20, 6)
    monkeypatch.setattr("tenantctl.testing.node.find_spec", lambda _: None)
    with pytest.raises(
        UsageError, match=r"need Node.js 20.6 or newer; .* is version 20.5.1"
    ) as caught:
        find_node(None, {"PATH": str(old.parent)})
    assert caught.value.help == INSTALL
