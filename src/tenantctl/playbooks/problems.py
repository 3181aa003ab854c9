"""How a playbook can contradict itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from tenantctl.playbooks.playbook import (
    REQUIREMENTS,
    Phase,
    Playbook,
    Topic,
    Workstream,
)

TOPIC_KINDS = ("config", "process", "test", "mixed")
WRITERS = ("config", "mixed")
MILESTONE_KINDS = ("demonstration", "production", "either")


def problems(playbook: Playbook) -> Iterator[str]:
    """What contradicts itself, each in a sentence."""
    yield from _duplicates("phase", (phase.number for phase in playbook.phases))
    every = [topic for phase in playbook.phases for topic in phase.topics]
    yield from _duplicates("topic", (topic.id for topic in every))
    yield from _words(every)
    numbers = {phase.number for phase in playbook.phases}
    for phase in playbook.phases:
        for number in phase.requires:
            if number not in numbers:
                yield f"phase {phase.number} requires {number}, which does not exist"
        yield from _disorder(phase)
        yield from _strangers(phase)
        yield from _milestones(phase)
    yield from _predecessors(playbook, every)
    yield from _recurring(playbook)
    for check in playbook.checks:
        for topic in check.topics:
            if topic not in playbook.topics:
                yield f"check {check.id} names an unknown topic {topic}"


def _duplicates(what: str, ids: Iterable[object]) -> Iterator[str]:
    for each, count in Counter(ids).items():
        if count > 1:
            yield f"{what} {each} stands there {count} times"


def _words(topics: Iterable[Topic]) -> Iterator[str]:
    for topic in topics:
        if topic.kind not in TOPIC_KINDS:
            yield f"topic {topic.id}: kind {topic.kind} is none of {', '.join(TOPIC_KINDS)}"
        if topic.owns and topic.kind in TOPIC_KINDS and topic.kind not in WRITERS:
            yield f"topic {topic.id} owns fields, but {topic.kind} topics write nothing"
        for kind in topic.homes:
            if kind not in topic.owns:
                yield f"topic {topic.id} is the home of {kind}, of which it owns nothing"
        for kind in topic.where:
            if kind not in topic.owns:
                yield f"topic {topic.id} says which {kind} it is about, and owns nothing of them"


def _disorder(phase: Phase) -> Iterator[str]:
    """What is wrong with a phase's sequence, apart from the predecessors."""
    declared = {topic.id for topic in phase.topics}
    yield from _duplicates(f"in the sequence of phase {phase.number}, topic", phase.sequence)
    for topic_id in phase.sequence:
        if topic_id not in declared:
            yield f"the sequence of phase {phase.number} has an unknown topic {topic_id}"
    for topic_id in sorted(declared - set(phase.sequence)):
        yield f"the sequence of phase {phase.number} lacks {topic_id}"


def _strangers(phase: Phase) -> Iterator[str]:
    """Workstreams that are named but not there, and workstreams that start before they may."""
    yield from _duplicates("workstream", (stream.id for stream in phase.workstreams))
    streams = {stream.id: stream for stream in phase.workstreams}
    for milestone in phase.milestones:
        for name in milestone.workstreams:
            if name not in streams:
                yield f"milestone {milestone.id} names an unknown workstream {name}"
    for stream in phase.workstreams:
        for name in (*stream.follows, *stream.after, *stream.parallel):
            if name not in streams:
                yield f"workstream {stream.id} names an unknown workstream {name}"
        for name in (*stream.follows, *stream.after):
            if name in streams and not _precedes(phase, streams[name], stream):
                yield f"the sequence has {stream.id} before the end of {name}, which it follows"


def _precedes(phase: Phase, first: Workstream, second: Workstream) -> bool:
    index = {topic_id: at for at, topic_id in enumerate(phase.sequence)}
    ends = [index[topic.id] for topic in first.topics if topic.id in index]
    starts = [index[topic.id] for topic in second.topics if topic.id in index]
    return not ends or not starts or max(ends) < min(starts)


def _milestones(phase: Phase) -> Iterator[str]:
    """Milestones of an unknown kind, and topics that are due at none of the phase's."""
    known = {milestone.id for milestone in phase.milestones}
    yield from _duplicates(f"in phase {phase.number}, milestone", (m.id for m in phase.milestones))
    for milestone in phase.milestones:
        if milestone.kind not in MILESTONE_KINDS:
            words = ", ".join(MILESTONE_KINDS)
            yield f"milestone {milestone.id}: kind {milestone.kind} is none of {words}"
    for each in chain.from_iterable(stream.asked for stream in phase.workstreams):
        if each.milestone not in known:
            yield f"topic {each.id} is due at an unknown milestone {each.milestone}"
        if each.requirement not in REQUIREMENTS:
            words = ", ".join(REQUIREMENTS)
            yield f"topic {each.id}: requirement {each.requirement} is none of {words}"
        elif each.requirement == "conditional" and not each.condition:
            yield f"topic {each.id} is conditional, but has no condition"


def _predecessors(playbook: Playbook, topics: Iterable[Topic]) -> Iterator[str]:
    for topic in topics:
        for name in (*topic.follows, *topic.after):
            if name not in playbook.topics:
                yield f"topic {topic.id} follows an unknown topic {name}"
            elif topic.id in playbook.places and not (
                playbook.places[name] < playbook.places[topic.id]
            ):
                yield f"the sequence has {topic.id} before {name}, which it follows"


def _recurring(playbook: Playbook) -> Iterator[str]:
    for phase in playbook.phases:
        for stream in phase.workstreams:
            for again in stream.again:
                known = playbook.topics.get(again.id)
                if known is None:
                    yield f"workstream {stream.id} names an unknown topic {again.id} again"
                elif known.phase >= phase.number:
                    yield f"phase {phase.number} has {again.id} again, but no phase before it has"
