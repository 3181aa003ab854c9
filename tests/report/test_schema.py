"""What `--json` prints is what its schema says."""

from __future__ import annotations

import ast
import copy
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, ValidationError
from tools import risks_page
from tools.report_schemas import FOLDER, texts

from report.samples import B2C, EMPTY, PLAN, RECEIPT, VAULT
from tenantctl.cli import terminal
from tenantctl.report import as_json, view_plan, view_receipt
from tenantctl.report.schema import plan_schema, receipt_schema


def strict(schema):
    """*schema* that refuses what it does not name."""
    if isinstance(schema, dict):
        found = {name: strict(each) for name, each in schema.items()}
        return {**found, "additionalProperties": False} if "properties" in schema else found
    return [strict(each) for each in schema] if isinstance(schema, list) else schema


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("plan", [PLAN, EMPTY])
def test_a_plan_is_what_its_schema_says_and_nothing_more(plan, full) -> None:
    document = as_json(view_plan(plan, B2C, VAULT, full=full, rate=(10, 2.0)))
    Draft202012Validator(strict(plan_schema())).validate(document)


def test_a_receipt_is_what_its_schema_says_and_nothing_more() -> None:
    Draft202012Validator(strict(receipt_schema())).validate(as_json(view_receipt(RECEIPT, VAULT)))


@pytest.mark.parametrize("name", ["digest", "deletes", "risks", "outcome"])
def test_a_plan_without_a_field_is_none(name: str) -> None:
    document = copy.deepcopy(as_json(view_plan(PLAN, B2C, VAULT)))
    del document[name]
    with pytest.raises(ValidationError):
        Draft202012Validator(plan_schema()).validate(document)


def test_the_schemas_that_are_published_are_those_of_this_version() -> None:
    """`python -m tools.report_schemas` writes them again."""
    assert {name: (FOLDER / name).read_text("utf-8") for name in texts()} == texts()


def test_what_the_command_prints_is_valid(project) -> None:
    document = project.ok("plan", "hearthhollow/dev", "--json").json
    Draft202012Validator(strict(plan_schema())).validate(document)


def test_the_page_of_risks_says_what_the_kinds_say() -> None:
    """`python -m tools.risks_page` writes it again."""
    assert risks_page.PAGE.read_text("utf-8") == risks_page.text()


def test_every_document_that_is_printed_says_what_it_is() -> None:
    """A list of faults and counts by method have no room for it; others are made elsewhere."""
    bare = []
    for path in sorted(Path(terminal.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("out_json"):
                first = node.args[0]
                keys = first.keys if isinstance(first, ast.Dict) else []
                told = any(isinstance(key, ast.Constant) and key.value == "type" for key in keys)
                if keys and None not in keys and len(node.args) == 1 and not told:
                    bare.append(f"{path.name}:{node.lineno}")
    assert bare == []


def test_an_error_says_that_it_is_one(project) -> None:
    document = project.run("plan", "hearthhollow/nowhere", "--json").json
    assert (document["format"], document["type"]) == (1, "error")
    assert document["error"] == "UsageError"
