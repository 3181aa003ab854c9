"""What a Terraform file says, as plain values: bodies of attributes and blocks, and expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import TypeAlias

from tenantctl.model import Json, Origin


@dataclass(frozen=True, slots=True)
class Literal:
    """A null, a boolean, a number or a text without anything in it."""

    value: Json


@dataclass(frozen=True, slots=True)
class Template:
    """A text with expressions and directives in it."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """The first word of a reference."""

    name: str


@dataclass(frozen=True, slots=True)
class Get:
    """An attribute or an element: `of.key`, `of[key]`."""

    of: Node
    key: Node


@dataclass(frozen=True, slots=True)
class Splat:
    """`of[*]` and what is taken of each element, as an expression over `each` under *name*."""

    of: Node
    name: str
    each: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function call; with *spread* the last argument is a list of arguments."""

    function: str
    arguments: tuple[Node, ...]
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """`test ? yes : no`, and the directive of the same meaning."""

    test: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator and its one or two operands."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Tuple:
    """`[...]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Object:
    """`{...}`."""

    items: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True, slots=True)
class For:
    """`for names in over : ...`. With *key* an object, without a list; *text*: a directive."""

    names: tuple[str, ...]
    over: Node
    result: Node
    key: Node | None = None
    test: Node | None = None
    grouped: bool = False
    text: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """An expression that nobody can read, and why."""

    why: str


Node: TypeAlias = (
    Broken
    | Literal
    | Template
    | Name
    | Get
    | Splat
    | Call
    | Condition
    | Operation
    | Tuple
    | Object
    | For
)


def walked(node: Node) -> Iterator[Node]:
    """*node* and everything in it."""
    yield node
    for each in fields(node):
        yield from _inside(getattr(node, each.name))


def _inside(value: object) -> Iterator[Node]:
    if isinstance(value, tuple):
        for each in value:
            yield from _inside(each)
    elif isinstance(value, Node):
        yield from walked(value)


@dataclass(frozen=True, slots=True)
class Attribute:
    """`name = value`."""

    value: Node
    at: Origin


@dataclass(frozen=True, slots=True)
class Block:
    """`type "label" ... { body }`."""

    type: str
    labels: tuple[str, ...]
    body: Body
    at: Origin


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between braces, or in a file."""

    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()

    def of(self, type: str) -> tuple[Block, ...]:
        """The blocks of one type, in their order."""
        return tuple(block for block in self.blocks if block.type == type)
