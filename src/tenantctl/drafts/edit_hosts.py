"""Hosts that are others in another tenant: a variable in their place, in many texts at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from yaml import nodes as raw

from tenantctl.drafts.edit import Revising
from tenantctl.drafts.edit_apply import FILES, users
from tenantctl.drafts.edit_desk import Desk, index
from tenantctl.drafts.edit_likeness import WORDS
from tenantctl.drafts.edit_sheet import Steps, Unfit
from tenantctl.drafts.edit_values import Op, ops, weights
from tenantctl.drafts.written import Tag
from tenantctl.errors import FilesError
from tenantctl.files import Loaded
from tenantctl.model import Address, same

HOST = re.compile(r"(?<![\w.-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\w-])")
MANY = 2
"""Texts in which a host differs, from which it is worth a variable."""
OWN = "tenant_domain"
CODE = (".js", ".mjs", ".ts", ".json")


Swaps: TypeAlias = Mapping[str, str]
"""Hosts of the first tenant with those of the second."""


def introduced(work: Revising, first: Loaded, domain: str) -> Desk:
    """The project of *work* with variables for hosts that *domain*'s tenant has otherwise.

    The first environment asks for what it asked for before, and so do all others.
    """
    own = (first.environment.domain, domain)
    chosen = _chosen(work, own)
    for swaps in (chosen, *({old: new} for old, new in chosen.items())):
        desk = _with(work, swaps, own)
        if desk is not None and _keeps(work.desk, desk, work):
            return desk
    return work.desk


def _chosen(work: Revising, own: tuple[str, str]) -> Swaps:
    """Hosts that have another in their place in so many texts that a variable is worth it."""
    found: Counter[tuple[str, str]] = Counter()
    for _, op in _ops(work):
        for old, new in _texts(op):
            found.update((_swapped(old, new) or {}).items())
    chosen: dict[str, str] = {}
    for (old, new), texts in found.most_common():
        if texts >= MANY or (old, new) == own:
            chosen.setdefault(old, new)
    return chosen


def _ops(work: Revising) -> Iterator[tuple[Address, Op]]:
    for address, each in work.work(work.loaded).items():
        yield from ((address, op) for op in ops(each))


def _texts(op: Op) -> Iterator[tuple[str, str]]:
    """The texts of one tenant with those that may stand for them in the other."""
    if isinstance(op.old, str) and isinstance(op.new, str):
        yield op.old, op.new
    elif isinstance(op.old, list | tuple) and isinstance(op.new, list | tuple):
        ours = [item for item in op.old if isinstance(item, str) and item not in op.new]
        theirs = [item for item in op.new if isinstance(item, str) and item not in op.old]
        yield from ((one, other) for one in ours for other in theirs)


def _swapped(old: str, new: str) -> Swaps | None:
    """The hosts of *old* with those in their places in *new*; None where more than hosts differ."""
    if HOST.sub("", old) != HOST.sub("", new) or HOST.split(old) != HOST.split(new):
        return None
    found: dict[str, str] = {}
    for one, other in zip(HOST.findall(old), HOST.findall(new), strict=True):
        if found.setdefault(one, other) != other:
            return None
    return {one: other for one, other in found.items() if one != other} or None


def _put(text: str, markers: Mapping[str, str]) -> str:
    return HOST.sub(lambda found: markers.get(found[0], found[0]), text)


def _word(host: str) -> str:
    """A name for a host: what it is called without words for environments and endings."""
    words = [word for word in re.split(r"[.-]", host)[:-1] if word and word not in WORDS]
    stem = re.sub(r"\W+", "_", "_".join(words) or "site")
    return f"{stem}_host" if not stem[0].isdigit() else f"host_{stem}"


def _name(desk: Desk, stem: str, taken: set[str]) -> str:
    names = [stem, *(f"{stem}_{number}" for number in range(2, 1000))]
    sheet = desk.sheet(desk.tenant_file)
    free = (name for name in names if sheet.find(("variables", name)) is None)
    return next(name for name in free if name not in taken)


def _with(work: Revising, swaps: Swaps, own: tuple[str, str]) -> Desk | None:
    """With variables in the place of hosts, in all texts that differ by nothing else."""
    desk, places = work.desk, index(work.desk, work.loaded.playbook)
    names: dict[str, str] = {}
    for old, new in swaps.items():
        name = _name(desk, OWN if (old, new) == own else _word(old), {*names.values()})
        names[old] = name
    markers = {old: f"${{var.{name}}}" for old, name in names.items()}
    used: set[str] = set()
    for address, op in _ops(work):
        found = [pair for pair in (_swapped(*texts) for texts in _texts(op)) if pair]
        fitting = {
            old: markers[old] for pair in found for old in pair if pair.items() <= swaps.items()
        }
        for spot in places.of(address) if fitting else ():
            if spot.layer == "definition":
                before = desk
                desk = _named(desk, spot.file, (*spot.steps, *op.steps), fitting)
                used |= fitting.keys() if desk is not before else set()
    if not used:
        return None
    for old in sorted(used):
        about = {"type": "string", "description": f"What is {old} in one environment."}
        desk = desk.put(desk.tenant_file, ("variables", names[old]), about)
        for env in desk.environments():
            value = swaps[old] if env == desk.env else old
            desk = desk.put(desk.env_file(env), ("variables", names[old]), value)
    return desk


def _named(desk: Desk, file: str, steps: Steps, markers: Mapping[str, str]) -> Desk:
    """With *markers* for hosts in the texts at *steps* of a file, or in the file that is there."""
    try:
        place = desk.sheet(file).find(steps)
        node: Any = place.node if place else None
        if isinstance(node, raw.SequenceNode):
            for number in range(len(node.value)):
                desk = _named(desk, file, (*steps, number), markers)
        elif isinstance(node, raw.ScalarNode) and node.tag == "?":
            text = _put(node.value, markers)
            return desk if text == node.value else desk.put(file, steps, text)
        elif isinstance(node, raw.ScalarNode) and node.tag in FILES:
            return _in_file(desk, file, steps, node, markers)
    except Unfit:
        return desk
    return desk


def _in_file(desk: Desk, file: str, steps: Steps, node: Any, markers: Mapping[str, str]) -> Desk:
    """A page or a mail becomes a template; code that has to run as it is stays what it is."""
    path = f"tenants/{desk.tenant}/{node.value}"
    text = desk.text(path)
    if node.tag == "!file":
        if "${" in text or node.value.endswith(CODE) or users(desk, node.value) > 1:
            return desk
        desk = desk.put(file, steps, Tag("template", node.value))
    return desk.written({path: _put(text, markers)})


def _keeps(before: Desk, after: Desk, work: Revising) -> bool:
    """Whether all environments ask for the same as before, and the new one for less that is not."""
    try:
        for env in before.environments():
            if env != before.env and not _alike(before, after, env):
                return False
        nearer = weights(work.work(after.load()))
        return sum(nearer.values()) < sum(weights(work.work(before.load())).values())
    except FilesError:
        return False


def _alike(before: Desk, after: Desk, env: str) -> bool:
    try:
        one = before.load(env).desired.tenant.resources
    except FilesError:
        return True  # it was not right before
    other = after.load(env).desired.tenant.resources
    return one.keys() == other.keys() and all(_same(one[a].fields, other[a].fields) for a in one)


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return same(one, other)
