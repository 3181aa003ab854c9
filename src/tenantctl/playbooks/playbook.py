"""A playbook as a value: phases, their workstreams, their topics, and what a topic usually owns.

`load` turns a plain document into a `Playbook` and refuses one that contradicts itself. Nothing
here reads a file, and no kind is known: `owns` is what the guides say, as data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Any

from tenantctl.errors import PlaybookError

TOPIC_KINDS = ("config", "process", "test", "mixed")
WRITERS = ("config", "mixed")
ADOPTIONS = ("default", "optional")
ANYTHING = "**"

Fields = Mapping[str, tuple[str, ...]]
"""Per kind, dotted field paths; `**` stands for every field of the kind."""

Where = Mapping[str, Mapping[str, tuple[object, ...]]]
"""Per kind, the fields that tell which of its resources are meant, with the values they have."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One subject of a workstream.

    *kind* is `config` (the tool writes it), `process` (people do it), `test` (a pipeline proves
    it) or `mixed`. *owns* are the fields whose usual author the topic is, *extends* the fields of
    another topic's resources that it may author too. *where* narrows what it owns to resources
    whose fields have one of these values; None is a field that is not there. *homes* are the kinds
    of which a resource that *where* fits is expected here as a whole. *follows* are topic ids.
    """

    id: str
    name: str
    workstream: str
    phase: int
    kind: str
    owns: Fields
    extends: Fields
    follows: tuple[str, ...] = ()
    adopts: str = "default"
    where: Where = field(default_factory=dict)
    homes: tuple[str, ...] = ()

    def means(self, kind: str, fields: Mapping[str, Any] | None) -> bool:
        """Whether it is about a resource with these *fields*; None is any resource of the kind."""
        conditions = self.where.get(kind, {})
        return fields is None or all(
            not {*_found(fields, path.split("."))}.isdisjoint(values)
            for path, values in conditions.items()
        )


@dataclass(frozen=True, slots=True)
class Workstream:
    """Topics that one group of people works on.

    *follows* and *parallel* are workstream ids, *again* ids of topics of earlier phases on which
    the work goes on.
    """

    id: str
    name: str
    follows: tuple[str, ...]
    parallel: tuple[str, ...]
    topics: tuple[Topic, ...]
    again: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Milestone:
    """A point at which something can be shown: when these workstreams are done."""

    id: str
    name: str
    workstreams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """What has to be said before a phase goes live."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Phase:
    """One release of the rollout. *requires* are phase numbers, *sequence* topic ids."""

    number: int
    name: str
    requires: tuple[int, ...]
    workstreams: tuple[Workstream, ...]
    sequence: tuple[str, ...]
    milestones: tuple[Milestone, ...] = ()
    gates: tuple[Gate, ...] = ()


@dataclass(frozen=True, slots=True)
class Playbook:
    """All phases of one kind of rollout. *topics* are by id, in the order of application."""

    id: str
    name: str
    phases: tuple[Phase, ...]
    topics: Mapping[str, Topic]
    places: Mapping[str, tuple[int, int]]

    def topic(self, topic_id: str) -> Topic:
        """The topic of this id; raises PlaybookError with a suggestion where there is none."""
        if topic_id in self.topics:
            return self.topics[topic_id]
        close = get_close_matches(topic_id, self.topics, n=1)
        hint = f"did you mean {close[0]}?" if close else f"{self.id} has {', '.join(self.topics)}"
        raise PlaybookError(f"playbook {self.id} has no topic {topic_id}; {hint}")

    def place(self, topic_id: str) -> tuple[int, int]:
        """Phase number, and index in that phase's sequence from 0; raises as `topic` does."""
        return self.places[self.topic(topic_id).id]

    def phase(self, number: int) -> Phase:
        """The phase of this number; raises PlaybookError where there is none."""
        for phase in self.phases:
            if phase.number == number:
                return phase
        known = ", ".join(str(phase.number) for phase in self.phases)
        raise PlaybookError(f"playbook {self.id} has no phase {number}; it has {known}")

    def owners(
        self, kind: str, path: tuple[str, ...], fields: Mapping[str, Any] | None = None
    ) -> tuple[str, ...]:
        """The topics that usually author this field, earliest first; empty where none is said.

        Of the owned paths that lead to *path*, only the longest count. *fields* are those of the
        resource, authored or flat, the parts of its key among them: topics that are about other
        resources of the kind do not count. Without them every topic does.
        """
        return _strongest(kind, path, self._about(kind, fields))

    def may_author(
        self,
        topic_id: str,
        kind: str,
        path: tuple[str, ...],
        fields: Mapping[str, Any] | None = None,
    ) -> bool:
        """Whether nobody is surprised to find this field under this topic."""
        topic = self.topic(topic_id)
        owners = self.owners(kind, path, fields)
        return not owners or topic_id in owners or _reach(topic.extends.get(kind, ()), path) > 0

    def home(self, kind: str, fields: Mapping[str, Any]) -> str:
        """The topic under which a resource with these *fields* is expected; empty for none."""
        homes = (t.id for t in self._about(kind, fields) if kind in t.homes and t.kind in WRITERS)
        return next(homes, "")

    def topic_of(self, kind: str, path: tuple[str, ...], fields: Mapping[str, Any]) -> str:
        """The topic under which this field of a resource is expected; empty where none is said."""
        writers = (topic for topic in self._about(kind, fields) if topic.kind in WRITERS)
        return next(iter(_strongest(kind, path, writers)), "")

    def _about(self, kind: str, fields: Mapping[str, Any] | None) -> Iterator[Topic]:
        return (topic for topic in self.topics.values() if topic.means(kind, fields))


