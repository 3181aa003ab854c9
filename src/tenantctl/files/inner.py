"""What is written inside the resource that it belongs to: members, one object, or several."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import TypeAlias

from tenantctl.files.document import WRONG, MapNode, Node, ScalarNode
from tenantctl.files.evaluate import Context, evaluate, is_absent, made_key
from tenantctl.files.findings import suggestion
from tenantctl.files.tree import Branch, Entry, Items, Leaf, Patch, Tree
from tenantctl.kinds import KINDS, Kind
from tenantctl.model import Address, Origin

KEY = re.compile(r"[a-z0-9_-]+")
PLAIN_KEYS = "keys are made of small letters, digits, - and _; names go into fields"
MODES = ("managed", "additive", "exclusive")
Mode: TypeAlias = tuple[str, Origin] | None
"""The `$mode` of an association and where it is written, if it is."""


@cache
def inner_kinds(kind: Kind) -> Mapping[str, Kind]:
    """The kinds that are written as a field of *kind*, by the field."""
    inner = (k for k in KINDS.values() if k.authored_in and k.authored_in[0] == kind.name)
    return {k.authored_in[1]: k for k in inner if k.authored_in}


def inner_bodies(
    context: Context, kind: Kind, parent: Address, key: ScalarNode, node: Node
) -> Iterator[tuple[Address, Mode, Branch]]:
    """Address, mode and fields of each resource of *kind* that *parent* has under *key*."""
    if kind.members or not kind.key:
        if found := _inner_body(context, kind, key, node):
            yield Address(kind.name, parent.key), *found
    elif isinstance(node, MapNode) and not node.tag:
        for name, body in node.entries:
            text, at = made_key(context, name) or ("", context.origin(name))
            if text and not KEY.fullmatch(text):
                context.findings.lose(at, f"{text} is no key", PLAIN_KEYS)
            elif text and (found := _inner_body(context, kind, name, body)):
                yield Address(kind.name, f"{parent.key}/{text}"), *found
    elif node.tag != WRONG:
        message = f"{key.text} must be a map of keys, each with its fields"
        context.findings.add(context.origin(key), message)


def let_go(parent: Address, over: MapNode) -> Iterator[tuple[str, ScalarNode]]:
    """What hangs on *parent* and is let go by what an environment says *over* it, as globs.

    Each with the word that names it: `clients: !unmanaged`, `credentials: {old: !unmanaged}`.
    """
    links = inner_kinds(KINDS[parent.kind])
    for key, node in over.entries:
        kind = links.get(key.text)
        several = kind and kind.key and not kind.members
        if kind and is_unmanaged(node):
            yield f"{kind.name}.{parent.key}{'/*' if several else ''}", key
        elif kind and several and isinstance(node, MapNode):
            for name, body in node.entries:
                if is_unmanaged(body):
                    yield f"{kind.name}.{parent.key}/{name.text}", name


def kept(kind: Kind, node: Node) -> Node | None:
    """*node*, written under a field for *kind*, without what it lets go; None for nothing."""
    if is_unmanaged(node):
        return None
    if kind.members or not kind.key or not isinstance(node, MapNode):
        return node
    return node.without(*(name.text for name, body in node.entries if is_unmanaged(body)))


def is_unmanaged(node: Node) -> bool:
    """Whether a node is `!unmanaged`, and nothing else."""
    return isinstance(node, ScalarNode) and node.tag == "unmanaged" and not node.text


def _inner_body(
    context: Context, kind: Kind, key: ScalarNode, node: Node
) -> tuple[Mode, Branch] | None:
    """The mode and the fields of what is written as a field of its parent, under *key*.

    None where that is an empty cell, or something else altogether.
    """
    at = context.origin(key)
    if kind.members:
        mode, tree = _association(context, kind, node)
        if is_absent(tree):
            return None
        return mode, Branch({kind.members: Entry(at, tree)}, at)
    if isinstance(node, MapNode) and not node.tag:
        tree = evaluate(context, node)
        assert isinstance(tree, Branch)
        return None, tree
    if node.tag != WRONG:
        help = f"such as {key.text}: {{}}"
        context.findings.lose(at, f"{key.text} must be a map of fields", help)
    return None


def _association(context: Context, kind: Kind, node: Node) -> tuple[Mode, Tree]:
    """The mode and the members of an association: a list, or a map that may hold `$mode`."""
    if not isinstance(node, MapNode) or node.tag:
        return None, evaluate(context, node)
    mode: Mode = None
    found = node.get("$mode")
    if found is not None:
        at = context.origin(found)
        word = found.text if isinstance(found, ScalarNode) else ""
        if word not in MODES:
            help = suggestion(word, MODES)
            context.findings.add(at, f"$mode must be one of {', '.join(MODES)}", help)
        mode = (word, at)
    tree = evaluate(context, node.without("$mode"))
    if isinstance(tree, Branch) and kind.hooks.unfold:
        return mode, Branch(dict(_lists(context, tree)), tree.origin)
    if kind.by or not isinstance(tree, Branch):
        return mode, tree
    return mode, Items(tuple(_members(context, tree)), tree.origin)


def _lists(context: Context, tree: Branch) -> Iterator[tuple[str, Entry]]:
    """The entries of an association that is written in a form of its own: lists by key."""
    for key, entry in tree.entries.items():
        if isinstance(entry.tree, Items | Patch):
            yield key, entry
        else:
            context.findings.add(entry.key, f"{key} must be a list", f"such as {key}: []")


def _members(context: Context, tree: Branch) -> Iterator[Tree]:
    for key, entry in tree.entries.items():
        empty = entry.tree.entries == {} if isinstance(entry.tree, Branch) else False
        if not empty:
            context.findings.add(entry.key, f"{key} has no attributes here", f"write {key}: {{}}")
        yield Leaf(key, replace(entry.key))
