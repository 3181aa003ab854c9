"""What differs between two states of tenants, as a view, as text and as JSON."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tenantctl.model import Address, Change, Json, Path, Update, Vault
from tenantctl.report.document import FORMAT, plain
from tenantctl.report.plans import ROWS
from tenantctl.report.redact import Clean, cleaned, cleaner, scrubber
from tenantctl.report.rows import rows_of
from tenantctl.report.style import Style
from tenantctl.report.text import row_lines
from tenantctl.report.view import Row

Why = Mapping[tuple[Address, Path], str]
"""Why something differs, by address and path; the empty path is the resource as a whole."""


@dataclass(frozen=True, slots=True)
class ComparedField:
    """One field that differs, and *why* if that is known."""

    row: Row
    why: str = ""


@dataclass(frozen=True, slots=True)
class ComparedResource:
    """One address that differs. *sign* is `+` (only the second has it), `-` (the first) or `~`.

    *more* counts fields that are left out.
    """

    sign: str
    address: str
    why: str
    fields: tuple[ComparedField, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """How *b* differs from *a*; both are names for people.

    *counts* are of addresses: those that only a has (`only_a`), that only b has (`only_b`), that
    both have and that `differ`; `fields` are of the last, other names are of what was folded.
    *notes* are whole sentences, such as what was left out.
    """

    a: str
    b: str
    resources: tuple[ComparedResource, ...]
    counts: tuple[tuple[str, int], ...]
    notes: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.resources


@dataclass(frozen=True, slots=True)
class Named:
    """What the two sides are called, *why* they differ where, and *notes* on both.

    *folded* counts what was left out of the differences, by name.
    """

    a: str
    b: str
    why: Why = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    folded: tuple[tuple[str, int], ...] = ()


def view_compared(
    changes: tuple[Change, ...], named: Named, vault: Vault | None = None, *, full: bool = False
) -> Compared:
    """*changes* that `engine.compare` found, scrubbed of *vault*'s values and escaped.

    *full* leaves nothing out.
    """
    scrub = scrubber(vault)
    count = Counter(change.sign for change in changes)
    edits = sum(len(change.edits) for change in changes if isinstance(change, Update))
    view = Compared(
        a=named.a,
        b=named.b,
        resources=tuple(_resource(change, named.why, scrub, full=full) for change in changes),
        counts=(
            ("only_a", count["-"]),
            ("only_b", count["+"]),
            ("differ", count["~"]),
            ("fields", edits),
            *named.folded,
        ),
        notes=named.notes,
    )
    return cleaned(view, cleaner(vault))


def _resource(change: Change, why: Why, scrub: Clean, *, full: bool) -> ComparedResource:
    rows = tuple(rows_of(change, scrub, full=full))
    if isinstance(change, Update):
        reasons = [why.get((change.address, edit.path), "") for edit in change.edits]
        fields = tuple(map(ComparedField, rows, reasons))
    else:
        fields = tuple(map(ComparedField, rows))
    cut = not full and not isinstance(change, Update)
    return ComparedResource(
        sign=change.sign,
        address=str(change.address),
        why=why.get((change.address, ()), ""),
        fields=fields[:ROWS] if cut else fields,
        more=max(0, len(fields) - ROWS) if cut else 0,
    )


def compared_as_json(view: Compared, type: str = "diff") -> dict[str, Json]:
    """*view* as JSON; rows stand as objects of their own, each with its `why`."""
    return {"format": FORMAT, "type": type, "differ": not view.empty, **compared_plain(view)}


def compared_plain(view: Compared) -> dict[str, Json]:
    """*view* as part of another document."""
    resources = [
        {
            **plain(each),
            "fields": [{**plain(one.row), "why": one.why} for one in each.fields],
        }
        for each in view.resources
    ]
    found: dict[str, Json] = plain(view)
    return {**found, "resources": resources, "counts": dict(view.counts)}


def compared_text(view: Compared, *, color: bool, width: int) -> str:
    """*view* as lines, each ended by a newline."""
    style = Style(color, max(40, width))
    head = style.paint("title", f"{view.a} -> {view.b}")
    return "".join(f"{line}\n" for line in (head, *compared_lines(view, style)))


def compared_lines(view: Compared, style: Style) -> Iterator[str]:
    """*view* without its head, as lines: to stand in another text."""
    for resource in view.resources:
        yield ""
        why = f"  {style.paint('dim', resource.why)}" if resource.why else ""
        yield f"  {style.paint(resource.sign, resource.sign)} {resource.address}{why}"
        for one in resource.fields:
            yield from _field(one, style)
        if resource.more:
            many = "s" if resource.more > 1 else ""
            yield style.paint("dim", f"      ... {resource.more} more field{many}; --full shows")
    for note in view.notes:
        yield ""
        yield from textwrap.wrap(f"Note: {note}", style.width, break_long_words=False)
    yield ""
    yield style.paint("title", totals(view))


def _field(one: ComparedField, style: Style) -> Iterator[str]:
    first, *lines = row_lines(one.row, style, "      ")
    yield f"{first}  {style.paint('dim', f'({one.why})')}" if one.why else first
    yield from lines


def totals(view: Compared) -> str:
    """The last line: how much differs."""
    if view.empty:
        return f"No differences: {view.b} is as {view.a}."
    count = dict(view.counts)
    parts = []
    if count["differ"]:
        verb = "differs" if count["differ"] == 1 else "differ"
        fields = _number(count["fields"], "field")
        parts.append(f"{_number(count['differ'], 'resource')} {verb} in {fields}")
    parts += [f"{count[only]} only in {name}" for only, name in _only(view) if count[only]]
    return f"{'; '.join(parts)}."


def _only(view: Compared) -> tuple[tuple[str, str], ...]:
    return ("only_a", view.a), ("only_b", view.b)


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
