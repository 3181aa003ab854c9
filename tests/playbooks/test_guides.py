"""Our playbooks against what was mined from Auth0's guides, and our tenant against its state."""

from __future__ import annotations

import json
import re

import pytest

from tenantctl.playbooks import NAMES, checks, playbook, texts

KINDS = {"tenant_config": "config"}
"""What the guides call a kind of topic, where we call it otherwise."""
SHOWN = {
    "demonstration": "demonstration",
    "production": "production",
    "demonstration and/or production": "either",
}
LEVELS = {"development": "dev", "qa": "qa", "production": "prod"}
RESOURCES = {
    "risk_assessments": "risk_assessment_settings",
    "organization_connections": "organization_enabled_connections",
    "scim_configuration": "connection_scim_configuration",
    "guardian_phone.provider": "guardian_phone_provider",
    "guardian_phone.message_types": "guardian_phone_message_types",
    "guardian_phone.enrollment_message": "guardian_phone_templates",
    "guardian_phone.verification_message": "guardian_phone_templates",
}
"""Kinds of ours by the reference's name of a resource, with the field where one has become many."""
OURS = ("tenant_provision", "clients")
"""The guides count the tool's own client, which is made by hand and never declared."""
PHASES = [(name, phase.number) for name in NAMES for phase in playbook(name).phases]


@pytest.fixture(scope="module")
def reference(shared):
    return json.loads((shared / "reference" / "playbooks.json").read_text())


@pytest.fixture(scope="module")
def guides(reference):
    """The phases of each playbook in the reference, by name and number."""
    return {
        (found["id"], phase["number"]): phase
        for found in reference["playbooks"]
        for phase in found["phases"]
    }


def bare(id):
    return id.rsplit(".", 1)[-1]


def topics(guide):
    return [
        (bare(stream["id"]), topic) for stream in guide["workstreams"] for topic in stream["topics"]
    ]


def is_new(name, number, topic):
    return playbook(name).topic(topic).phase == number


def test_the_phases_are_those_of_the_guides(guides):
    assert sorted(PHASES) == sorted(guides)
    for (name, number), guide in guides.items():
        assert list(playbook(name).phase(number).requires) == [
            int(bare(id).removeprefix("p")) for id in guide["requires"]
        ]


@pytest.mark.parametrize(("name", "number"), PHASES)
def test_the_topics_go_in_the_order_of_the_guides(name, number, guides):
    new = [bare(id) for id in guides[name, number]["sequence"]]
    ours = playbook(name).phase(number)
    assert list(ours.sequence) == [topic for topic in new if is_new(name, number, topic)]


@pytest.mark.parametrize(("name", "number"), PHASES)
def test_the_workstreams_are_those_of_the_guides_with_their_topics_new_and_old(
    name, number, guides
):
    ours = {
        stream.id: ({topic.id for topic in stream.topics}, {each.id for each in stream.again})
        for stream in playbook(name).phase(number).workstreams
    }
    theirs = {bare(stream["id"]): (set(), set()) for stream in guides[name, number]["workstreams"]}
    for stream, topic in topics(guides[name, number]):
        new, again = theirs[stream]
        (new if is_new(name, number, topic["topic"]) else again).add(topic["topic"])
    assert list(ours) == list(theirs)
    assert ours == theirs


@pytest.mark.parametrize(("name", "number"), PHASES)
def test_workstreams_and_milestones_stand_to_each_other_as_in_the_guides(name, number, guides):
    ours, guide = playbook(name).phase(number), guides[name, number]
    assert [
        (s.id, set(s.follows), set(s.after), set(s.parallel), s.audience, s.optional)
        for s in ours.workstreams
    ] == [
        (
            bare(stream["id"]),
            before(stream, "hard"),
            before(stream, "soft"),
            {bare(id) for id in stream["parallel_with"]},
            stream["audience"],
            stream["optional"],
        )
        for stream in guide["workstreams"]
    ]
    assert [(set(one.workstreams), one.kind) for one in ours.milestones] == [
        ({bare(id) for id in one["workstreams"]}, SHOWN[one["kind"]]) for one in guide["milestones"]
    ]
    assert [gate.id for gate in ours.gates] == [bare(gate["id"]) for gate in guide["gates"]]
    assert all(gate.checks for gate in ours.gates)


def before(entry, type):
    """What comes before a workstream or a topic: hard where it must, soft where it had better."""
    return {bare(each["id"]) for each in entry["after"] if each["type"] == type}


@pytest.mark.parametrize(("name", "number"), PHASES)
def test_a_phase_asks_for_its_topics_as_the_guides_do(name, number, guides):
    """Old topics and new: by when, how much, for whom, and whether there is a condition."""
    ours, guide = playbook(name).phase(number), guides[name, number]
    pairs = zip(guide["milestones"], ours.milestones, strict=True)
    reached = {one["id"]: mine.id for one, mine in pairs}
    assert {
        asked.id: (asked.requirement, asked.milestone, asked.audience, bool(asked.condition))
        for stream in ours.workstreams
        for asked in stream.asked
    } == {
        topic["topic"]: (
            topic["requirement"],
            reached[topic["milestone"]],
            topic["audience"],
            bool(topic.get("condition")),
        )
        for _, topic in topics(guide)
    }
    assert {stream.id: bool(stream.condition) for stream in ours.workstreams} == {
        bare(stream["id"]): bool(stream.get("condition")) for stream in guide["workstreams"]
    }


