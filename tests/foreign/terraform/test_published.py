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

SMALL = 100_000


@pytest.fixture(scope="module")
def published(shared) -> list[Mapping]:
    manifest = json.loads((shared / "data" / "configs" / "manifest.json").read_text("utf-8"))
    return [entry for entry in manifest if entry["format"] == "terraform"]


@pytest.fixture(scope="module")
def found(published, shared):
    folders = [folder for entry in published for folder in folders_of(entry, shared)]
    return {folder: read(folder, {"dev": None})["dev"] for folder in folders}


def folders_of(entry: Mapping, shared: Path) -> Iterator[Path]:
    """Every folder with Terraform files, as if it were a root module."""
    whole = shared / "data" / "configs" / entry["slug"]
    yield from sorted({path.parent for path in whole.rglob("*.tf")})


def own(module: Module) -> Counter[str]:
    """How many resources of each type of Auth0's a module makes, those it calls left out."""
    plain = {f"{each.type}.{each.name}": each.type for each in module.resources()}
    return Counter(plain[each.address] for each in module.resources() if each.address in plain)


@pytest.mark.thorough
def test_there_are_some(published):
    assert len(published) >= 6


@pytest.mark.thorough
def test_every_block_is_read_as_often_as_it_is_written(published, shared):
    for entry in published:
        counted: Counter[str] = Counter()
        for folder in folders_of(entry, shared):
            counted += own(Module(Folders(folder, []), folder, "dev", {}, []))
        assert counted == entry["roots"][0]["resources"], entry["slug"]


@pytest.mark.thorough
def test_what_has_a_kind_becomes_items_and_nothing_is_lost_without_a_note(found):
    for each in found.values():
        assert {item.kind for item in each.items} <= set(KINDS)
        lost = [note for note in each.notes if note.level == "loss"]
        assert all(note.file and note.line for note in lost)
        assert not [note for note in lost if "tenantctl knows no such resource" in note.message]


@pytest.mark.thorough
def test_they_are_read_the_same_way_twice(found):
    for folder, each in found.items():
        if sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) < SMALL:
            assert read(folder, {"dev": None})["dev"] == each
