"""`tenantctl kinds` and docs/kinds.md: they say what the kinds are, no more and no less."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import pytest

from e2e.test_golden import compare
from support.largely import mostly
from support.project import Ran
from support.watched import Watched
from tenantctl.cli.__main__ import run
from tenantctl.files import load
from tenantctl.kinds import KINDS
from tenantctl.report import kind_page, kinds_table, view_kind, view_kinds

ESCAPE = "\x1b"


def said(*arguments: str) -> Ran:
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(arguments)
    return Ran(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def every() -> dict[str, dict]:
    """The kinds as machines see them."""
    return {kind["name"]: kind for kind in said("kinds", "--json").json["kinds"]}


@pytest.fixture(scope="module")
def resources(shared) -> dict[str, dict]:
    """What the Management API has for configuration, by another's account."""
    text = (shared / "reference" / "coverage.json").read_text(encoding="utf-8")
    return {each["name"]: each for each in json.loads(text)["resources"]}


def test_a_line_of_the_table_is_a_kind_and_each_has_one():
    lines = said("kinds").out.splitlines()
    named = [re.split(r" \(|  ", line)[0] for line in lines[1:-2]]
    assert named == sorted(KINDS)
    assert lines[-1].startswith(f"{len(KINDS)} kinds.")


@pytest.mark.parametrize("name", ["client_grants", "role_permissions", "client_profiles"])
def test_the_page_of_a_kind_looks_as_it_did(name):
    compare(f"kinds_{name}", transcript_of("kinds", name))


def transcript_of(*arguments: str) -> str:
    ran = said(*arguments)
    assert ran.err == ""
    return f"$ tenantctl {' '.join(arguments)}\n{ran.out}--- exit {ran.code} ---\n"


@pytest.mark.parametrize("width", [40, 80, 200])
def test_nothing_is_wider_than_the_terminal_but_single_words(width):
    table = kinds_table(view_kinds(), color=False, width=width)
    assert max(map(len, table.splitlines())) <= width
    for view in view_kinds():
        for line in kind_page(view, color=False, width=width).splitlines():
            assert len(line) <= width or len(line[20:].split()) == 1


def test_colour_is_for_terminals_and_says_nothing_of_its_own(monkeypatch):
    plain = said("kinds", "clients").out
    assert ESCAPE not in plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = said("kinds", "clients").out
    assert ESCAPE in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert said("kinds", "clients").out == plain


def test_json_of_one_kind_is_that_of_all_with_one_kind(every):
    (one,) = said("kinds", "clients", "--json").json["kinds"]
    assert one == every["clients"]
    assert every.keys() == KINDS.keys()


def test_an_unknown_kind_is_wrong_usage_with_a_suggestion():
    ran = said("kinds", "conections")
    assert ran.code == 64
    assert "did you mean connections?" in ran.err
    assert said("kinds", "conections", "--json").json["exit_code"] == 64


@pytest.mark.parametrize(
    "name", mostly(sorted(KINDS), fast=sorted(KINDS)[::10], rest=pytest.mark.thorough)
)
def test_every_word_of_the_json_is_in_the_text(name, every):
    text = " ".join(said("kinds", name).out.split())
    kind = every[name]
    for subject in ("references", "sets", "keyed", "whole", "create_only", "hidden", "defaults"):
        for noted in kind[subject]:
            assert noted["field"] in text, subject
    for word in (*kind["key"], *kind["keys"], *kind["system"], *kind["scopes"].values()):
        assert word in text
    for topic in kind["topics"]:
        assert topic["topic"] in text


@pytest.mark.parametrize("name", sorted(KINDS))
def test_what_a_rule_says_of_a_field_the_view_says_too(name):
    """Also of fields that a wildcard stands for: it names the ones that it does not mean."""
    kind, view = KINDS[name], view_kind(KINDS[name])
    subjects = {
        "hidden": (view.hidden, lambda r: r.when != "never" and (r.secret or r.read in HIDES)),
        "create_only": (view.create_only, lambda r: r.when == "create"),
        "sets": (view.sets, lambda r: r.list == "set"),
        "references": (view.references, lambda r: r.ref is not None),
    }
    for subject, (noted, says) in subjects.items():
        for rule in filter(lambda rule: rule.at, kind.rules):
            field = ".".join(rule.at).replace(".[]", "[]")
            where = {"", f"{rule.only[0]}={'|'.join(rule.only[1])}"} if rule.only else {""}
            meant = (n for n in noted if n.only in where and stands_for(n.field, field))
            mine = [n for n in meant if field not in n.but]
            assert bool(mine) == says(rule), (subject, field)


HIDES = {"absent", "masked", "cipher"}


def stands_for(pattern: str, field: str) -> bool:
    parts, names = pattern.split("."), field.split(".")
    return len(parts) == len(names) and all(
        p in {"*", n} for p, n in zip(parts, names, strict=True)
    )


def test_reading_costs_what_the_table_says(applied):
    """The requests of a plan, counted by the tenant, against those that the views promise."""
    watched = Watched(applied)
    watched.plan()
    asked = [r for r in watched.log if r.path != "/oauth/token"]
    with applied.sandbox() as sandbox:
        held = {name: len(sandbox.documents(name)) for name in KINDS}
    desired = load(applied.root, "hearthhollow", "dev").desired
    declared = Counter(address.kind for address in desired.tenant.resources)
    costs = {name: view_kind(KINDS[name]).requests for name in declared}
    promised = sum(
        (math.ceil(max(1, held[name]) / cost.page) if cost.page else cost.fixed)
        + cost.each * declared[name]
        for name, cost in costs.items()
    )
    assert len(asked) == promised


def test_people_can_declare_what_the_tutorial_declares(applied, every):
    desired = load(applied.root, "hearthhollow", "dev").desired
    for resource in desired.tenant:
        kind = KINDS[resource.address.kind]
        free = any(rule.at == () for rule in kind.rules) or kind.hooks.write or kind.hooks.unfold
        known = {*kind.parts, *kind.implied, *(f["name"] for f in every[kind.name]["fields"])}
        assert free or resource.fields.keys() <= known


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_scope_is_one_that_the_api_takes_for_the_request(name, resources):
    """By the published description, which neither the kinds nor the sandbox are made from."""
    kind = KINDS[name]
    known = {
        (o["method"], re.sub(r"\{\w+\}", "{}", o["path"])): set(o["scopes_any_of"])
        for each in resources.values()
        for o in each["operations"].values()
        if o.get("scopes_any_of")
    }
    requests = {verb: getattr(kind.wire, verb) for verb in ("create", "update", "delete")}
    requests["read"] = f"GET {kind.wire.read}" if kind.wire.read else ""
    for verb, request in requests.items():
        method, _, path = request.partition(" ")
        for key in kind.values or ("",):
            dashed = path.replace("{dashed}", key.replace("_", "-"))
            any_of = known.get((method, re.sub(r"\{\w+\}", "{}", dashed)))
            assert any_of is None or kind.wire.scopes[verb] in any_of, (verb, any_of)
