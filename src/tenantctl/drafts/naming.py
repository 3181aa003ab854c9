"""What authored values name, and what they say: variables, secrets and files looked up."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from tenantctl.drafts.written import Tag
from tenantctl.files.names import parts, shown
from tenantctl.model import ABSENT, Json

IN_FILES = ("file", "template")
WORDS = {"var": "variable", "secret": "secret"}


def leaves(value: Any) -> Iterator[Any]:
    """Every scalar and every tag inside *value*."""
    if isinstance(value, Mapping):
        value = value.values()
    elif isinstance(value, Tag):
        yield value
        value = value.items
    elif not isinstance(value, list | tuple):
        yield value
        return
    for item in value:
        yield from leaves(item)


def names(value: Any, files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The variables and secrets that *value* names, templates among *files* included."""
    for leaf in leaves(value):
        if isinstance(leaf, Tag) and leaf.tag in WORDS:
            yield WORDS[leaf.tag], leaf.text
        elif isinstance(leaf, Tag) and leaf.tag == "template":
            yield from names(files.get(leaf.text, ""), files)
        elif isinstance(leaf, str):
            for _, inner, _ in parts(leaf):
                word, _, name = (inner or "").partition(".")
                if word in WORDS and name:
                    yield WORDS[word], name


def paths(value: Any, tags: Collection[str] = IN_FILES) -> Iterator[str]:
    """The files that *value* names by one of *tags*."""
    for leaf in leaves(value):
        if isinstance(leaf, Tag) and leaf.tag in tags:
            yield leaf.text


def said(value: Any, files: Mapping[str, str], variables: Mapping[str, Json] | None = None) -> str:
    """*value* as a text: equal texts say the same, wherever a file of theirs lies.

    With *variables*, what is put in counts, and not how it is called.
    """
    return json.dumps(_plain(value, files, variables), sort_keys=True)


def _plain(value: Any, files: Mapping[str, str], variables: Mapping[str, Json] | None) -> Json:
    match value:
        case Mapping():
            return {key: _plain(item, files, variables) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item, files, variables) for item in value]
        case Tag("var", name) if variables is not None and name in variables:
            return variables[name]
        case Tag(tag, text, items):
            content = files.get(text, text) if tag in IN_FILES else text
            return {"$": [tag, content, _plain(items, files, variables)]}
        case str() if variables is not None and "${" in value:
            return "".join(_put_in(value, variables))
    return {"$": []} if value is ABSENT else value


def _put_in(text: str, variables: Mapping[str, Json]) -> Iterator[str]:
    for _, inner, piece in parts(text):
        word, _, name = (inner or "").partition(".")
        known = word == "var" and name in variables
        yield shown(variables[name]) if known else piece if inner is None else f"\0{inner}"


def written_out(value: Any, variables: Mapping[str, Json]) -> Any:
    """*value* with *variables* written out where it names them."""
    match value:
        case Mapping():
            return {key: written_out(item, variables) for key, item in value.items()}
        case list() | tuple():
            return [written_out(item, variables) for item in value]
        case Tag("var", name) if name in variables:
            return literal(variables[name])
        case str() if "${" in value:
            return _spelled(value, variables)
    return value


def _spelled(text: str, variables: Mapping[str, Json]) -> str:
    found, plain = "", ""
    for _, inner, piece in parts(text):
        word, _, name = (inner or "").partition(".")
        if inner is None:
            plain += piece
        elif word == "var" and name in variables:
            plain += shown(variables[name])
        else:
            found, plain = found + _escaped(plain) + piece, ""
    return found + _escaped(plain)


def literal(value: Json) -> Json:
    """Plain JSON as it is written: a literal `${` as `$${`."""
    if isinstance(value, Mapping):
        return {key: literal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [literal(item) for item in value]
    return _escaped(value) if isinstance(value, str) else value


def _escaped(text: str) -> str:
    return text.replace("${", "$${")
