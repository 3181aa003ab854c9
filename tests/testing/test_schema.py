"""Editors check tests in YAML as we do: those of the repository, and slips in them."""

from __future__ import annotations

import jsonschema
import pytest
import yaml

from files.editors import ROOT, schema_of

FILES = sorted((ROOT / "tenants").glob("*/tests/*.yaml"))


@pytest.fixture(scope="module")
def validator():
    schema = schema_of("tests.json")
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.parent.name)
def test_the_tests_of_the_repository_fit(validator, file):
    text = file.read_text()
    assert text.splitlines()[0] == "# yaml-language-server: $schema=../../../schemas/tests.json"
    assert [error.message for error in validator.iter_errors(yaml.safe_load(text))] == []


@pytest.mark.parametrize(
    "slip",
    [
        "it: {expect: {client.web: {name: x}}}",
        "it: {expect: {clients.web: {$contain: x}}}",
        "it: {expect: {clients.web: {name: {deep: {$length: many}}}}}",
        "it: {expect: [clients.web]}",
        "it: {counts: {client: 1}}",
        "it: {counts: {clients: many}}",
        "it: {mock: maybe}",
        "it: {environment: prod}",
        "it: {phases: [0]}",
        "[it]",
    ],
)
def test_a_slip_does_not_fit(validator, slip):
    assert not validator.is_valid(yaml.safe_load(slip))


def test_there_are_files_that_fit():
    assert FILES