def _strongest(kind: str, path: tuple[str, ...], topics: Iterable[Topic]) -> tuple[str, ...]:
    reaches = [(_reach(topic.owns.get(kind, ()), path), topic.id) for topic in topics]
    longest = max((reach for reach, _ in reaches), default=0)
    return tuple(topic_id for reach, topic_id in reaches if reach == longest and reach)


def _reach(fields: tuple[str, ...], path: tuple[str, ...]) -> int:
    """How exactly *fields* name *path*: 0 not at all, 1 as anything, one more a matching part."""
    if not fields:
        return 0
    named = _split(fields)
    longest = next((size for size in range(len(path), 0, -1) if path[:size] in named), 0)
    return 1 + longest if longest else int(ANYTHING in fields)


@cache
def _split(fields: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(field.split(".")) for field in fields if field != ANYTHING)


def _found(value: object, path: list[str]) -> Iterator[object]:
    """The scalars at *path*, None where there is nothing.

    In a structure every key and every scalar counts: what is a map with a key for each element
    when it is authored is a list of structures when it is flat.
    """
    if path:
        yield from _found(value.get(path[0]) if isinstance(value, Mapping) else None, path[1:])
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield key
            yield from _found(inner, [])
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _found(inner, [])
    elif value is None or isinstance(value, str | int | float):
        yield value


