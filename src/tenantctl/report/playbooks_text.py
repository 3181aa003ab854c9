"""Playbooks as text for a terminal: all in brief, one in full, one topic."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from tenantctl.playbooks import Again, Phase, Playbook, Topic, Workstream, checks, texts_of
from tenantctl.report.escape import visible
from tenantctl.report.style import Style

LEAST = 60
LABEL = 14
WRITES = {
    "config": "configuration",
    "process": "work of people",
    "test": "tests",
    "mixed": "configuration and work of people",
}


def playbooks_text(books: Sequence[Playbook], *, color: bool, width: int) -> str:
    """A few lines for each playbook, and how to see more."""
    style = Style(color, max(LEAST, width))
    lines: list[str] = []
    for book in books:
        lines.append(style.paint("title", visible(f"{book.id}  {book.name}")))
        for phase in book.phases:
            streams = len(phase.workstreams)
            count = f"{streams} workstreams, {len(phase.sequence)} new topics"
            lines += _wrapped(f"Phase {phase.number}: {phase.name}; {count}", style, 2)
    more = "tenantctl playbooks b2c says all of one, tenantctl playbooks --topic mfa of a topic."
    lines += ["", *_wrapped(more, style, 0)]
    return "".join(f"{line}\n" for line in lines)


def playbook_text(book: Playbook, *, color: bool, width: int) -> str:
    """Phases with their milestones, gates, workstreams and topics, in order."""
    style = Style(color, max(LEAST, width))
    lines = [style.paint("title", visible(f"{book.id}  {book.name}"))]
    for phase in book.phases:
        lines += ["", *_phase(phase, book, style)]
    return "".join(f"{line}\n" for line in lines)


def _phase(phase: Phase, book: Playbook, style: Style) -> Iterator[str]:
    needs = f"  (needs phase {', '.join(map(str, phase.requires))})" if phase.requires else ""
    yield style.paint("title", visible(f"Phase {phase.number}  {phase.name}{needs}"))
    short = milestones(phase)
    for milestone in phase.milestones:
        names = ", ".join(_name(stream, phase) for stream in milestone.workstreams)
        after = f": {names}" if names else ""
        yield from _labelled(
            short[milestone.id], f"{milestone.name} ({milestone.kind}){after}", style
        )
    for gate in phase.gates:
        yield from _labelled("gate", f"{gate.text} [{', '.join(gate.checks)}]", style)
    for stream in phase.workstreams:
        yield ""
        yield from _stream(stream, phase, book, style)


def milestones(phase: Phase) -> Mapping[str, str]:
    """The short names of a phase's milestones, by id."""
    return {milestone.id: f"M{at}" for at, milestone in enumerate(phase.milestones, 1)}


def _name(stream_id: str, phase: Phase) -> str:
    return next((each.name for each in phase.workstreams if each.id == stream_id), stream_id)


def _stream(stream: Workstream, phase: Phase, book: Playbook, style: Style) -> Iterator[str]:
    said = [stream.audience]
    if stream.optional:
        said.append("optional")
    if stream.condition:
        said.append(f"needed where {stream.condition}")
    for word, names in (
        ("follows", stream.follows),
        ("better after", stream.after),
        ("beside", stream.parallel),
    ):
        if names:
            said.append(f"{word} {', '.join(_name(name, phase) for name in names)}")
    yield style.paint("title", visible(f"  {stream.name}"))
    yield from _wrapped("; ".join(said), style, 4)
    size = max((len(asked.id) for asked in stream.asked), default=0)
    for asked in stream.asked:
        mark = milestones(phase)[asked.milestone]
        head = f"{asked.id:<{size}}  {asked.requirement:<11}  {mark}"
        yield from _entry(f"    {visible(head)}", visible(_rest(asked, stream, book)), style)