def test_there_are_as_many_workstreams_topics_and_checks_as_in_the_guides(reference):
    books = [playbook(name) for name in NAMES]
    streams = [s for book in books for phase in book.phases for s in phase.workstreams]
    known = {topic for book in books for topic in book.topics}
    found = {check.id for book in books for check in checks(book)}
    assert (len(streams), len(known), len(found)) == (51, 74, 176)
    assert sum(len(stream.asked) for stream in streams) == 137
    assert known == reference["topics"].keys() == texts()["topics"].keys()
    assert found == {check["id"] for check in reference["checks"]} == texts()["checks"].keys()


def test_every_check_asks_what_the_reference_asks(reference):
    ours = {check.id: check for name in NAMES for check in checks(playbook(name))}
    for guide in reference["checks"]:
        check = ours[guide["id"]]
        assert (check.severity, check.evidence) == (guide["severity"], guide["evidence"]), check.id
        assert list(check.topics) == guide["topics"], check.id
        assert {kind: guide["levels"][LEVELS[kind]] for kind in LEVELS} == check.levels, check.id
        assert check.evaluate == guide["evaluate"], check.id
        assert check.when == guide.get("applies_when"), check.id
        first = {
            name: min(t.phase for t in playbook(name).topics.values() if t.id in check.topics)
            for name in NAMES
            if not playbook(name).topics.keys().isdisjoint(check.topics)
        }
        assert first == {n: p for n, p in guide["first_phase"].items() if p is not None}, check.id


def test_nothing_that_people_read_stands_in_the_reference(reference):
    """Facts carry over, sentences do not: no clause of five words or more is the same."""
    theirs = " ".join(words(json.dumps(reference)))
    written = [
        *(stream.condition for _, stream in streams()),
        *(asked.condition for _, stream in streams() for asked in stream.asked),
        *(text.get("summary", "") for text in texts()["topics"].values()),
    ]
    said = {" ".join(words(text)) for text in written if len(words(text)) > 4}
    assert {text for text in said if text in theirs} == set()


def words(text):
    return re.findall(r"[a-z0-9_']+", text.casefold())


def streams():
    for name in NAMES:
        for phase in playbook(name).phases:
            for stream in phase.workstreams:
                yield name, stream


def test_a_condition_completes_where_it_is_needed():
    """`needed where ...`: a clause without a capital, a full stop, or the words of the guides."""
    conditions = {stream.condition for _, stream in streams()} | {
        asked.condition for _, stream in streams() for asked in stream.asked
    }
    assert "seed" not in " ".join(conditions)
    for condition in conditions - {""}:
        assert condition[0].islower(), condition
        assert condition[-1] not in ".;,", condition
        assert len(condition) <= 100, condition


@pytest.mark.parametrize(("name", "number"), PHASES)
def test_a_topic_is_of_the_kind_that_the_guides_say_and_follows_what_they_say(
    name, number, guides, reference
):
    for _, guide in topics(guides[name, number]):
        if is_new(name, number, guide["topic"]):
            ours = playbook(name).topic(guide["topic"])
            said = reference["topics"][guide["topic"]]["kind"]
            assert ours.kind == KINDS.get(said, said), ours.id
            assert set(ours.follows) == before(guide, "hard"), ours.id
            assert set(ours.after) == before(guide, "soft"), ours.id


def claims(config, role):
    """The kinds and the paths of ours that the reference's lists of a topic mean."""
    for each in config:
        if each["role"] != role:
            continue
        resource, _, part = each["resource"].partition(".")
        for field in each["fields"] or ["anything"]:
            path = tuple(filter(None, field.split("[]")[0].split(".")))
            kind = RESOURCES.get(f"{resource}.{field}", RESOURCES.get(resource, resource))
            yield kind, (*((part,) if part else ()), *path)


@pytest.mark.parametrize("name", NAMES)
def test_a_topic_owns_every_field_that_the_guides_say_it_owns(name, reference):
    book = playbook(name)
    said = [
        (topic, kind, path)
        for topic in book.topics
        for kind, path in claims(reference["topics"][topic]["config"], "owns")
    ]
    assert len(said) > 150
    assert [each for each in said if each[0] not in book.owners(*each[1:])] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_topic_may_author_whatever_the_guides_say_it_extends(name, reference):
    book = playbook(name)
    said = [
        (topic, kind, path)
        for topic in book.topics
        for kind, path in claims(reference["topics"][topic]["config"], "extends")
        if (topic, kind) != OURS
    ]
    assert len(said) > 50
    assert [each for each in said if not book.may_author(*each)] == []


def test_every_environment_has_the_kinds_of_the_example_tenant(shared, project_resources):
    for env, resources in project_resources.items():
        path = shared / "data" / "example-tenants" / f"hearthhollow-{env}.json"
        state = json.loads(path.read_text())
        for kind in ("custom_domains", "log_streams", "network_acls"):
            assert len(resources[kind]) == len(state[kind]), (env, kind)
        assert len(resources["clients"]) == 6
        assert len(resources["actions"]) == 3
        assert len(resources["prompt_custom_text"]) == 12


@pytest.fixture(scope="module")
def project_resources():
    """The keys of every kind that each environment of hearthhollow desires."""
    from support.project import REPOSITORY
    from tenantctl.files import load

    found = {}
    for env in ("dev", "qa", "prod"):
        keys: dict[str, list[str]] = {}
        for resource in load(REPOSITORY, "hearthhollow", env).desired.tenant:
            keys.setdefault(resource.address.kind, []).append(resource.address.key)
        found[env] = {kind: keys.get(kind, []) for kind in {*keys, "network_acls"}}
    return found
