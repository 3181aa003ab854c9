"""Whatever stands in the files, it is read or noted: nothing else comes of it."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foreign.deploy_cli.made_up import folder, write, yaml_file
from tenantctl.errors import FilesError
from tenantctl.foreign.deploy_cli import read
from tenantctl.foreign.deploy_cli.types import TYPES
from tenantctl.model import LEVELS

BESIDE = {"becomes", "notes", "files"}
CASES = yaml.load(
    Path(__file__).with_name("types.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
)
SAID = [{key: value for key, value in case.items() if key not in BESIDE} for case in CASES]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(["##A##", "@@A@@", "../../x", "\x00", "name", "_VALUE_NOT_SHOWN_", "a/b"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


def paths(value, path=()):
    """Every place in *value*."""
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from paths(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from paths(item, (*path, number))


def put(value, path, new):
    if not path:
        return new
    head, *rest = path
    if isinstance(value, dict):
        return {**value, head: put(value[head], rest, new)}
    return [put(item, rest, new) if n == head else item for n, item in enumerate(value)]


@st.composite
def mutations(draw):
    """What is said of a type, with anything at any place."""
    said = draw(st.sampled_from(SAID))
    for _ in range(draw(st.integers(1, 3))):
        places = [path for path in paths(said) if path]
        if places:
            said = put(said, draw(st.sampled_from(places)), draw(VALUES))
    return said


SLOW = settings(
    max_examples=settings.default.max_examples * 3 // 2,
    suppress_health_check=[HealthCheck.too_slow],
)


def judged(source):
    for note in source.notes:
        assert note.level in LEVELS
        assert note.message
        assert note.file
    for item in source.items:
        assert all(isinstance(name, str) for name in (*item.names, *item.owners))
        assert all(isinstance(name, str) for name in item.fields)


@pytest.mark.thorough
@SLOW
@given(said=mutations())
def test_anything_at_any_place_of_a_yaml_file_is_read_or_noted(said):
    with TemporaryDirectory() as home:
        path = write(Path(home), {"tenant.yaml": json.dumps(said)})
        judged(read(path / "tenant.yaml", {"dev": None})["dev"])


@pytest.mark.thorough
@SLOW
@given(said=mutations())
def test_anything_at_any_place_of_a_folder_is_read_or_noted(said):
    with TemporaryDirectory() as home:
        try:
            path = folder(Path(home), said)
        except (KeyError, TypeError, AttributeError, ValueError):
            return  # such a thing cannot be laid out in files
        write(path, {"tenant.json": "{}"})
        judged(read(path, {"dev": None})["dev"])


TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=60)


@pytest.mark.thorough
@SLOW
@given(text=TEXTS, kind=st.sampled_from(sorted(TYPES)), values=st.dictionaries(TEXTS, VALUES))
def test_any_text_in_any_file_with_any_mapping_is_read_or_noted(text, kind, values):
    with TemporaryDirectory() as home:
        place = TYPES[kind].file or f"{TYPES[kind].folder or 'rules'}/a.json"
        files = {place: text, "tenant.json": "{}", "m/dev.json": json.dumps(values)}
        root = write(Path(home), files)
        with suppress(FilesError):
            judged(read(root, {"dev": root / "m" / "dev.json"})["dev"])


@pytest.mark.thorough
@SLOW
@given(text=TEXTS, data=st.data())
def test_a_yaml_file_cut_anywhere_is_read_or_refused_with_problems(text, data):
    whole = json.dumps(data.draw(st.sampled_from(SAID)), indent=1)
    cut = data.draw(st.integers(0, len(whole)))
    with TemporaryDirectory() as home:
        root = write(Path(home), {"tenant.yaml": whole[:cut] + text + whole[cut:]})
        with suppress(FilesError):
            judged(read(root / "tenant.yaml", {"dev": None})["dev"])


def test_the_layouts_of_both_formats_can_be_written_for_every_case(tmp_path):
    for number, said in enumerate(SAID):
        yaml_file(tmp_path / f"y{number}", said)
        folder(tmp_path / f"d{number}", said)
