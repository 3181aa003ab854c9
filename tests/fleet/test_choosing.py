"""Which environments are meant, in which order, in which shares; and what they all end with."""

from __future__ import annotations

import pytest

from fleet.projects import FLEET, ROWS, written
from tenantctl.errors import FilesError, UsageError
from tenantctl.workflows.several import Asked, choose, known_targets, worst

ALL = {
    "alder/dev": 1,
    "birch/dev": 1,
    "alder/prod": 2,
    "birch/prod": 2,
    "district/dev": 2,
    "district/prod": 3,
}
"""The environments of the project with their waves, in order."""


@pytest.fixture
def known(tmp_path):
    written(tmp_path)
    return known_targets(tmp_path).targets


def waves(found):
    return {each.id: each.wave for each in found}


CHOICES = [
    (Asked(), ALL),
    (Asked("alder"), {"alder/dev": 1, "alder/prod": 2}),
    (Asked("schools", ("prod",)), {"alder/prod": 1, "birch/prod": 1}),
    (Asked(environments=("prod",)), {"alder/prod": 1, "birch/prod": 1, "district/prod": 2}),
    (Asked(kinds=("development",)), {"alder/dev": 1, "birch/dev": 1, "district/dev": 2}),
    (Asked(kinds=("development", "production")), ALL),
    (Asked(wave=2), {"alder/prod": 2, "birch/prod": 2, "district/dev": 2}),
    (Asked(wave=4), {}),
    (Asked(shard="1/2"), {k: v for k, v in ALL.items() if not k.startswith("birch")}),
    (Asked(shard="2/2"), {"birch/dev": 1, "birch/prod": 2}),
    (Asked(wave=1, shard="2/2"), {"birch/dev": 1}),
    (Asked(shard="9/9"), {}),
]


@pytest.mark.parametrize(("asked", "found"), CHOICES, ids=[str(case[0]) for case in CHOICES])
def test_those_are_chosen_that_are_asked_for_in_order(known, asked, found):
    assert waves(choose(known, asked)) == found
    assert list(waves(choose(known, asked))) == list(found)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (Asked("schols"), "there is no tenant or fleet schols"),
        (Asked("school"), "there is no tenant or fleet school"),
        (Asked(environments=("qa",)), "there is no environment qa"),
        (Asked(kinds=("staging",)), "there is no environment of the kind staging"),
        (Asked(shard="3/2"), "--shard 3/2 is no share"),
        (Asked(shard="0/2"), "--shard 0/2 is no share"),
        (Asked(shard="half"), "--shard half is no share"),
    ],
)
def test_a_word_that_means_nothing_is_told(known, asked, says):
    with pytest.raises(UsageError, match=says):
        choose(known, asked)


@pytest.mark.parametrize("size", range(1, 6))
def test_shards_share_out_every_environment_once_and_tenants_evenly(known, size):
    shards = [choose(known, Asked(shard=f"{n}/{size}")) for n in range(1, size + 1)]
    assert sorted(each.id for shard in shards for each in shard) == sorted(ALL)
    tenants = [{each.tenant for each in shard} for shard in shards]
    assert max(map(len, tenants)) - min(map(len, tenants)) <= 1


def test_what_is_not_chosen_is_waited_for_by_nobody(known):
    (found,) = (each for each in choose(known, Asked("district")) if each.environment == "dev")
    assert found.after == ()
    (found,) = (each for each in choose(known, Asked()) if each.id == "district/prod")
    assert found.after == ("district/dev", "alder/prod", "birch/prod")


def test_an_environment_waits_for_one_of_its_kind_where_there_is_none_of_its_name(tmp_path):
    live = "environments/district/live.yaml"
    prod = "environments/district/prod.yaml"
    text = "kind: production\ndomain: embedded\npromotes_from: dev\n"
    written(tmp_path, {live: text, prod: None})
    found = {each.id: each.after for each in known_targets(tmp_path).targets}
    assert found["district/live"] == ("district/dev", "alder/prod", "birch/prod")


def test_environments_that_are_promoted_in_a_circle_wait_for_none_of_it(tmp_path):
    dev = "kind: development\ndomain: embedded\npromotes_from: prod\n"
    written(tmp_path, {"environments/district/dev.yaml": dev})
    found = {each.id: each.after for each in known_targets(tmp_path).targets}
    assert found["district/dev"] == ("alder/dev", "birch/dev")
    assert found["district/prod"] == ("alder/prod", "birch/prod")


def test_a_lost_row_is_told_beside_the_others_and_a_lost_fleet_instead_of_them(tmp_path):
    written(tmp_path, {"tenants/schools.csv": f"{ROWS}Cedar,Cedar,,\n"})
    known = known_targets(tmp_path)
    assert waves(choose(known.targets, Asked())) == ALL
    assert [each.line for each in known.problems] == [4]
    written(tmp_path, {"tenants/fleet.yaml": FLEET.replace("rows:", "row:")})
    with pytest.raises(FilesError):
        known_targets(tmp_path)


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ([], 0),
        ([0, 0], 0),
        ([0, 2, 0], 2),
        ([2, 6], 6),
        ([6, 5, 2], 5),
        ([5, 65], 65),
        ([65, 3, 69], 3),
        ([4, 3], 4),
        ([1, 4, 5], 1),
        ([-9, 0], 1),
        ([1, 130], 130),
    ],
)
def test_several_end_as_the_worst_of_them(codes, code):
    assert worst(codes) == code
