"""What expressions come to: JSON, and what stands in it for what only Auth0 or a vault knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from tenantctl.foreign.item import Made, MadeList, Named
from tenantctl.model import Secret, Text, Value, Var


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that cannot be worked out, and *why*. *secret*: it is known to be one.

    *mistake*: it could be, were the configuration right.
    """

    why: str
    secret: bool = False
    mistake: bool = False


class Set(list[Value]):
    """A list in which every value is once, and is its own key."""


@runtime_checkable
class Lazy(Protocol):
    """Something with attributes that are worked out when they are asked for."""

    def get(self, name: str) -> Value: ...


def leaves(value: Value) -> Iterator[Value]:
    """Every scalar in *value*, and every list that is a variable."""
    if isinstance(value, MadeList):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    else:
        yield value


def unknown(values: Iterable[Value]) -> Unknown | None:
    """The first of the leaves of *values* that is not known."""
    for value in values:
        for leaf in leaves(value):
            if isinstance(leaf, Unknown):
                return leaf
            if isinstance(leaf, Lazy) and not isinstance(leaf, Mapping):
                return Unknown("it is a whole resource or module, not an attribute of one")
    return None


def parts(value: str) -> tuple[Value, ...]:
    """What a text is made of."""
    if isinstance(value, Named):
        return (value,)
    if isinstance(value, Made):
        return value.source.parts if isinstance(value.source, Text) else (value.source,)
    return (value,)


def composed(texts: Iterable[str]) -> str:
    """The texts in a row, as one that remembers what it is made of."""
    each = list(texts)
    whole = "".join(each)
    pieces: list[Value] = []
    for piece in (piece for text in each for piece in parts(text)):
        plain = type(piece) is str
        if plain and pieces and type(pieces[-1]) is str:
            pieces[-1] += piece
        elif not plain or piece:
            pieces.append(piece)
    if not pieces or (len(pieces) == 1 and type(pieces[0]) is str):
        return whole
    if len(pieces) == 1 and isinstance(pieces[0], Named):
        return pieces[0]
    return Made.of(whole, pieces[0] if len(pieces) == 1 else Text(tuple(pieces)))


def secrets(value: Value) -> Iterator[str]:
    """The names of the secrets that *value* is made of."""
    for leaf in leaves(value):
        if isinstance(leaf, Made):
            yield from (part.name for part in parts(leaf) if isinstance(part, Secret))


def sealed(value: Value, name: str) -> Value:
    """*value* with a secret in place of each text; of several each has a name of its own.

    What is a secret already keeps its name.
    """
    if isinstance(value, Mapping):
        return {key: sealed(each, f"{name}_{screaming(key)}") for key, each in value.items()}
    if isinstance(value, list):
        return [sealed(each, f"{name}_{index + 1}") for index, each in enumerate(value)]
    if value is None or isinstance(value, bool) or next(secrets(value), None):
        return value
    return Made.of(name, Secret(name))


def screaming(text: str) -> str:
    """*text* as the name of a secret."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    name = re.sub(r"[^A-Za-z0-9]+", "_", words).strip("_").upper()
    return f"_{name}" if name[:1].isdigit() else name or "UNNAMED"


def variables(value: Value) -> Iterator[str]:
    """The names of the variables that *value* is made of."""
    for leaf in leaves(value):
        if isinstance(leaf, MadeList) and isinstance(leaf.source, Var):
            yield leaf.source.name
        elif isinstance(leaf, Made):
            yield from (part.name for part in parts(leaf) if isinstance(part, Var))
