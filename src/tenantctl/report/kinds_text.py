"""Kinds as text for a terminal: a table of all, a page for one."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence

from tenantctl.report.escape import visible
from tenantctl.report.kinds import KindView, Noted, Owner
from tenantctl.report.style import Style

SHOWN = {
    "absent": "never shown",
    "masked": "shown masked",
    "cipher": "shown encrypted",
    "clear": "secret",
    "volatile": "secret",
}
"""How a GET shows a field that a rule says is hidden or secret."""

LABEL = 18
LEAST = 40
HEAD = ("kind", "known by", "read", "usually in")


def kinds_table(views: Sequence[KindView], *, color: bool, width: int) -> str:
    """A line for each kind: how it is known, the requests that read it, who usually writes it.

    *width* is kept where it is at least 40; what is longer is cut, and ends in `...`.
    """
    style = Style(color, max(LEAST, width))
    rows = [(marked(v), known_by(v), str(v.requests), _topics(v)) for v in views]
    sizes = [max(len(row[n]) for row in [HEAD, *rows]) for n in range(len(HEAD))]
    lines = [style.paint("title", _line(HEAD, sizes, style.width))]
    lines += [_line(row, sizes, style.width) for row in rows]
    count = f"{len(views)} kinds. tenantctl kinds KIND says all that is known about one."
    return "".join(f"{line}\n" for line in [*lines, "", *textwrap.wrap(count, style.width)])


def kind_page(view: KindView, *, color: bool, width: int) -> str:
    """Everything about a kind, a subject a paragraph; what does not apply is left out."""
    style = Style(color, max(LEAST, width))
    lines = [style.paint("title", marked(view))]
    for label, told in subjects(view):
        lines += _paragraph(label, told, style)
    return "".join(f"{line}\n" for line in lines)


def marked(view: KindView) -> str:
    """The name, with what a person should know before using the kind."""
    marks = [mark for mark in ("legacy" if view.legacy else "", view.early) if mark]
    marks += ["made by others"] if view.given else []
    return visible(f"{view.name} ({', '.join(marks)})" if marks else view.name)


def known_by(view: KindView) -> str:
    """What tells one object from another."""
    key = "/".join(view.parts) or ", ".join(view.key)
    match view.form:
        case "association":
            return f"a set in {view.authored_in}" if view.authored_in else f"a set for {key}"
        case "child":
            return f"one in {view.authored_in}"
        case "children":
            return f"{key} in {view.authored_in}"
        case "singleton":
            return "there is one"
        case "parts":
            return key
    return key if view.parents else ", ".join(view.key)


def subjects(view: KindView) -> Iterator[tuple[str, str]]:
    """What there is to say, label and text; in the order of importance for who writes files."""
    told = {
        "replaced by": view.legacy,
        "known by": known_by(view),
        "of": ", ".join(view.parents),
        "names": ", ".join(view.keys),
        "there already": ", ".join(view.system),
        "no two alike": ", ".join(view.unique),
        "authored in": view.authored_in,
        "has": ", ".join(view.associations),
        "refers to": _references(view.references),
        "referred to by": ", ".join(view.referred_by),
        "fields": ", ".join(field.name + _mark(field.writes) for field in view.fields),
        "sets": _list(view.sets),
        "keyed lists": ", ".join(f"{n} by {n.says['by']}" for n in view.keyed),
        "keys are free": _list(view.open_maps),
        "replaced whole": _list(view.whole),
        "created only": _list(view.create_only),
        "updated only": _list(view.update_only),
        "set by Auth0": _list(view.never_written),
        "secret or hidden": _hidden(view.hidden),
        "defaults": _values(view.defaults),
        "given at first": _values(view.initial),
        "never unset": _list(view.not_unset),
        "scopes": ", ".join(dict.fromkeys(view.scopes.values())),
        "requests to read": requests(view),
        "at most": _limits(view),
        "when undeclared": "let go, never deleted" if view.releases else "",
        "replacing breaks": view.replace_breaks,
        "published as": ", ".join(view.outputs),
        "usually in": "; ".join(map(_owner, view.topics)),
    }
    return ((label, text) for label, text in told.items() if text)


def _values(noted: Sequence[Noted]) -> str:
    return ", ".join(f"{each}: {json.dumps(each.says['value'])}" for each in noted)


def requests(view: KindView) -> str:
    """What reading costs, in words."""
    cost = view.requests
    if view.form == "children":
        return f"1 for each of {view.authored_in.partition('.')[0]} that is declared with some"
    listed = f"1 for every {cost.page} that the tenant has" if cost.page else "1" * cost.fixed
    each = "1 for each that is declared" if cost.each else ""
    more = "more where its list is long" if view.members else ""
    return ", ".join(filter(None, (listed, each, more))) or "none: nobody can read it"


def _limits(view: KindView) -> str:
    limit = f"{view.limit} in a tenant" if view.limit else ""
    chunk = f"{view.chunk} members in a request" if view.chunk else ""
    return ", ".join(filter(None, (limit, chunk)))


def _references(references: Sequence[Noted]) -> str:
    return ", ".join(f"{n} -> {n.says['to']} ({n.says['via']})" for n in references)


def _mark(writes: tuple[str, ...]) -> str:
    return f" ({writes[0]} only)" if len(writes) == 1 and writes != ("update",) else ""


def _hidden(hidden: Sequence[Noted]) -> str:
    """Hidden and secret fields, by how a GET shows them."""
    by_how: dict[str, list[Noted]] = {}
    for noted in hidden:
        by_how.setdefault(SHOWN[noted.says["read"]], []).append(noted)
    return "; ".join(f"{how}: {_list(found)}" for how, found in by_how.items())


def _list(noted: Sequence[Noted]) -> str:
    return ", ".join(map(str, noted))


def _topics(view: KindView) -> str:
    return ", ".join(dict.fromkeys(owner.name for owner in view.topics)) or "-"


def _owner(owner: Owner) -> str:
    fields = "" if owner.fields == ("**",) else f": {', '.join(owner.fields)}"
    where = f" where {owner.only}" if owner.only else ""
    return f"{owner.topic} ({owner.playbook} phase {owner.phase}){where}{fields}"


def _line(cells: Sequence[str], sizes: Sequence[int], width: int) -> str:
    line = "  ".join(f"{c:<{n}}" for c, n in zip(cells, sizes, strict=True)).rstrip()
    return line if len(line) <= width else f"{line[: width - 3]}..."


def _paragraph(label: str, told: str, style: Style) -> Iterator[str]:
    room = style.width - LABEL - 2
    wrapped = textwrap.wrap(visible(told), room, break_long_words=False, break_on_hyphens=False)
    for number, line in enumerate(wrapped):
        name = f"{label:<{LABEL}}" if number == 0 else " " * LABEL
        yield f"  {style.paint('dim', name)}{line}"
