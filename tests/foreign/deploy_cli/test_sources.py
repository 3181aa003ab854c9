"""Configurations that others have written: read in every environment that they have."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenantctl.errors import FilesError
from tenantctl.foreign.deploy_cli import read
from tenantctl.foreign.deploy_cli.keywords import variable_names
from tenantctl.foreign.deploy_cli.mapping import Settings, read_mapping
from tenantctl.foreign.deploy_cli.read import gathered
from tenantctl.kinds import KINDS

ONCE = {"attackProtection", "branding", "prompts"}
"""Types that are one object in as many files as there are."""


@pytest.fixture(scope="module")
def configs(shared) -> Path:
    return shared / "data" / "configs"


def roots(configs: Path) -> Iterator[tuple[Path, dict[str, Path | None], dict]]:
    """Every source with its mappings and what the manifest says of it."""
    for entry in json.loads((configs / "manifest.json").read_text("utf-8")):
        home = configs / entry["slug"]
        for root in entry["roots"] if entry["format"].startswith("a0deploy") else ():
            folder = home / root["root"]
            path = folder / "tenant.yaml" if entry["format"] == "a0deploy-yaml" else folder
            mappings = {name: home / file for name, file in root["envs"].items()}
            yield path, mappings or {"dev": None}, root


@pytest.mark.thorough
def test_every_source_reads_in_every_environment_and_says_what_is_missing(configs):
    read_sources = 0
    for path, mappings, root in roots(configs):
        found = read(path, mappings)
        assert found.keys() == mappings.keys()
        read_sources += len(found)
        for name, source in found.items():
            assert source.items, path
            assert {item.kind for item in source.items} <= KINDS.keys()
            said = {note.message.partition(" ")[0] for note in source.notes}
            assert set(root["unresolved_keywords"].get(name, ())) <= said
    assert read_sources > 20


@pytest.mark.thorough
def test_every_source_has_as_many_objects_as_the_manifest_says(configs):
    for path, mappings, root in roots(configs):
        expected = Counter(root["counts"])
        for mapping in mappings.values():
            settings = read_mapping(mapping) if mapping is not None else Settings()
            here = gathered(path, settings, variable_names(settings.keywords))
            assert counts(here.gathered.assets) == +expected, (path, mapping)


def counts(assets) -> Counter[str]:
    found: Counter[str] = Counter()
    for asset in assets:
        if asset.type == "triggers":
            found[asset.type] += sum(map(len, asset.fields.values()))
        elif asset.type not in ONCE or not found[asset.type]:
            found[asset.type] += 1
    return found


@pytest.mark.thorough
def test_files_that_are_missing_are_named_with_the_line_that_asks_for_them(configs):
    for path, mappings, root in roots(configs):
        if root["id"].startswith(("cesarpoc", "freecodecamp")):
            continue  # the manifest looks for their files in the wrong folder
        source = next(iter(read(path, mappings).values()))
        for missing in root["missing_referenced_files"]:
            asked = [n for n in source.notes if n.message.endswith(f"there is no file {missing}")]
            assert asked, (path, missing)
            assert all(note.line for note in asked)


def test_a_folder_of_files_that_are_none_of_its_is_refused(configs):
    entries = json.loads((configs / "manifest.json").read_text("utf-8"))
    others = [entry for entry in entries if entry["format"] == "custom"]
    for entry in others:
        for root in entry["roots"]:
            with pytest.raises(FilesError, match="no configuration of auth0-deploy-cli"):
                read(configs / entry["slug"] / root["root"], {"dev": None})
    assert others


def test_no_value_of_a_keyword_that_is_called_a_secret_comes_out(configs, tmp_path):
    for path, mappings, root in roots(configs):
        telling = [
            word
            for word in root["keywords"]
            if any(each in word for each in ("SECRET", "PASSWORD", "PASS#"))
        ]
        for mapping in mappings.values():
            if mapping is None or not telling:
                continue
            marked = {word.strip("#@"): f"hidden-{n}-value-9" for n, word in enumerate(telling)}
            settings = read_mapping(mapping)
            file = tmp_path / "mapping.json"
            file.write_text(json.dumps({**settings.keywords, **marked, "Z_": 1}), "utf-8")
            found = read(path, {"dev": file})["dev"]
            assert "value-9" not in repr(found), path
