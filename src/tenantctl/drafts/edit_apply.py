"""One change of what is asked for, carried out at the place that says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import count
from typing import Any

from yaml import nodes as raw

from tenantctl.drafts.edit_desk import Desk, Index, Spot
from tenantctl.drafts.edit_sheet import Keyed, Place, Steps, Unfit
from tenantctl.drafts.edit_text import Keep, append, arrange
from tenantctl.drafts.edit_values import Op, body_text, said
from tenantctl.drafts.written import Tag
from tenantctl.files.names import parts, shown
from tenantctl.files.scalars import Surprise, resolve
from tenantctl.model import ABSENT, Address, Json, Value

PATCHES = {"!append", "!without"}
FILES = {"!file", "!template"}


@dataclass(frozen=True, slots=True)
class Found:
    """A spot that says something at the steps in question, and the place in its file."""

    spot: Spot
    place: Place

    @property
    def tag(self) -> str:
        return str(self.place.node.tag)


def carry_out(
    desk: Desk, index: Index, address: Address, op: Op, values: Mapping[str, Json]
) -> Desk:
    """*desk* with *op*, done where it is said. *values* are the environment's variables.

    Raises Unfit where it cannot be said there.
    """
    spots = index.of(address)
    if not any(spot.layer == "definition" for spot in spots):
        raise Unfit("no fragment says it")
    if op.order:
        return _ordered(desk, spots, op)
    found = [Found(s, p) for s in spots if (p := desk.sheet(s.file).find((*s.steps, *op.steps)))]
    lists = isinstance(op.old, list | tuple) and isinstance(op.new, list | tuple)
    over = [each for each in found if each.spot.layer != "definition"]
    if lists and not all(each.tag == "?" for each in found if each not in over):
        raise Unfit("a variable is the whole list")
    if lists and found:
        return _listed(desk, found, op, values)
    if over and over[-1].spot.layer == "inherited":
        raise Unfit("another environment says it")
    target = over[-1:] or found
    if not target:
        return _begun(desk, spots, op)
    for each in reversed(target):
        desk = _said_at(desk, each, op, values)
        op = Op(op.steps, op.old, ABSENT)  # the others say no more of it
    return desk


def _begun(desk: Desk, spots: Sequence[Spot], op: Op) -> Desk:
    """Something that nobody has said yet: where the most of the way to it is."""
    if op.new is ABSENT:
        raise Unfit("nobody says it")
    own = [spot for spot in spots if spot.layer == "definition"]

    def length(spot: Spot) -> int:
        sheet = desk.sheet(spot.file)
        sizes = range(len(op.steps), -1, -1)
        return next((n for n in sizes if sheet.find((*spot.steps, *op.steps[:n]))), -1)

    spot = max(own, key=length)
    return desk.put(spot.file, (*spot.steps, *op.steps), said(op.new), first=op.first)


def _said_at(desk: Desk, found: Found, op: Op, values: Mapping[str, Json]) -> Desk:
    """A value in place of what is said at one place."""
    spot = found.spot
    steps = (*spot.steps, *op.steps)
    if op.new is ABSENT:
        return desk.drop(spot.file, steps)
    node = found.place.node
    if found.tag in FILES and isinstance(op.new, str):
        return _in_file(desk, found, steps, op.new, values)
    if found.tag == "!var":
        raise Unfit("it is a variable")
    value = said(op.new)
    last = op.steps[-1] if op.steps else ""
    if isinstance(last, Keyed) and found.place.key is None and isinstance(node, raw.MappingNode):
        whole = isinstance(value, Mapping)
        value = {last.by: str(last), **value} if whole else value
        return desk.put(spot.file, steps if whole else (*steps, last.value), value)
    if isinstance(node, raw.ScalarNode) and found.tag == "?" and "${var." in node.value:
        value = remade(node.value, value, values) if isinstance(value, str) else None
        if value is None:
            raise Unfit("it is made of variables")
    if isinstance(node, raw.CollectionNode) and _holds_variables(node):
        raise Unfit("there are variables in it")
    return desk.put(spot.file, steps, value)


def _holds_variables(node: Any) -> bool:
    if isinstance(node, raw.ScalarNode):
        return node.tag == "!var" or "${var." in node.value
    inner = node.value if isinstance(node, raw.SequenceNode) else [v for _, v in node.value]
    return any(map(_holds_variables, inner))


# --- Texts that are made of something -----------------------------------------------------------


def filled(template: str, values: Mapping[str, Json]) -> str:
    """*template* with its variables, as it would be written without any."""
    found = []
    for _, inner, piece in parts(template):
        name = (inner or "").removeprefix("var.")
        if inner and inner.startswith("var.") and name in values:
            found.append(shown(values[name]).replace("${", "$${"))
        else:
            found.append(piece.replace("${", "$${") if inner is None else piece)
    return "".join(found)


def remade(template: str, text: str, values: Mapping[str, Json]) -> str | None:
    """*text* with the variables that *template* has of a text much like it; None if some are lost.

    Both are as YAML has them.
    """
    old, new = template.split("\n"), text.split("\n")
    plain = [filled(line, values) for line in old]
    found: list[str] = []
    for word, i, j, k, n in SequenceMatcher(None, plain, new, autojunk=False).get_opcodes():
        if word == "equal":
            found += old[i:j]
            continue
        pairs = zip(old[i:j], new[k:n], strict=False) if word == "replace" else ()
        made = [_line(one, other, values) for one, other in pairs]
        if None in made or any(map(_names, old[i + len(made) : j])):
            return None
        found += [line for line in made if line is not None]
        found += new[k + len(made) : n]
    remade = "\n".join(found)
    return remade if filled(remade, values) == text else None


def _names(line: str) -> list[str]:
    return [inner for _, inner, _ in parts(line) if inner and inner.startswith("var.")]


def _line(template: str, text: str, values: Mapping[str, Json]) -> str | None:
    """One line of *text* with the variables of its *template*, in their order."""
    at, found = 0, ""
    for inner in _names(template):
        value = shown(values.get(inner.removeprefix("var."), "")).replace("${", "$${")
        start = text.find(value, at) if value else -1
        if start < 0:
            return None
        found += f"{text[at:start]}${{{inner}}}"
        at = start + len(value)
    return found + text[at:]


def _in_file(desk: Desk, found: Found, steps: Steps, text: str, values: Mapping[str, Json]) -> Desk:
    """A new text for the file that a value stands in; one of its own if others use it."""
    path = str(found.place.node.value)
    name = f"tenants/{desk.tenant}/{path}"
    if "${" in path:
        raise Unfit("the file is another for each row")
    new: str | None = text
    if found.tag == "!template":
        new = remade(desk.text(name), text.replace("${", "$${"), values)
    if new is None:
        raise Unfit("its variables do not make it")
    if users(desk, path) < 2:
        return desk.written({name: new})
    own = free_file(desk, path)
    tag = Tag(found.tag.removeprefix("!"), own)
    desk = desk.written({f"tenants/{desk.tenant}/{own}": new})
    return desk.put(found.spot.file, steps, tag)


def users(desk: Desk, path: str) -> int:
    """How many places name a file."""
    files = [*(name for name, _ in desk.fragments()), *map(desk.env_file, desk.environments())]
    pattern = re.compile(rf"!(?:file|template)\s+[\"']?{re.escape(path)}[\"']?(?=[\s,\]}}]|$)")
    return sum(len(pattern.findall(desk.text(file))) for file in files)


def free_file(desk: Desk, path: str, word: str = "") -> str:
    """A file beside *path* that is not there yet; *word* tells it from the other."""
    stem, dot, ending = path.rpartition(".")
    stem, ending = (stem, dot + ending) if dot else (path, "")
    names = [f"{stem}.{word}{ending}"] if word else []
    found = (f"{stem}-{number}{ending}" for number in count(2))
    known = (name for name in (*names, *(next(found) for _ in range(1000))))
    return next(name for name in known if not desk.has(f"tenants/{desk.tenant}/{name}"))


# --- Lists ------------------------------------------------------------------------------------


def body_of(node: Any, values: Mapping[str, Json]) -> Any:
    """A node as it would be written without variables."""
    if isinstance(node, raw.SequenceNode):
        return [body_of(item, values) for item in node.value]
    if isinstance(node, raw.MappingNode):
        return {key.value: body_of(value, values) for key, value in node.value}
    if node.tag == "!var" and node.value in values:
        return said(values[node.value])
    if node.tag != "?":
        return Tag(node.tag.removeprefix("!"), node.value)
    if node.style:
        return filled(node.value, values)
    value = resolve(node.value)
    if isinstance(value, Surprise):
        return node.value
    return filled(value, values) if isinstance(value, str) else value


def _listed(desk: Desk, found: list[Found], op: Op, values: Mapping[str, Json]) -> Desk:
    """The elements of a list where each is said; new ones where the last of them are."""
    whole = [n for n, e in enumerate(found) if e.spot.layer != "definition" and e.tag == "?"]
    found = found[whole[-1] :] if whole else found
    own = [e for e in found if e.spot.layer != "inherited"]
    if any(e.spot.layer == "inherited" and e.tag not in PATCHES for e in found):
        raise Unfit("another environment says it")
    old, new = ([body_text(said(item)) for item in items] for items in (op.old, op.new))
    bodies = dict(zip(new, map(said, op.new), strict=True))
    if not only_appends(old, new):
        return _rearranged(desk, own, op, (old, new))
    for text in [text for text in new if text not in old]:
        desk = _with(desk, own, op.steps, bodies[text], values)
    for text in [text for text in old if text not in bodies]:
        desk = _without(desk, own, op.steps, text, values)
    return desk


def only_appends(old: list[str], new: list[str]) -> bool:
    """Whether *new* is what is left of *old* in its order, and more behind it."""
    kept = [text for text in old if text in new]
    unique = len({*old}) == len(old) and len({*new}) == len(new)
    return unique and new[: len(kept)] == kept


def _rearranged(desk: Desk, found: list[Found], op: Op, texts: tuple[list[str], list[str]]) -> Desk:
    """A list in another order, each element as it is written now."""
    old, new = texts
    node = found[0].place.node
    if len(found) > 1 or not isinstance(node, raw.SequenceNode) or len(node.value) != len(old):
        raise Unfit("it is written in several places")
    left = list(range(len(old)))
    order: list[Any] = []
    for text, item in zip(new, op.new, strict=True):
        index = next((n for n in left if old[n] == text), None)
        if index is not None:
            left.remove(index)
        order.append(said(item) if index is None else Keep(index))
    steps = (*found[0].spot.steps, *op.steps)
    return desk.edited(found[0].spot.file, lambda text: arrange(text, steps, order))


def _without(
    desk: Desk, found: list[Found], steps: Steps, text: str, values: Mapping[str, Json]
) -> Desk:
    """Without one element, wherever it is said."""
    gone = False
    for each in reversed(found):
        way = (*each.spot.steps, *steps)
        if each.tag == "!without":
            continue
        at = _position(desk, each, way, text, values)
        if at is not None:
            place = desk.sheet(each.spot.file).find(way)
            last = place is not None and len(place.node.value) == 1 and each.tag in PATCHES
            target = way if last else (*way, at)
            desk = desk.drop(each.spot.file, target)
            gone = True
    if not gone:
        raise Unfit("another environment says it")
    return desk


def _position(desk: Desk, found: Found, way: Steps, text: str, values: Mapping[str, Json]) -> Any:
    """The step that leads to an element: its index, or its key; None where there is none."""
    place = desk.sheet(found.spot.file).find(way)
    node = place.node if place else None
    if isinstance(node, raw.SequenceNode):
        bodies = (body_text(body_of(item, values)) for item in node.value)
        return next((n for n, body in enumerate(bodies) if body == text), None)
    if isinstance(node, raw.MappingNode):
        keys = (key.value for key, _ in node.value)
        return next((key for key in keys if body_text(key) == text), None)
    return None


def _with(
    desk: Desk, found: list[Found], steps: Steps, body: Any, values: Mapping[str, Json]
) -> Desk:
    """With one element more: no longer taken out, or behind the others."""
    text = body_text(body)
    for each in found:
        way = (*each.spot.steps, *steps)
        if each.tag == "!without":
            at = _position(desk, each, way, text, values)
            if at is not None:
                last = len(each.place.node.value) == 1
                return desk.drop(each.spot.file, way if last else (*way, at))
    fitting = [each for each in found if each.tag != "!without"]
    if not fitting:
        raise Unfit("another environment says it")
    target = fitting[-1]
    way = (*target.spot.steps, *steps)
    if isinstance(target.place.node, raw.MappingNode):
        if not isinstance(body, str):
            raise Unfit("it is no name")
        return desk.put(target.spot.file, (*way, body), {})

    def longer(text: str) -> str:
        place = desk.sheet(target.spot.file).find(way)
        assert place is not None
        return append(text, place, [body])

    return desk.edited(target.spot.file, longer)


def _ordered(desk: Desk, spots: Sequence[Spot], op: Op) -> Desk:
    """Weights for all elements of a sequence, so that they come in a certain order."""
    for number, key in enumerate(op.order, 1):
        for spot in spots:
            way = (*spot.steps, *op.steps, key)
            place = desk.sheet(spot.file).find(way)
            if place is None:
                continue
            weight = 100 * number
            if isinstance(place.node, raw.MappingNode):
                desk = desk.put(spot.file, (*way, "$at"), weight)
            else:
                desk = desk.put(spot.file, way, {"$at": weight})
    return desk


def variable_texts(
    desk: Desk, index: Index, address: Address, op: Op
) -> Iterator[tuple[Any, Value]]:
    """The nodes at which variables make what *op* changes, each with what it should make."""
    spots = index.of(address)
    found = [p for s in spots if (p := desk.place(s.file, (*s.steps, *op.steps)))]
    for place in found:
        node = place.node
        if isinstance(node, raw.ScalarNode):
            yield node, op.new
        elif isinstance(node, raw.SequenceNode) and isinstance(op.new, list | tuple):
            for item in node.value:
                if isinstance(item, raw.ScalarNode):
                    yield from ((item, new) for new in op.new)
