"""Configurations that others have published are read in full."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tenantctl.foreign.terraform import read
from tenantctl.foreign.terraform.configuration import Module
from tenantctl.foreign.terraform.folder import Folders
from tenantctl.kinds import KINDS


@pytest.fixture(scope="module")
def published(shared) -> list[Mapping]:
    manifest = json.loads((shared / "data" / "configs" / "manifest.json").read_text("utf-8"))
    return [entry for entry in manifest if entry["format"] == "terraform"]


def folders(entry: Mapping, shared: Path) -> Iterator[Path]:
    """Every folder with Terraform files, as if it were a root module."""
    whole = shared / "data" / "configs" / entry["slug"]
    yield from sorted({path.parent for path in whole.rglob("*.tf")})


def test_there_are_some(published):
    assert len(published) >= 6


def test_every_block_is_read_as_often_as_it_is_written(published, shared):
    for entry in published:
        counted: Counter[str] = Counter()
        for folder in folders(entry, shared):
            root = Module(Folders(folder, []), folder, "dev", {}, [])
            own = [block.labels[0] for block in root.body.of("resource")]
            counted += Counter(type for type in own if type.startswith("auth0_"))
            made = {
                (each.type, each.name)
                for each in root.resources()
                if "." not in each.address.replace(f"{each.type}.{each.name}", "")
            }
            assert len(made) == sum(type.startswith("auth0_") for type in own)
        assert counted == entry["roots"][0]["resources"], entry["slug"]


def test_what_has_a_kind_becomes_items_and_nothing_is_lost_without_a_note(published, shared):
    for entry in published:
        for folder in folders(entry, shared):
            found = read(folder, {"dev": None})["dev"]
            assert {item.kind for item in found.items} <= set(KINDS)
            lost = [note for note in found.notes if note.level == "loss"]
            assert all(note.file and note.line for note in lost)
            assert not [note for note in lost if "tenantctl knows no such resource" in note.message]


def test_they_are_read_the_same_way_twice(published, shared):
    for entry in published:
        for folder in folders(entry, shared):
            assert read(folder, {"dev": None}) == read(folder, {"dev": None})
