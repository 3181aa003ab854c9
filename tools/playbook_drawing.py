"""Draws a playbook: phases, workstreams in lanes by audience, what follows what, milestones.

An SVG that stands alone: no script, no font, no address outside; light and dark by what the reader
prefers. Lengths are in pixels.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from tenantctl.playbooks import Phase, Playbook, Workstream

LANE_NAME = 116
COLUMN = 144
BOX = 120
TALL = 54
ROW = 66
PHASE_HEAD = 44
MILESTONES = 94
LABEL = 124
LEGEND = 40
MARGIN = 16
LETTER = 7.2
"""The width of a letter of a name, on the wide side."""

STYLE = """\
svg { font-family: system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; }
.ground { fill: #ffffff; } .lane { fill: #f4f6f8; } .odd { fill: #e9edf1; }
.phase { fill: #14212b; font-size: 17px; font-weight: 600; }
.who { fill: #43525e; font-size: 12px; }
.box { fill: #ffffff; stroke: #2b5d86; stroke-width: 1.4; }
.optional { stroke-dasharray: 5 4; }
.name { fill: #14212b; font-size: 12.5px; font-weight: 600; }
.small { fill: #43525e; font-size: 11.5px; }
.arrow { fill: none; stroke: #5a6b78; stroke-width: 1.4; } .soft { stroke-dasharray: 3 3; }
.head { fill: #5a6b78; }
.time { stroke: #9aa8b3; stroke-width: 1.4; }
.mark { fill: #b4531a; } .live { fill: #1d7a46; }
@media (prefers-color-scheme: dark) {
.ground { fill: #12181e; } .lane { fill: #1a2229; } .odd { fill: #222c35; }
.phase, .name { fill: #eef3f7; } .who, .small { fill: #b4c1cb; }
.box { fill: #12181e; stroke: #6fb0e3; }
.arrow { stroke: #9fb0bd; } .head { fill: #9fb0bd; } .time { stroke: #5f707d; }
.mark { fill: #f0955a; } .live { fill: #5fd091; }
}"""


OPEN = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"
 height="{height}" role="img" aria-labelledby="title said">"""
HEAD = """\
<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"
 orient="auto"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>"""


@dataclass(frozen=True, slots=True)
class Box:
    """A workstream as it is drawn: its left upper corner, and the column that it stands in."""

    stream: Workstream
    column: int
    x: float
    y: float

    @property
    def middle(self) -> float:
        return self.y + TALL / 2


@dataclass(frozen=True, slots=True)
class Drawn:
    """A phase with the boxes of its workstreams, by id, and how tall its lanes are."""

    phase: Phase
    boxes: Mapping[str, Box]
    lanes: Mapping[str, tuple[float, float]]
    bottom: float


def drawing(book: Playbook) -> str:
    """The SVG of *book*."""
    columns = max(max(cells(phase).values())[0] + 1 for phase in book.phases)
    width = MARGIN + LANE_NAME + columns * COLUMN + LABEL
    parts: list[str] = []
    top = float(MARGIN)
    for phase in book.phases:
        drawn = placed(phase, top, audiences(book))
        parts += _phase(drawn, top, width)
        top = drawn.bottom + MARGIN
    parts += _legend(top + LEGEND / 2 - 8)
    top += LEGEND
    title = f"{book.name}: phases, workstreams and milestones"
    said = "; ".join(
        f"phase {p.number}: {', '.join(s.name for s in p.workstreams)}" for p in book.phases
    )
    return "\n".join(
        [
            OPEN.format(width=width, height=f"{top:g}"),
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="said">{escape(said)}</desc>',
            f"<style>\n{STYLE}\n</style>",
            HEAD,
            f'<rect class="ground" width="{width}" height="{top:g}"/>',
            *parts,
            "</svg>",
            "",
        ]
    )


def audiences(book: Playbook) -> tuple[str, ...]:
    """For whom there is work, in one order for all phases."""
    return tuple(dict.fromkeys(s.audience for p in book.phases for s in p.workstreams))


def cells(phase: Phase) -> Mapping[str, tuple[int, int]]:
    """The column of each workstream, and its row among those of its lane that share the column.

    What others wait for stands as far left as it can, with those it is as far as; what nobody
    waits for goes on to the right where its lane is free.
    """
    depth: dict[str, int] = {}
    for stream in _ordered(phase):
        earlier = (*stream.follows, *stream.after)
        depth[stream.id] = max((depth[each] + 1 for each in earlier), default=0)
    awaited = {each for s in phase.workstreams for each in (*s.follows, *s.after)}
    taken: dict[tuple[str, int], int] = {}
    found: dict[str, tuple[int, int]] = {}
    for stream in sorted(phase.workstreams, key=lambda each: each.id not in awaited):
        column = depth[stream.id]
        while stream.id not in awaited and (stream.audience, column) in taken:
            column += 1
        row = taken.get((stream.audience, column), 0)
        taken[stream.audience, column] = row + 1
        found[stream.id] = (column, row)
    return found


def _ordered(phase: Phase) -> Iterator[Workstream]:
    """Workstreams after those that they come after."""
    left = list(phase.workstreams)
    done: set[str] = set()
    while left:
        for stream in left:
            if done.issuperset((*stream.follows, *stream.after)):
                break
        left.remove(stream)
        done.add(stream.id)
        yield stream


def arrows(phase: Phase) -> Iterator[tuple[str, str, bool]]:
    """From where to where, and whether it must be so; what others imply is left out."""
    before = {s.id: {*s.follows, *s.after} for s in phase.workstreams}

    def reaches(start: str, end: str) -> bool:
        return any(each == end or reaches(each, end) for each in before[start])

    for stream in phase.workstreams:
        for each in (*stream.follows, *stream.after):
            others = before[stream.id] - {each}
            if not any(reaches(other, each) for other in others):
                yield each, stream.id, each in stream.follows


def placed(phase: Phase, top: float, order: Iterable[str]) -> Drawn:
    """Where everything of a phase stands; *order* are the lanes of the playbook."""
    where = cells(phase)
    y = top + PHASE_HEAD
    lanes: dict[str, tuple[float, float]] = {}
    boxes: dict[str, Box] = {}
    for audience in order:
        mine = [stream for stream in phase.workstreams if stream.audience == audience]
        if not mine:
            continue
        rows = max(where[stream.id][1] + 1 for stream in mine)
        lanes[audience] = (y, rows * ROW + 8)
        for stream in mine:
            column, row = where[stream.id]
            x = MARGIN + LANE_NAME + column * COLUMN
            boxes[stream.id] = Box(stream, column, x, y + 10 + row * ROW)
        y += rows * ROW + 8
    return Drawn(phase, boxes, lanes, y + MILESTONES)


def _phase(drawn: Drawn, top: float, width: float) -> Iterator[str]:
    phase = drawn.phase
    needs = f" (after phase {', '.join(map(str, phase.requires))})" if phase.requires else ""
    yield _text("phase", MARGIN, top + 26, f"Phase {phase.number}: {phase.name}{needs}")
    for number, (audience, (y, height)) in enumerate(drawn.lanes.items()):
        kind = "lane odd" if number % 2 else "lane"
        inner = width - 2 * MARGIN
        yield f'<rect class="{kind}" x="{MARGIN}" y="{y:g}" width="{inner:g}" height="{height:g}"/>'
        yield from _lines("who", MARGIN + 8, y + height / 2, audience)
    for start, end, hard in arrows(phase):
        yield _arrow(drawn.boxes[start], drawn.boxes[end], hard=hard)
    for box in drawn.boxes.values():
        yield from _box(box)
    yield from _milestones(drawn, width)


def _box(box: Box) -> Iterator[str]:
    stream = box.stream
    kind = "box optional" if stream.optional else "box"
    yield (
        f'<rect class="{kind}" x="{box.x:g}" y="{box.y:g}" width="{BOX}" height="{TALL}" rx="6"/>'
    )
    lines = textwrap.wrap(stream.name, int((BOX - 12) / LETTER), break_long_words=False)
    count = len(stream.asked)
    said = f"{count} topic{'s' if count != 1 else ''}"
    first = box.y + (20 if len(lines) == 1 else 15)
    for number, line in enumerate(lines):
        yield _text("name", box.x + 8, first + 14 * number, line)
    yield _text("small", box.x + 8, box.y + TALL - 7, said)


def _arrow(start: Box, end: Box, *, hard: bool) -> str:
    """Out to the right, up or down between two columns, and in from the left."""
    turn = end.x - (COLUMN - BOX) / 2
    kind = "arrow" if hard else "arrow soft"
    return (
        f'<path class="{kind}" marker-end="url(#head)" d="M{start.x + BOX:g} {start.middle:g}'
        f'H{turn:g}V{end.middle:g}H{end.x - 1:g}"/>'
    )


def spots(drawn: Drawn, width: float) -> list[float]:
    """Where on the line the milestones stand: behind the last workstream that each waits for."""
    found: list[float] = []
    for milestone in drawn.phase.milestones:
        ends = [drawn.boxes[each].x + BOX for each in milestone.workstreams]
        own = max(ends, default=MARGIN + LANE_NAME + BOX)
        found.append(max(own + 12, found[-1] + LABEL + 8 if found else own + 12))
    last = width - MARGIN - LABEL / 2
    for at in range(len(found) - 1, -1, -1):
        found[at] = min(found[at], last)
        last = found[at] - LABEL - 8
    return found


def _milestones(drawn: Drawn, width: float) -> Iterator[str]:
    y = drawn.bottom - MILESTONES + 24
    start, end = MARGIN + LANE_NAME, width - MARGIN
    yield f'<path class="time" d="M{start} {y:g}H{end:g}"/>'
    yield from _lines("who", MARGIN + 8, y, "Milestones")
    pairs = zip(drawn.phase.milestones, spots(drawn, width), strict=True)
    for number, (milestone, x) in enumerate(pairs, 1):
        kind = "mark live" if milestone.kind == "production" else "mark"
        yield f'<path class="{kind}" d="M{x:g} {y - 9:g}l9 9 -9 9 -9 -9z"/>'
        lines = textwrap.wrap(f"M{number} {milestone.name}", int(LABEL / 6.4))
        for line_number, line in enumerate(lines):
            yield _text("small", x, y + 25 + 14 * line_number, line, middle=True)


def _legend(y: float) -> Iterator[str]:
    """What dashes, arrows and diamonds mean."""
    x = float(MARGIN + 8)
    signs = (
        ('<rect class="box" x="{x}" y="{top}" width="26" height="14" rx="3"/>', "workstream"),
        (
            '<rect class="box optional" x="{x}" y="{top}" width="26" height="14" rx="3"/>',
            "optional",
        ),
        ('<path class="arrow" marker-end="url(#head)" d="M{x} {y}h26"/>', "has to be done before"),
        ('<path class="arrow soft" marker-end="url(#head)" d="M{x} {y}h26"/>', "better before"),
        ('<path class="mark" d="M{diamond} {top}l7 7 -7 7 -7 -7z"/>', "something can be shown"),
        ('<path class="mark live" d="M{diamond} {top}l7 7 -7 7 -7 -7z"/>', "in production"),
    )
    for sign, meaning in signs:
        yield sign.format(x=f"{x:g}", y=f"{y:g}", top=f"{y - 7:g}", diamond=f"{x + 13:g}")
        yield _text("small", x + 34, y + 4, meaning)
        x += 34 + len(meaning) * 6.4 + 24


def _lines(kind: str, x: float, middle: float, text: str) -> Iterator[str]:
    lines = textwrap.wrap(text, 15, break_long_words=False)
    first = middle + 4 - 15 * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        yield _text(kind, x, first + 15 * number, line)


def _text(kind: str, x: float, y: float, text: str, *, middle: bool = False) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text class="{kind}" x="{x:g}" y="{y:g}"{anchor}>{escape(text)}</text>'
