"""Every type of auth0-deploy-cli, in both of its formats, as items of our kinds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from foreign.deploy_cli.made_up import folder, shown, told, yaml_file
from tenantctl.foreign.deploy_cli import read
from tenantctl.foreign.deploy_cli.translate import TRANSLATIONS
from tenantctl.foreign.deploy_cli.types import TYPES

BESIDE = {"becomes", "notes", "files"}
CASES = yaml.load(
    Path(__file__).with_name("types.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
)


def said(case):
    return {key: value for key, value in case.items() if key not in BESIDE}


def names():
    return [f"{number}-{next(iter(said(case)))}" for number, case in enumerate(CASES)]


def ordered(item):
    return json.dumps(item, sort_keys=True)


def test_the_table_has_every_type_and_every_type_a_translation():
    assert {key for case in CASES for key in said(case)} == set(TYPES)
    assert set(TRANSLATIONS) == set(TYPES)


@pytest.mark.parametrize("form", [yaml_file, folder], ids=["yaml", "directory"])
@pytest.mark.parametrize("case", CASES, ids=names())
def test_objects_become_items_of_our_kinds(case, form, tmp_path):
    path = form(tmp_path / "source", said(case), case.get("files"))
    found = read(path, {"dev": None})["dev"]
    items = [shown(item) for item in found.items]
    assert sorted(items, key=ordered) == sorted(case["becomes"], key=ordered)
    assert sorted(told(found)) == sorted(case.get("notes", []))
    assert "do-not-show-me" not in repr(found)
    assert all(item.at.file for item in found.items)