def _rest(asked: Topic | Again, stream: Workstream, book: Playbook) -> str:
    """What is to be known of a topic besides its name."""
    said = []
    if asked.audience != stream.audience:
        said.append(asked.audience)
    if isinstance(asked, Again):
        said.append(f"goes on from phase {book.topic(asked.id).phase}")
    if asked.condition:
        said.append(f"needed where {asked.condition}")
    if isinstance(asked, Topic):
        said += [f"needs {', '.join(asked.follows)}"] if asked.follows else []
        said += [f"better after {', '.join(asked.after)}"] if asked.after else []
    return "; ".join(said)


def topic_text(books: Sequence[Playbook], topic_id: str, *, color: bool, width: int) -> str:
    """One topic: what it is about, where it stands, what it writes, an example, its checks."""
    style = Style(color, max(LEAST, width))
    book = books[0]
    topic = book.topic(topic_id)
    said = texts_of(book)["topics"].get(topic_id, {})
    lines = [style.paint("title", visible(f"{topic.id}  {topic.name}"))]
    lines += _wrapped(said.get("summary", ""), style, 2)
    lines += ["", *_labelled("kind", WRITES[topic.kind], style)]
    for each in books:
        lines += _place(each, each.topic(topic_id), topic, style)
    if example := said.get("example"):
        lines += ["", style.paint("title", "Example")]
        lines += [f"  {visible(line)}" for line in str(example).splitlines()]
    mine_too = [check for check in checks(book) if topic_id in check.topics]
    if mine_too:
        lines += ["", style.paint("title", "Checks")]
        size = max(len(check.id) for check in mine_too)
        for check in mine_too:
            level = f"{check.level('production'):<5}"
            lines += _entry(f"  {visible(check.id):<{size}}  {level}", visible(check.title), style)
        lines += _wrapped("The level is that in production: tenantctl explain CHECK.", style, 2)
    if docs := said.get("docs"):
        lines += ["", style.paint("title", "Where Auth0 writes about it")]
        lines += [f"  {visible(link)}" for link in docs]
    return "".join(f"{line}\n" for line in lines)


def _place(book: Playbook, topic: Topic, first: Topic, style: Style) -> Iterator[str]:
    """Where *book* has a topic; what it writes is not said again where *first* says the same."""
    yield from _labelled(book.id, "; ".join(places(book, topic.id)), style)
    yield from _labelled("  needs", ", ".join(topic.follows), style)
    yield from _labelled("  better after", ", ".join(topic.after), style)
    if topic is first or (topic.owns, topic.extends) != (first.owns, first.extends):
        for label, fields in (("  writes", topic.owns), ("  may write", topic.extends)):
            yield from _labelled(label, "; ".join(fields_told(fields)), style)


def places(book: Playbook, topic_id: str) -> Iterator[str]:
    """Where a playbook asks for a topic, first and again, each in a few words."""
    for phase in book.phases:
        for stream in phase.workstreams:
            for asked in stream.asked:
                if asked.id == topic_id:
                    due = milestones(phase)[asked.milestone]
                    where = f", where {asked.condition}" if asked.condition else ""
                    said = f"{asked.requirement} by {due}{where}; {asked.audience}"
                    yield f"phase {phase.number}, {stream.name}: {said}"


def fields_told(fields: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Kinds with the fields that are meant; a kind alone is all of it."""
    for kind, paths in fields.items():
        yield kind if "**" in paths else f"{kind} {', '.join(paths)}"


def _labelled(label: str, text: str, style: Style) -> Iterator[str]:
    if text:
        yield from _entry(f"  {visible(label):<{LABEL}}", visible(text), style)


def _entry(head: str, text: str, style: Style) -> list[str]:
    """*text* after *head*, wrapped so that no line begins before it."""
    return textwrap.wrap(
        text,
        style.width,
        initial_indent=f"{head}  ",
        subsequent_indent=" " * (len(head) + 2),
        break_long_words=False,
        break_on_hyphens=False,
    ) or [head.rstrip()]


def _wrapped(text: str, style: Style, indent: int) -> list[str]:
    return textwrap.wrap(
        visible(text),
        style.width,
        initial_indent=" " * indent,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
