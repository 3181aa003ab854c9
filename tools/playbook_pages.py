"""Writes docs/playbooks/: a page and a drawing for each playbook, a page for each topic.

    python -m tools.playbook_pages            write the files
    python -m tools.playbook_pages --check    write nothing, exit 1 where one is out of date

Everything comes from the data that plans and checks go by; coverage.md from the example tenants.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tools.playbook_coverage import coverage
from tools.playbook_drawing import drawing

from tenantctl.playbooks import (
    NAMES,
    Again,
    Check,
    Phase,
    Playbook,
    Topic,
    Workstream,
    checks,
    playbook,
    texts,
)
from tenantctl.report.playbooks_text import WRITES, milestones

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "playbooks"
SPECIAL = str.maketrans({character: f"\\{character}" for character in "*<|`"})
LANGUAGES = {"mjs": "js"}
BOOKS = {name: playbook(name) for name in NAMES}
MADE = "Made by `python -m tools.playbook_pages`; do not edit."


def main(arguments: Sequence[str]) -> int:
    """Write or check the pages; 1 where a check fails, else 0."""
    fresh = {FOLDER / name: text for name, text in pages().items()}
    present = {path for path in FOLDER.rglob("*") if path.is_file()}
    stale = sorted(path for path in {*fresh, *present} if _text(path) != fresh.get(path))
    for path in stale:
        print(f"{'out of date' if '--check' in arguments else 'written'}: {path.name}")
        if "--check" in arguments:
            continue
        if path in fresh:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(fresh[path], encoding="utf-8")
        else:
            path.unlink()
    return int("--check" in arguments and bool(stale))


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def pages() -> Mapping[str, str]:
    """What each file says, by its path in the folder."""
    return {**documented(), "coverage.md": coverage()}


def documented() -> Mapping[str, str]:
    """The same without what depends on the example tenants."""
    topics = dict.fromkeys(topic for book in BOOKS.values() for topic in book.topics)
    return {
        "README.md": _joined(_index(list(topics))),
        **{f"{name}.md": _joined(_book(book)) for name, book in BOOKS.items()},
        **{f"{name}.svg": drawing(book) for name, book in BOOKS.items()},
        **{f"topics/{topic}.md": _joined(_topic(topic)) for topic in topics},
    }


def _joined(lines: Iterator[str]) -> str:
    return "\n".join([*lines, ""])


def row(cells: Sequence[str]) -> str:
    """A line of a table; the cells are Markdown."""
    return f"| {' | '.join(cells)} |"


def plain(text: str) -> str:
    """*text* as it is, in Markdown."""
    return text.translate(SPECIAL)


def prose(text: str) -> str:
    """*text*, whose code stands between backticks, in Markdown."""
    parts = text.split("`")
    return "`".join(part if at % 2 else plain(part) for at, part in enumerate(parts))


# --- README.md --------------------------------------------------------------------------------


def _index(topics: Sequence[str]) -> Iterator[str]:
    yield "# Playbooks"
    yield ""
    yield MADE
    yield ""
    yield (
        "A playbook is what a rollout of Auth0 consists of: phases that are released one by one,"
        " workstreams for groups of people, topics that a tenant adopts or declines, milestones at"
        " which something can be shown, gates before a phase goes live. `tenantctl playbooks` says"
        " the same in the terminal, `tenantctl playbooks --json` to machines. A team can keep"
        " [a playbook of its own](../own-playbook.md)."
    )
    for name, book in BOOKS.items():
        phases = len(book.phases)
        streams = sum(len(phase.workstreams) for phase in book.phases)
        asked = sum(len(s.asked) for phase in book.phases for s in phase.workstreams)
        yield ""
        yield (
            f"* [{plain(book.name)}]({name}.md): {phases} phases, {streams} workstreams,"
            f" {len(book.topics)} topics, which are worked on {asked} times,"
            f" {len(checks(book))} checks."
        )
    yield ""
    yield "[Which topics the example tenants show](coverage.md)."
    yield ""
    yield "## Topics"
    yield ""
    yield row(("topic", "what it takes", *(f"in {name}" for name in NAMES)))
    yield row(("---", "---", *("---" for _ in NAMES)))
    for topic in topics:
        book = next(book for book in BOOKS.values() if topic in book.topics)
        mine = book.topic(topic)
        where = (_short(BOOKS[name].topics.get(topic)) for name in NAMES)
        yield row((f"[{plain(mine.name)}](topics/{topic}.md)", WRITES[mine.kind], *where))


def _short(topic: Topic | None) -> str:
    return f"phase {topic.phase}, {topic.requirement}" if topic else "-"


# --- b2c.md, b2b.md ---------------------------------------------------------------------------


def _book(book: Playbook) -> Iterator[str]:
    yield f"# {plain(book.name)}"
    yield ""
    yield f"{MADE} `tenantctl playbooks {book.id}` says the same."
    yield ""
    yield f"![Phases, workstreams and milestones of {book.id}]({book.id}.svg)"
    yield ""
    yield (
        "*Required* topics are part of the phase, *recommended* ones are for nearly all,"
        " *conditional* ones are required where the condition holds, *optional* ones are the"
        " project's choice. What a topic *needs* has to be in place before it, what it is *better"
        " after* is a recommendation; the order in which a phase is applied keeps to both."
    )
    for phase in book.phases:
        yield ""
        yield from _phase(phase, book)


def _phase(phase: Phase, book: Playbook) -> Iterator[str]:
    yield f"## Phase {phase.number}: {plain(phase.name)}"
    yield ""
    if phase.requires:
        yield f"Needs phase {', '.join(map(str, phase.requires))}."
        yield ""
    short = milestones(phase)
    yield row(("milestone", "reached", "when these are done"))
    yield row(("---", "---", "---"))
    for each in phase.milestones:
        done = ", ".join(_named(name, phase) for name in each.workstreams) or "all before it"
        yield row((f"{short[each.id]} `{each.id}`", f"{plain(each.name)} ({each.kind})", done))
    yield ""
    yield row(("gate", "what has to be said", "checks"))
    yield row(("---", "---", "---"))
    for gate in phase.gates:
        yield row(
            (f"`{gate.id}`", plain(gate.text), ", ".join(f"`{each}`" for each in gate.checks))
        )
    for stream in phase.workstreams:
        yield ""
        yield from _stream(stream, phase, book)


def _named(stream_id: str, phase: Phase) -> str:
    return next(plain(each.name) for each in phase.workstreams if each.id == stream_id)


def _stream(stream: Workstream, phase: Phase, book: Playbook) -> Iterator[str]:
    said = [f"For {plain(stream.audience)}"]
    if stream.optional:
        said.append("optional")
    if stream.condition:
        said.append(f"needed where {plain(stream.condition)}")
    for word, names in (
        ("follows", stream.follows),
        ("better after", stream.after),
        ("goes on beside", stream.parallel),
    ):
        if names:
            said.append(f"{word} {', '.join(_named(name, phase) for name in names)}")
    yield f"### {plain(stream.name)}"
    yield ""
    yield f"{'; '.join(said)}."
    yield ""
    yield row(("topic", "requirement", "by", "needed where", "needs", "better after"))
    yield row(("---", "---", "---", "---", "---", "---"))
    for asked in stream.asked:
        yield row(_asked(asked, stream, phase, book))


def _asked(
    asked: Topic | Again, stream: Workstream, phase: Phase, book: Playbook
) -> tuple[str, ...]:
    topic = book.topic(asked.id)
    first = asked if isinstance(asked, Topic) else None
    again = "" if first else f", goes on from phase {topic.phase}"
    whom = f", for {asked.audience}" if asked.audience != stream.audience else ""
    return (
        f"[{plain(topic.name)}](topics/{asked.id}.md){again}{whom}",
        asked.requirement,
        milestones(phase)[asked.milestone],
        plain(asked.condition),
        _links(first.follows if first else (), book, "topics/"),
        _links(first.after if first else (), book, "topics/"),
    )


def _links(topics: Sequence[str], book: Playbook, folder: str) -> str:
    return ", ".join(f"[{plain(book.topic(id).name)}]({folder}{id}.md)" for id in topics)


# --- topics/<id>.md ---------------------------------------------------------------------------


def _topic(topic_id: str) -> Iterator[str]:
    books = [book for book in BOOKS.values() if topic_id in book.topics]
    topic = books[0].topic(topic_id)
    said = texts()["topics"][topic_id]
    yield f"# {plain(topic.name)}"
    yield ""
    yield f"`{topic_id}`: {WRITES[topic.kind]}. {MADE}"
    yield ""
    yield prose(said["summary"])
    yield ""
    yield "## Where it stands"
    yield ""
    yield row(("playbook", "phase", "workstream", "requirement", "by", "for", "needed where"))
    yield row(("---", "---", "---", "---", "---", "---", "---"))
    for book in books:
        yield from map(row, _places(book, topic_id))
    for book in books:
        mine = book.topic(topic_id)
        for word, names in (("Needs", mine.follows), ("Better after", mine.after)):
            if names:
                yield ""
                yield f"{word}, in {book.id}: {_links(names, book, '')}."
    yield from _configures(books, topic_id)
    if example := said.get("example"):
        yield ""
        yield "## Example"
        yield ""
        yield from _example(example)
    yield from _checks(books, topic_id)
    yield ""
    yield "## Where Auth0 writes about it"
    yield ""
    yield from (f"* <{link}>" for link in said["docs"])


def _places(book: Playbook, topic_id: str) -> Iterator[tuple[str, ...]]:
    for phase in book.phases:
        for stream in phase.workstreams:
            for asked in stream.asked:
                if asked.id == topic_id:
                    yield (
                        f"[{book.id}](../{book.id}.md)",
                        str(phase.number) + ("" if isinstance(asked, Topic) else ", again"),
                        plain(stream.name),
                        asked.requirement,
                        milestones(phase)[asked.milestone],
                        plain(asked.audience),
                        plain(asked.condition),
                    )


def _configures(books: Sequence[Playbook], topic_id: str) -> Iterator[str]:
    topics = {book.id: book.topic(topic_id) for book in books}
    first, *others = topics.values()
    yield ""
    yield "## What it configures"
    yield ""
    if not any(topic.owns or topic.extends for topic in topics.values()):
        yield "Nothing in the tenant."
        return
    if all(_writes(topic) == _writes(first) for topic in others):
        yield from _fields(first)
        return
    for name, topic in topics.items():
        yield f"In {name}:"
        yield ""
        yield from _fields(topic)
        yield ""


def _writes(topic: Topic) -> tuple[object, ...]:
    return topic.owns, topic.extends, topic.where, topic.homes


def _fields(topic: Topic) -> Iterator[str]:
    yield row(("kind", "fields that belong here", "may also write", "of those where"))
    yield row(("---", "---", "---", "---"))
    for kind in dict.fromkeys((*topic.owns, *topic.extends)):
        name = f"[{kind}](../../kinds.md#{kind})"
        at_home = f"{name}, at home here" if kind in topic.homes else name
        owns, extends = topic.owns.get(kind, ()), topic.extends.get(kind, ())
        yield row((at_home, _paths(owns), _paths(extends), _where(topic, kind)))


def _paths(paths: Sequence[str]) -> str:
    return "all" if "**" in paths else ", ".join(f"`{path}`" for path in paths)


def _where(topic: Topic, kind: str) -> str:
    told = []
    for path, values in topic.where.get(kind, {}).items():
        names = sorted("none" if value is None else str(value).lower() for value in values)
        some = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
        told.append(f"`{path}` is {some}")
    return " and ".join(told)


def _example(text: str) -> Iterator[str]:
    """The example; the file that its first line names decides in which language it is."""
    suffix = text.partition("\n")[0].rpartition(".")[2]
    yield f"```{LANGUAGES.get(suffix, 'yaml')}"
    yield from text.rstrip().splitlines()
    yield "```"


def _checks(books: Sequence[Playbook], topic_id: str) -> Iterator[str]:
    found: dict[str, Check] = {
        check.id: check for book in books for check in checks(book) if topic_id in check.topics
    }
    yield ""
    yield "## Checks"
    yield ""
    if not found:
        yield "None."
        return
    yield row(("check", "what has to hold", "severity", "development", "qa", "production"))
    yield row(("---", "---", "---", "---", "---", "---"))
    for check in found.values():
        levels = (check.levels[kind] for kind in ("development", "qa", "production"))
        yield row((f"`{check.id}`", plain(check.title), check.severity, *levels))
    for check in found.values():
        said = texts()["checks"][check.id]
        yield ""
        yield f"**`{check.id}`** {prose(said['why'])} {prose(said['mend'])}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
