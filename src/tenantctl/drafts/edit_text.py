"""Changing one place of a YAML text and no other byte of it. See docs/decisions/0014.

The places are those that the parser of the files names, so that what is changed is what is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yaml import nodes as raw

from tenantctl.drafts.edit_sheet import Place, Sheet, Step, Steps, Unfit
from tenantctl.drafts.write import in_line, text_of_yaml
from tenantctl.drafts.written import Tag

WIDTH = 100
"""The longest line that a new list or map is put on."""
OPENING = re.compile(r"[|>][-+0-9]*((?:[ \t]+#[^\n]*)?)")
"""The sign of a text of several lines, and a comment behind it."""


@dataclass(frozen=True, slots=True)
class Keep:
    """An element of a list that stays as it is written: the *index* that it has now."""

    index: int


# --- New text ---------------------------------------------------------------------------------


def _render(value: Any, *, flow: bool, room: int = WIDTH) -> tuple[str, list[str]]:
    """*value* behind a colon: what stands on its line, and the lines below it.

    With *flow*, what fits into *room* stands on one line.
    """
    if flow and (line := _short(value)) and len(line) <= room:
        return line, []
    if isinstance(value, Mapping) and value:
        return "", [line for key in value for line in _entry(key, value[key], flow=flow)]
    if isinstance(value, list | tuple) and value:
        return "", [line for item in value for line in _item(item, flow=flow)]
    head, *below = text_of_yaml({"k": value}).removesuffix("\n").split("\n")
    return head.removeprefix("k:").strip(), below


def _short(value: Any) -> str:
    """A list or map of scalars on one line; empty for anything else."""
    items = value.values() if isinstance(value, Mapping) else value
    if isinstance(value, Tag):
        items = value.items
    elif not isinstance(value, Mapping | list | tuple):
        return ""
    plain = items and not any(isinstance(item, Mapping | list | tuple) for item in items)
    return in_line(value) if plain else ""


def _key(name: str) -> str:
    return in_line(str(name))  # what a dumper takes for a key may be of two lines


def _entry(name: str, value: Any, *, flow: bool) -> list[str]:
    """The lines of `key: value` in block style."""
    key = _key(name)
    head, below = _render(value, flow=flow, room=WIDTH - len(key) - 10)
    pad = "  " if isinstance(value, Mapping | list | tuple) else ""  # lines of texts have theirs
    inner = [pad + line if line else line for line in below]
    return [f"{key}: {head}" if head else f"{key}:", *inner]


def _item(value: Any, *, flow: bool) -> list[str]:
    """The lines of `- value` in block style."""
    if isinstance(value, Mapping) and value:
        head, *below = [line for key in value for line in _entry(key, value[key], flow=flow)]
    else:
        head, below = _render(value, flow=flow)
        if not head:
            head, *below = below
    return [f"- {head}", *(f"  {line}" if line else line for line in below)]


def _below(lines: list[str], column: int) -> str:
    """*lines*, the first of which stands at *column* already."""
    pad = " " * column
    return "\n".join([lines[0], *(pad + line if line else line for line in lines[1:])])


def _flows(node: Any) -> bool:
    """Whether whoever wrote *node* put lists and maps of scalars on one line."""
    found = [each.flow_style for each in _ends(node)]
    return 2 * sum(map(bool, found)) > len(found)


def _ends(node: Any) -> Iterator[Any]:
    """The lists and maps inside *node* that hold scalars only."""
    if not isinstance(node, raw.CollectionNode):
        return
    values = [item[1] if isinstance(item, tuple) else item for item in node.value]
    if values and not any(isinstance(value, raw.CollectionNode) for value in values):
        yield node
    for value in values:
        yield from _ends(value)


# --- What can be done -------------------------------------------------------------------------


def put(text: str, steps: Steps, value: Any, *, first: bool = False) -> str:
    """*text* with *value* at the place that *steps* lead to, and the maps that lead there.

    *first*: a new entry stands before the others. Raises Unfit where there is no way.
    """
    sheet = Sheet.of(text)
    place = sheet.find(steps)
    if place is not None:
        return _replace(sheet, place, value)
    for size in range(len(steps) - 1, -1, -1):
        around = sheet.find(steps[:size])
        if around is not None:
            for step in reversed(steps[size + 1 :]):
                value = {str(step): value}
            return _insert(sheet, around, steps[size], value, first=first)
    name, inner = str(steps[0]), value
    for step in reversed(steps[1:]):
        inner = {str(step): inner}
    gap = "" if not text or text.endswith("\n") else "\n"
    lines = _entry(name, inner, flow=False)  # the file is empty, or has comments only
    return f"{text}{gap}{_below(lines, 0)}\n"


def _insert(sheet: Sheet, place: Place, step: Step, value: Any, *, first: bool) -> str:
    node = place.node
    if node.tag != "?" and node.tag not in {"!append", "!without"}:
        raise Unfit(f"{node.tag} stands where {step} should")
    if isinstance(node, raw.SequenceNode):
        return append(sheet.text, place, [_element(step, value)])
    if not isinstance(node, raw.MappingNode) or not isinstance(step, str):
        raise Unfit(f"there is no map for {step}")
    if not node.value and not place.inside:
        return _replace(sheet, place, {str(step): value})
    if node.flow_style:
        new = f"{_key(step)}: {in_line(value)}"
        return _into_brackets(sheet, node, [key for key, _ in node.value], new)
    column = node.value[0][0].start_mark.column
    top = place.parent is None
    new = _below(_entry(step, value, flow=not top and _flows(sheet.root)), column)
    if first:
        start = node.value[0][0].start_mark.index
        return sheet.cut(start, start, f"{new}\n{' ' * column}")
    end = sheet.line_end(sheet.end(node))
    gap = "\n" if _is_spaced(sheet, node) and "\n" in new else ""
    return sheet.cut(end, end, f"{gap}\n{' ' * column}{new}")


def _is_spaced(sheet: Sheet, node: Any) -> bool:
    """Whether an empty line stands before the last entry of a map."""
    if len(node.value) < 2:
        return False
    end = sheet.item_end(node, len(node.value) - 2)
    between = sheet.text[end : node.value[-1][0].start_mark.index]
    return any(not line.strip() for line in between.split("\n")[1:-1])


def _element(step: Step, value: Any) -> Any:
    """An entry of a map as an element of a list."""
    by = getattr(step, "by", "")
    if value in ({}, None):
        return str(step)
    if not by:
        raise Unfit(f"{step} has attributes that its list cannot hold")
    inner = value if isinstance(value, Mapping) else {getattr(step, "value", ""): value}
    return {by: str(step), **inner}


def _into_brackets(sheet: Sheet, node: Any, heads: Sequence[Any], new: str) -> str:
    """*new* behind the last entry of a flow collection whose entries start with *heads*."""
    close = node.end_mark.index - 1
    if not heads:
        return sheet.cut(node.start_mark.index, close, f"{sheet.text[node.start_mark.index]}{new}")
    end = sheet.item_end(node, len(node.value) - 1)
    last = heads[-1].start_mark
    below = last.line > (heads[-2].start_mark if len(heads) > 1 else node.start_mark).line
    gap = f"\n{' ' * last.column}" if below else " "
    at = sheet.line_end(end)
    comma = sheet.sign(",", end)
    if comma is not None:
        line_end = sheet.line_end(comma)
        at = line_end if below and line_end < close else comma
        return sheet.cut(at, at, f"{gap}{new}")
    if below and at < close:  # a comment may stand behind the last entry
        return sheet.text[:end] + "," + sheet.text[end:at] + gap + new + sheet.text[at:]
    return sheet.cut(end, end, f",{gap}{new}")


def _replace(sheet: Sheet, place: Place, value: Any) -> str:
    """*value* in place of what stands there; a comment behind it stays."""
    node = place.node
    start, end = node.start_mark.index, sheet.end(node)
    if place.parent is None:
        raise Unfit("the whole file")
    flow = bool(getattr(node, "flow_style", False))
    scalar = isinstance(node, raw.ScalarNode)
    style = node.style if scalar and isinstance(value, str) and node.tag == "?" else None
    if style in {"'", '"'} and "\n" not in value:
        return sheet.cut(start, end, _quoted(value, style))
    if place.inside:
        return sheet.cut(start, end, in_line(value))
    if place.key is None:
        column = place.parent.start_mark.column
        first, *lines = _item(value, flow=_flows(sheet.root))
        mark = sheet.dash(place.parent, node) + 1
    else:
        column = place.key.start_mark.column
        first, *lines = _entry("k", value, flow=flow or (scalar and _flows(sheet.root)))
        mark = sheet.colon(place.key)
    head = first.removeprefix("- " if place.key is None else "k:").strip()
    below = [" " * column + line if line else line for line in lines]
    return _behind(sheet, (mark, start, end), head, below)


def _behind(sheet: Sheet, spots: tuple[int, int, int], head: str, lines: list[str]) -> str:
    """The value from *start* to *end* anew, which stands behind the *mark* of its key or element.

    What is said behind either on its line is said behind the mark then.
    """
    mark, start, end = spots
    gap, *more = sheet.text[mark:start].split("\n")
    if not more and not lines and "\n" not in sheet.text[start:end]:
        return sheet.cut(start, end, head)  # from a line to a line
    line_end = sheet.line_end(end)
    opening = OPENING.match(sheet.text, start)
    said = (gap if more else "", opening[1] if opening else "", sheet.text[end:line_end])
    comment = "".join(said).rstrip()
    below = "".join(f"\n{line}" for line in lines)
    return sheet.cut(mark, line_end, f"{' ' + head if head else ''}{comment}{below}")


def _quoted(value: str, style: str) -> str:
    """A text in the quotes it had; where single quotes cannot say it, in double ones."""
    line = in_line(value, quoted=True)
    plain = value.isprintable()
    return "'" + value.replace("'", "''") + "'" if style == "'" and plain else line


def append(text: str, place: Place, values: Sequence[Any]) -> str:
    """*values* behind the elements of the list at *place*."""
    sheet, node = Sheet.of(text), place.node
    if not isinstance(node, raw.SequenceNode):
        raise Unfit("there is no list")
    if not node.value and not place.inside and node.tag == "?":
        return _replace(sheet, place, list(values))
    if node.flow_style or not node.value:
        new = ", ".join(in_line(value) for value in values)
        return _into_brackets(sheet, node, node.value, new)
    column = node.value[0].start_mark.column if node.tag != "?" else node.start_mark.column
    if node.tag != "?":
        column = sheet.dash(node, node.value[0])
        column -= sheet.line_start(column)
    end = sheet.line_end(sheet.end(node))
    flow = _flows(sheet.root)
    items = (_below(_item(value, flow=flow), column) for value in values)
    new = "".join(f"\n{' ' * column}{item}" for item in items)
    return sheet.cut(end, end, new)


def drop(text: str, steps: Steps) -> str:
    """*text* without the entry or the element at *steps*; with it goes what stands on its lines.

    The last one of all leaves an empty map or list. Raises Unfit where there is none.
    """
    sheet = Sheet.of(text)
    place = sheet.find(steps)
    if place is None or place.parent is None:
        raise Unfit("there is no such place")
    if len(place.parent.value) == 1:
        around = sheet.find(steps[:-1])
        assert around is not None
        if around.parent is None:
            raise Unfit("nothing would be left of the file")
        return _emptied(sheet, around)
    start = (place.key or place.node).start_mark.index
    end = sheet.end(place.node) if place.key is None else sheet.pair_end(place.key, place.node)
    if place.parent.flow_style:
        return _out_of_brackets(sheet, place.parent, start, end)
    head = start if place.key is not None else sheet.dash(place.parent, place.node)
    if sheet.begins_line(head):
        return sheet.cut(sheet.line_start(head), sheet.line_end(end) + 1, "")
    first, second, *_ = _heads(place.parent)
    if first is not (place.key or place.node):
        raise Unfit("it shares its line with what is around it")
    following = second.start_mark.index if place.key else sheet.dash(place.parent, second)
    return sheet.cut(head, following, "")


def _emptied(sheet: Sheet, place: Place) -> str:
    node = place.node
    empty = "{}" if isinstance(node, raw.MappingNode) else "[]"
    tag = f"{node.tag} " if node.tag != "?" else ""
    start, end = node.start_mark.index, sheet.end(node)
    if node.flow_style:
        return sheet.cut(start, end, f"{tag}{empty}")
    if place.key is None:
        return sheet.cut(start, end, f"{tag}{empty}")
    return _behind(sheet, (sheet.colon(place.key), start, end), f"{tag}{empty}", [])


def _heads(node: Any) -> Iterator[Any]:
    yield from (item[0] if isinstance(item, tuple) else item for item in node.value)


def _out_of_brackets(sheet: Sheet, node: Any, start: int, end: int) -> str:
    """A flow collection without what stands from *start* to *end*, and without its comma."""
    text = sheet.text
    comma = sheet.sign(",", end)
    behind = end if comma is None else comma
    line_end = sheet.line_end(behind)
    rest = text[behind:line_end].strip()
    if sheet.begins_line(start) and (not rest or rest.startswith("#")):
        return sheet.cut(sheet.line_start(start), line_end + 1, "")
    if behind > end:
        skip = len(text[behind:]) - len(text[behind:].lstrip(" "))
        return sheet.cut(start, behind + skip, "")
    heads = [n for n in _heads(node) if n.start_mark.index < start]
    before = sheet.item_end(node, len(heads) - 1)
    far = "#" in text[before:start]  # a comma behind the last one does no harm
    return sheet.cut(start if far else before, end, "")


def arrange(text: str, steps: Steps, order: Sequence[Keep | Any]) -> str:
    """*text* with the list at *steps* in another *order*: each element kept, or a new value."""
    sheet = Sheet.of(text)
    place = sheet.find(steps)
    if place is None or not isinstance(place.node, raw.SequenceNode):
        raise Unfit("there is no list")
    node = place.node
    if any(sheet.is_alias(node, index) for index in range(len(node.value))):
        raise Unfit("an element is an alias")
    if node.flow_style or not node.value:
        parts = [
            text[node.value[e.index].start_mark.index : sheet.end(node.value[e.index])]
            if isinstance(e, Keep)
            else in_line(e)
            for e in order
        ]
        tag = f"{node.tag} " if node.tag != "?" else ""
        return sheet.cut(node.start_mark.index, sheet.end(node), f"{tag}[{', '.join(parts)}]")
    if not order:
        return _emptied(sheet, place)
    if not sheet.begins_line(sheet.dash(node, node.value[0])):
        raise Unfit("it shares its line with what is around it")
    chunks = list(_chunks(sheet, node))
    start = chunks[0][0]
    column = sheet.dash(node, node.value[0]) - start
    flow, pad = _flows(sheet.root), " " * column
    found = [
        text[slice(*chunks[e.index])]
        if isinstance(e, Keep)
        else pad + _below(_item(e, flow=flow), column)
        for e in order
    ]
    return sheet.cut(start, chunks[-1][1], "\n".join(found))


def _chunks(sheet: Sheet, node: Any) -> Iterator[tuple[int, int]]:
    """The lines of each element of a block list, and the comments above it."""
    start = sheet.line_start(sheet.dash(node, node.value[0]))
    for item in node.value:
        end = sheet.line_end(sheet.end(item))
        yield start, end
        start = end + 1
