"""`tenantctl playbooks`: in brief, in full, one topic, for machines, as a source."""

from __future__ import annotations

import re

import pytest
import yaml

from support.project import command
from tenantctl.playbooks import NAMES, load, playbook, shipped_topics


def test_without_a_name_all_playbooks_are_told_in_brief() -> None:
    ran = command("playbooks")
    assert ran.code == 0
    for name in NAMES:
        assert re.search(rf"^{name}  {playbook(name).name}$", ran.out, re.MULTILINE)
    assert "Phase 1: Applications integrated, people sign in; 10 workstreams, 36 new" in ran.out


@pytest.mark.parametrize("name", NAMES)
def test_a_playbook_is_told_with_every_workstream_and_every_topic_in_order(name: str) -> None:
    text = command("playbooks", name).out
    at = 0
    for phase in playbook(name).phases:
        at = text.index(f"Phase {phase.number}  {phase.name}", at)
        for milestone in phase.milestones:
            assert f"{milestone.name} ({milestone.kind})" in text[at:]
        for stream in phase.workstreams:
            at = text.index(f"\n  {stream.name}\n    {stream.audience}", at)
            for asked in stream.asked:
                at = text.index(f"\n    {asked.id} ", at)
                assert asked.requirement in text[at:].splitlines()[1]


def test_what_is_told_of_a_topic_says_whether_it_is_needed_when_and_after_what() -> None:
    line = next(
        each for each in command("playbooks", "b2c").out.splitlines() if " step_up " in each
    )
    assert re.search(r"step_up +conditional +M1 +needed where mfa is adopted", line)
    again = command("playbooks", "b2b").out
    assert re.search(r"hrd +conditional +M2 +goes on from phase 1; needed where enterpr", again)


def test_lines_keep_to_the_terminal_and_carry_no_colour_in_a_pipe() -> None:
    text = command("playbooks", "b2b").out
    assert max(map(len, text.splitlines())) <= 120
    assert "\x1b" not in text


def test_one_topic_is_told_with_its_places_example_checks_and_links() -> None:
    text = command("playbooks", "--topic", "mfa").out
    assert "phase 2, Authentication: recommended by M2" in text
    assert "guardian_factors:\n      otp: {enabled: true}" in text
    assert "M01.mfa-factor-enabled  block" in text
    assert "https://auth0.com/docs/" in text
    assert "b2b" not in command("playbooks", "b2c", "--topic", "mfa").out


def test_machines_get_all_of_it() -> None:
    document = command("playbooks", "--json").json
    assert (document["type"], document["format"]) == ("playbooks", 1)
    assert [book["id"] for book in document["playbooks"]] == [*NAMES]
    for book in document["playbooks"]:
        mine = playbook(book["id"])
        assert [topic["id"] for topic in book["topics"]] == [*mine.topics]
        assert sum(len(s["topics"]) for p in book["phases"] for s in p["workstreams"]) == sum(
            len(stream.asked) for phase in mine.phases for stream in phase.workstreams
        )
        assert all(topic["summary"] and topic["docs"] for topic in book["topics"])
    one = command("playbooks", "b2c", "--topic", "mfa", "--json").json["playbooks"]
    assert [topic["id"] for book in one for topic in book["topics"]] == ["mfa"]


@pytest.mark.parametrize("name", NAMES)
def test_the_source_can_be_read_again(name: str) -> None:
    source = command("playbooks", name, "--yaml").out
    assert load(yaml.safe_load(source), shipped_topics()) == playbook(name)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--topic", "mfaa"), 64, "there is no topic mfaa\nhelp: did you mean mfa?"),
        (("b2c", "--topic", "m2m"), 64, "there is no topic m2m"),
        (("--yaml",), 64, "--yaml prints one playbook\nhelp: tenantctl playbooks b2c --yaml"),
        (("b2c", "--topic", "mfa", "--yaml"), 64, "--yaml prints one playbook"),
        (("no-such.yaml",), 65, "there is no file ./no-such.yaml"),
    ],
)
def test_what_cannot_be_told_is_answered_with_what_can(
    arguments: tuple[str, ...], code: int, said: str
) -> None:
    ran = command("playbooks", *arguments)
    assert ran.code == code
    assert said in ran.err
    assert ran.out == ""
