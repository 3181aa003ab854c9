"""Every check on states that people wrote by hand: what somebody would send back, and the same
mended; and, where it is at hand, the same as another evaluator says."""

from __future__ import annotations

import json
import runpy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.documents import completed, for_reference, state_of
from support.states import expanded
from tenantctl.engine.checks import evaluate
from tenantctl.playbooks import NAMES, Check, checks, playbook

STATES = Path(__file__).parent / "states"
CHECKS: Mapping[str, Check] = {c.id: c for name in NAMES for c in checks(playbook(name))}
WORDS = {"passed": "pass", "failed": "fail", "absent": "na"}


def _written() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(STATES.glob("*.yaml")):
        for id, entries in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader).items():
            assert id not in found, f"{id} stands in two files"
            found[id] = entries
    return found


WRITTEN = _written()


def _cases() -> Iterator[Any]:
    for id, entries in WRITTEN.items():
        for number, entry in enumerate(entries):
            for word, status in (
                ("violating", "failed"),
                ("mended", "passed"),
                ("absent", "absent"),
            ):
                if word in entry:
                    document = completed(expanded(entry[word]), CHECKS[id])
                    says = entry.get("says", "") if word == "violating" else ""
                    name, marks = f"{id}-{number}-{word}", pytest.mark.thorough if number else ()
                    yield pytest.param(id, document, status, says, id=name, marks=marks)


CASES = list(_cases())


def test_there_are_176_checks_and_each_has_a_state_that_fails_and_one_that_passes() -> None:
    assert len(CHECKS) == 176
    assert WRITTEN.keys() == CHECKS.keys()
    for word in ("violating", "mended"):
        lacking = [id for id, entries in WRITTEN.items() if not any(word in e for e in entries)]
        assert lacking == []


def test_each_check_that_can_be_out_of_place_has_a_state_where_it_is() -> None:
    conditional = {id for id, check in CHECKS.items() if check.when is not None}
    shown = {id for id, entries in WRITTEN.items() if any("absent" in e for e in entries)}
    assert conditional <= shown


@pytest.mark.parametrize(("id", "document", "status", "says"), CASES)
def test_a_check_says_of_a_state_what_a_reviewer_would(
    id: str, document: dict[str, Any], status: str, says: str
) -> None:
    finding = evaluate(CHECKS[id], state_of(document))

    assert finding.status == status, finding.details
    assert (finding.status == "failed") == bool(finding.details)
    assert says in " ".join(finding.details)


def _reference(shared: Path) -> Any:
    return runpy.run_path(str(shared / "tools" / "check_language.py"))["evaluate"]


def test_another_evaluator_says_the_same_of_every_written_state(shared: Path) -> None:
    evaluated = _reference(shared)
    for case in CASES:
        id, document, status, _ = case.values
        said = evaluated(for_reference(CHECKS[id]), document)
        assert said["status"] == WORDS[status], (case.id, said)


def test_another_evaluator_says_the_same_of_every_example_state(shared: Path) -> None:
    evaluated = _reference(shared)
    compared = 0
    for path in sorted((shared / "data" / "example-tenants").glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        state = state_of(document)
        for check in CHECKS.values():
            ours = evaluate(check, state)
            said = evaluated(for_reference(check), document)
            assert WORDS[ours.status] == said["status"], (path.name, check.id, ours.details, said)
            compared += 1
    assert compared == 8 * 176


def test_the_checks_are_those_of_the_reference(shared: Path) -> None:
    document = json.loads((shared / "reference" / "playbooks.json").read_text(encoding="utf-8"))
    for theirs in document["checks"]:
        ours = CHECKS[theirs["id"]]
        assert for_reference(ours)["levels"] == theirs["levels"]
        assert ours.evaluate == theirs["evaluate"]
        assert ours.when == theirs.get("applies_when")
        assert (ours.severity, ours.evidence) == (theirs["severity"], theirs["evidence"])
        assert ours.topics == tuple(theirs["topics"])