def load(document: Mapping[str, Any]) -> Playbook:
    """The playbook that *document* describes; the form is that of `b2c.yaml`.

    Raises PlaybookError, with everything that is wrong, on a missing or unknown word, a duplicate
    id, an unknown predecessor, or a sequence that is incomplete or disagrees with `follows`.
    """
    try:
        playbook = _playbook(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        said = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise PlaybookError(f"playbook: not the form of a playbook: {said}") from error
    problems = list(_problems(playbook))
    if problems:
        raise PlaybookError(f"playbook {playbook.id}: {'; '.join(problems)}")
    return playbook


def _playbook(document: Mapping[str, Any]) -> Playbook:
    phases = tuple(_phase(entry) for entry in document["phases"])
    by_id = {topic.id: topic for phase in phases for topic in _topics(phase)}
    order = [topic_id for phase in phases for topic_id in phase.sequence]
    return Playbook(
        id=document["id"],
        name=document["name"],
        phases=phases,
        topics={topic_id: by_id[topic_id] for topic_id in order if topic_id in by_id},
        places={
            topic_id: (phase.number, index)
            for phase in phases
            for index, topic_id in enumerate(phase.sequence)
        },
    )


def _phase(entry: Mapping[str, Any]) -> Phase:
    number = int(entry["number"])
    return Phase(
        number=number,
        name=entry["name"],
        requires=tuple(entry["requires"]),
        workstreams=tuple(_workstream(stream, number) for stream in entry["workstreams"]),
        sequence=tuple(entry["sequence"]),
        milestones=tuple(
            Milestone(one["id"], one["name"], tuple(one["workstreams"]))
            for one in entry.get("milestones", ())
        ),
        gates=tuple(Gate(one["id"], one["text"]) for one in entry.get("gates", ())),
    )


def _workstream(entry: Mapping[str, Any], phase: int) -> Workstream:
    return Workstream(
        id=entry["id"],
        name=entry["name"],
        follows=tuple(entry["follows"]),
        parallel=tuple(entry["parallel"]),
        topics=tuple(_topic(topic, entry["id"], phase) for topic in entry["topics"]),
        again=tuple(entry.get("again", ())),
    )


def _topic(entry: Mapping[str, Any], workstream: str, phase: int) -> Topic:
    return Topic(
        id=entry["id"],
        name=entry["name"],
        workstream=workstream,
        phase=phase,
        kind=entry["kind"],
        owns=_fields(entry.get("owns", {})),
        extends=_fields(entry.get("extends", {})),
        follows=tuple(entry["follows"]),
        adopts=entry.get("adopts", "default"),
        where={
            kind: {path: tuple(values) for path, values in conditions.items()}
            for kind, conditions in entry.get("where", {}).items()
        },
        homes=tuple(entry.get("homes", ())),
    )


def _fields(entry: Mapping[str, Any]) -> Fields:
    return {kind: tuple(paths) for kind, paths in entry.items()}


def _topics(phase: Phase) -> Iterator[Topic]:
    for stream in phase.workstreams:
        yield from stream.topics


def _problems(playbook: Playbook) -> Iterator[str]:
    yield from _duplicates("phase", (phase.number for phase in playbook.phases))
    every = [topic for phase in playbook.phases for topic in _topics(phase)]
    yield from _duplicates("topic", (topic.id for topic in every))
    yield from _words(every)
    numbers = {phase.number for phase in playbook.phases}
    for phase in playbook.phases:
        for number in phase.requires:
            if number not in numbers:
                yield f"phase {phase.number} requires {number}, which does not exist"
        yield from _disorder(phase)
        yield from _strangers(phase)
    yield from _predecessors(playbook, every)
    yield from _recurring(playbook)


def _duplicates(what: str, ids: Iterable[object]) -> Iterator[str]:
    for each, count in Counter(ids).items():
        if count > 1:
            yield f"{what} {each} stands there {count} times"


def _words(topics: Iterable[Topic]) -> Iterator[str]:
    for topic in topics:
        if topic.kind not in TOPIC_KINDS:
            yield f"topic {topic.id}: kind {topic.kind} is none of {', '.join(TOPIC_KINDS)}"
        if topic.adopts not in ADOPTIONS:
            yield f"topic {topic.id}: adopts {topic.adopts} is none of {', '.join(ADOPTIONS)}"
        for kind in topic.homes:
            if kind not in topic.owns:
                yield f"topic {topic.id} is the home of {kind}, of which it owns nothing"
        for kind in topic.where:
            if kind not in topic.owns:
                yield f"topic {topic.id} says which {kind} it is about, and owns nothing of them"


def _disorder(phase: Phase) -> Iterator[str]:
    """What is wrong with a phase's sequence, apart from the predecessors."""
    declared = {topic.id for topic in _topics(phase)}
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
        for name in (*stream.follows, *stream.parallel):
            if name not in streams:
                yield f"workstream {stream.id} names an unknown workstream {name}"
        for name in stream.follows:
            if name in streams and not _precedes(phase, streams[name], stream):
                yield f"the sequence has {stream.id} before the end of {name}, which it follows"


def _precedes(phase: Phase, first: Workstream, second: Workstream) -> bool:
    index = {topic_id: at for at, topic_id in enumerate(phase.sequence)}
    ends = [index[topic.id] for topic in first.topics if topic.id in index]
    starts = [index[topic.id] for topic in second.topics if topic.id in index]
    return not ends or not starts or max(ends) < min(starts)


def _predecessors(playbook: Playbook, topics: Iterable[Topic]) -> Iterator[str]:
    for topic in topics:
        for name in topic.follows:
            if name not in playbook.topics:
                yield f"topic {topic.id} follows an unknown topic {name}"
            elif topic.id in playbook.places and not (
                playbook.places[name] < playbook.places[topic.id]
            ):
                yield f"the sequence has {topic.id} before {name}, which it follows"


def _recurring(playbook: Playbook) -> Iterator[str]:
    for phase in playbook.phases:
        for stream in phase.workstreams:
            for name in stream.again:
                known = playbook.topics.get(name)
                if known is None:
                    yield f"workstream {stream.id} names an unknown topic {name} again"
                elif known.phase >= phase.number:
                    yield f"phase {phase.number} has {name} again, but no phase before it has it"
