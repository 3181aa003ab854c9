"""Fleets as an editor judges them."""

from __future__ import annotations

import copy

import pytest
import yaml

from files.editors import ROOT, AsAnEditorSees, marks, read
from fleet.projects import FLEET


def seen(text):
    return yaml.load(text, AsAnEditorSees)


@pytest.mark.parametrize("path", [ROOT / "tenants/fleet.yaml"], ids=["tenants/fleet.yaml"])
def test_the_fleet_of_the_example_has_no_mark_and_names_its_schema(path):
    assert marks("fleet.json", read(path)) == []
    first = path.read_text("utf-8").partition("\n")[0]
    assert first == "# yaml-language-server: $schema=../schemas/fleet.json"


GOOD = {
    **seen(FLEET)["schools"],
    "environments": {"dev": None, "prod": {"domain": "${row.domain}", "phases": [1]}},
    "overlay": {
        "kind": "${row.kind}",
        "secrets": {"KEY": {"from": "env:${row.prefix}_KEY"}, "OLD": {"from": "env:OLD"}},
        "policy": {"delete": "never", "max_deletes": "${row.share}"},
        "overrides": {"clients.portal": {"name": "${row.title}"}},
    },
}


def test_a_good_fleet_has_no_mark():
    assert marks("fleet.json", {"schools": GOOD}) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("templat",), "x"),
        (("rows",), "schools.txt"),
        (("rows",), [{"name": "no tenant"}]),
        (("overlay", "inherits"), "dev"),
        (("overlay", "kind"), "prod"),
        (("overlay", "secrets", "KEY", "from"), "the value"),
        (("overlay", "overrides", "client.portal"), {}),
        (("environments", "dev"), {"domian": "x"}),
        (("connects_to",), {"connection": "x"}),
    ],
    ids=lambda each: ".".join(each) if isinstance(each, tuple) else "",
)
def test_a_slip_is_marked(path, value):
    fleet = copy.deepcopy(GOOD)
    *above, last = path
    place = fleet
    for key in above:
        place[key] = place[key] or {} if key in place else {}
        place = place[key]
    place[last] = value
    assert marks("fleet.json", {"schools": fleet})
