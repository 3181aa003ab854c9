"""How reports look. `TENANTCTL_GOLDEN=1` writes the files again; review them as a diff."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from report.samples import B2C, CLEAN, EMPTY, PLAN, RECEIPT, VAULT
from tenantctl.errors import Problem
from tenantctl.report import as_json, text_problems, view_plan, view_receipt
from tenantctl.report.text import text

GOLDEN = Path(__file__).parent / "golden"
PROBLEMS = [
    Problem(
        "tenants/hearth/phase1/authentication.yaml",
        14,
        7,
        "clients has no field calbacks",
        help="did you mean callbacks?",
        source="      calbacks: [a]",
    ),
    Problem("environments/hearth/dev.yaml", 0, 0, "is empty"),
]


def shown(view, **more):
    return text(view, **{"color": False, "width": 100, **more})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("refused.txt", shown(view_plan(PLAN, B2C, VAULT, rate=(10, 2.0)))),
        ("full.txt", shown(view_plan(CLEAN, B2C, VAULT, full=True, file="plan.json"))),
        ("narrow.txt", shown(view_plan(CLEAN, B2C, VAULT), width=60)),
        ("colour.txt", shown(view_plan(PLAN, B2C, VAULT), color=True)),
        ("empty.txt", shown(view_plan(EMPTY, B2C))),
        ("receipt.txt", shown(view_receipt(RECEIPT, VAULT))),
        ("problems.txt", text_problems(PROBLEMS)),
        ("plan.json", json.dumps(as_json(view_plan(PLAN, B2C, VAULT)), indent=1) + "\n"),
        ("receipt.json", json.dumps(as_json(view_receipt(RECEIPT, VAULT)), indent=1) + "\n"),
    ],
)
def test_a_report_looks_as_it_did(name, said):
    path = GOLDEN / name
    if os.environ.get("TENANTCTL_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(said, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == said


def test_a_second_phase_is_named_in_the_headings():
    (step, *_) = PLAN.steps
    later = replace(step, place=replace(step.place, phase=2))
    said = shown(view_plan(replace(EMPTY, phases=(1, 2), steps=(step, later)), B2C))
    assert "\nPhase 1: Architecture\n" in said
    assert "\nPhase 2: architecture\n" in said
    assert "development, phases 1, 2" in said
