"""A playbook as a value: phases, their workstreams, their topics, and what a topic usually owns.

No kind is known here: `owns` is what the guides say, as data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Any

from tenantctl.errors import PlaybookError, UsageError
from tenantctl.playbooks.check import Check

ANYTHING = "**"

REQUIREMENTS = ("required", "recommended", "conditional", "optional")
"""Part of the phase; for nearly all; required where its condition holds; the project's choice."""

Fields = Mapping[str, tuple[str, ...]]
"""Per kind, dotted field paths; `**` stands for every field of the kind."""

Where = Mapping[str, Mapping[str, frozenset[object]]]
"""Per kind, the fields that tell which of its resources are meant, with the values they have."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One subject of a workstream.

    *kind* is `config` (the tool writes it), `process` (people do it), `test` (a pipeline proves
    it) or `mixed`. *requirement* is one of `REQUIREMENTS`, *condition* says when a conditional one
    is needed, *milestone* by when it is due. *follows* are ids of topics that have to be in place
    before it, *after* of those that had better be. *owns* are the fields whose usual author the
    topic is, *extends* the fields of another topic's resources that it may author too. *where*
    narrows what it owns to resources whose fields have one of these values; None is a field that
    is not there. *homes* are the kinds of which a resource that *where* fits is expected here as a
    whole.
    """

    id: str
    name: str
    workstream: str
    phase: int
    kind: str
    requirement: str
    milestone: str
    audience: str
    owns: Fields
    extends: Fields
    follows: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    condition: str = ""
    where: Where = field(default_factory=dict)
    homes: tuple[str, ...] = ()

    def means(self, kind: str, fields: Mapping[str, Any] | None) -> bool:
        """Whether it is about a resource with these *fields*; None is any resource of the kind."""
        conditions = self.where.get(kind)
        if fields is None or not conditions:
            return True
        return all(
            any(value in values for value in _found(fields, path.split(".")))
            for path, values in conditions.items()
        )


@dataclass(frozen=True, slots=True)
class Again:
    """A topic of an earlier phase, by its id, on which the work of a later one goes on."""

    id: str
    requirement: str
    milestone: str
    audience: str
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Workstream:
    """Topics that one group of people, the *audience*, works on.

    *follows*, *after* and *parallel* are workstream ids: what has to be done before, what had
    better be, and what goes on at the same time. An *optional* one is needed where *condition*
    holds.
    """

    id: str
    name: str
    audience: str
    follows: tuple[str, ...]
    parallel: tuple[str, ...]
    topics: tuple[Topic, ...]
    after: tuple[str, ...] = ()
    again: tuple[Again, ...] = ()
    optional: bool = False
    condition: str = ""

    @property
    def asked(self) -> tuple[Topic | Again, ...]:
        """Its topics, those that come again last."""
        return (*self.topics, *self.again)


@dataclass(frozen=True, slots=True)
class Milestone:
    """A point at which something can be shown: when these workstreams are done.

    *kind* is `demonstration`, `production` or `either`.
    """

    id: str
    name: str
    kind: str
    workstreams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """What has to be said before a phase goes live, and the ids of the checks that say it."""

    id: str
    text: str
    checks: tuple[str, ...] = ()


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

    @property
    def topics(self) -> Iterator[Topic]:
        """Its topics, workstream by workstream."""
        return (topic for stream in self.workstreams for topic in stream.topics)

    def milestone(self, milestone_id: str) -> int:
        """The index of a milestone, in the order in which they are reached.

        Raises UsageError where the phase has none of that id. `M1` is the first one.
        """
        ids = [milestone.id for milestone in self.milestones]
        short = {f"M{index}": index for index in range(1, len(ids) + 1)}
        if milestone_id in ids:
            return ids.index(milestone_id)
        if milestone_id in short:
            return short[milestone_id] - 1
        known = ", ".join(f"{id} ({name})" for name, id in zip(short, ids, strict=True))
        raise UsageError(
            f"phase {self.number} has no milestone {milestone_id}", help=f"it has {known}"
        )

    def due(self, topic_id: str) -> Topic | Again | None:
        """How the phase asks for a topic, first or again; None if it does not."""
        for stream in self.workstreams:
            for asked in stream.asked:
                if asked.id == topic_id:
                    return asked
        return None


@dataclass(frozen=True, slots=True)
class Playbook:
    """All phases of one kind of rollout.

    *topics* are by id, in the order of application; *owning* are by kind those that own something
    of it, in the same order. *checks* are those that a team wrote into its own playbook, *texts*
    what it wrote of `topics` and `checks` for people to read.
    """

    id: str
    name: str
    phases: tuple[Phase, ...]
    topics: Mapping[str, Topic]
    places: Mapping[str, tuple[int, int]]
    owning: Mapping[str, tuple[Topic, ...]]
    checks: tuple[Check, ...] = ()
    texts: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)

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
        return tuple(topic.id for topic in self._owners(kind, path, fields))

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
        owning = self.owning.get(kind, ())
        return next((t.id for t in owning if kind in t.homes and t.means(kind, fields)), "")

    def topic_of(self, kind: str, path: tuple[str, ...], fields: Mapping[str, Any]) -> str:
        """The topic under which this field of a resource is expected; empty where none is said."""
        return next((topic.id for topic in self._owners(kind, path, fields)), "")

    def _owners(
        self, kind: str, path: tuple[str, ...], fields: Mapping[str, Any] | None
    ) -> tuple[Topic, ...]:
        reaches = [
            (reach, topic)
            for topic in self.owning.get(kind, ())
            if (reach := _reach(topic.owns[kind], path)) and topic.means(kind, fields)
        ]
        longest = max((reach for reach, _ in reaches), default=0)
        return tuple(topic for reach, topic in reaches if reach == longest)


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
