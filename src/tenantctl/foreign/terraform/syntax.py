"""From the text of a Terraform file to what it says. The parser is python-hcl2's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING

from tenantctl.errors import Problem
from tenantctl.foreign.terraform.nodes import (
    Attribute,
    Block,
    Body,
    Broken,
    Call,
    Condition,
    For,
    Get,
    Literal,
    Name,
    Node,
    Object,
    Operation,
    Splat,
    Tuple,
)
from tenantctl.foreign.terraform.templates import heredoc, shifted, template
from tenantctl.model import Json, Origin

if TYPE_CHECKING:
    from lark import Token, Tree

_TOP = re.compile(
    r"^(?=(?:resource|data|module|variable|output|provider|terraform|locals|moved|import)\b)",
    re.MULTILINE,
)
_PLAIN = re.compile(r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)+")
_LITERALS: Mapping[str, Json] = {"true": True, "false": False, "null": None}


class BadSyntax(Exception):
    """A text is not of the language; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def parse(text: str, file: str) -> tuple[Body, tuple[Problem, ...]]:
    """What the text of *file* says, and the problems of what cannot be read of it.

    Of a file that is broken the blocks are read that are not.
    """
    text = text.removeprefix("\ufeff")
    try:
        return _parsed(text, file), ()
    except BadSyntax as error:
        starts = [match.start() for match in _TOP.finditer(text)]
        if len(starts) < 2:
            return Body(), (error.problem,)
    bodies: list[Body] = []
    problems: list[Problem] = []
    for start, end in pairwise([0, *starts, len(text)]):
        try:
            bodies.append(_parsed("\n" * text.count("\n", 0, start) + text[start:end], file))
        except BadSyntax as error:
            problems.append(error.problem)
    return joined(bodies), tuple(problems)


def joined(bodies: Iterable[Body]) -> Body:
    """The bodies of several files as one."""
    each = tuple(bodies)
    attributes = {name: value for body in each for name, value in body.attributes.items()}
    return Body(attributes, tuple(block for body in each for block in body.blocks))


def _parsed(text: str, file: str) -> Body:
    from lark.exceptions import UnexpectedInput

    try:
        return _body(next(iter(_trees(_tree(text)))), text, file)
    except UnexpectedInput as error:
        line, column = max(error.line, 0), max(error.column, 0)
    except RecursionError:
        raise BadSyntax(Problem(file, 0, 0, "expressions are nested too deep to be read")) from None
    lines = text.split("\n")
    source = lines[line - 1] if 0 < line <= len(lines) else ""
    said = "this is not Terraform's language"
    raise BadSyntax(
        Problem(file, line, column, said, "let `terraform validate` pass first", source)
    )


@lru_cache(maxsize=4096)
def expression(text: str) -> Node:
    """The expression that *text* is. Raises ValueError."""
    from lark.exceptions import UnexpectedInput

    if _PLAIN.fullmatch(text.strip()):
        first, *rest = text.strip().split(".")
        node: Node = Name(first)
        for word in rest:
            node = Get(node, Literal(word))
        return node
    whole = f"x = (\n{text}\n)"
    try:
        body = _body(next(iter(_trees(_tree(whole)))), whole, "")
    except UnexpectedInput:
        raise ValueError(f"`{text.strip()[:60]}` is no expression") from None
    return body.attributes["x"].value


def _tree(text: str) -> Tree[Token]:
    import hcl2

    tree: Tree[Token] = hcl2.parses_to_tree(text)
    return tree


def _trees(tree: Tree[Token]) -> list[Tree[Token]]:
    """The parts of *tree* that mean something: no punctuation, no comments."""
    from lark import Tree

    return [
        each
        for each in tree.children
        if isinstance(each, Tree) and each.data != "new_line_or_comment"
    ]


def _words(tree: Tree[Token]) -> list[str]:
    from lark import Token

    return [str(each) for each in tree.children if isinstance(each, Token)]


def _at(tree: Tree[Token], file: str) -> Origin:
    return Origin(file, tree.meta.line, tree.meta.column)


def _body(tree: Tree[Token], text: str, file: str) -> Body:
    attributes: dict[str, Attribute] = {}
    blocks: list[Block] = []
    for each in _trees(tree):
        if each.data == "attribute":
            name, value = _trees(each)
            attributes[_word(name, text)] = Attribute(_readable(value, text), _at(each, file))
        else:
            *heads, body = _trees(each)
            kind, *labels = [_word(head, text) for head in heads]
            blocks.append(Block(kind, tuple(labels), _body(body, text, file), _at(each, file)))
    return Body(attributes, tuple(blocks))


def _readable(tree: Tree[Token], text: str) -> Node:
    try:
        return _node(tree, text)
    except ValueError as error:
        return Broken(str(error))


def _word(tree: Tree[Token], text: str) -> str:
    """A name, whether it is quoted or not."""
    if tree.data == "string":
        node = _readable(tree, text)
        return str(node.value) if isinstance(node, Literal) else _raw(tree, text)
    return "".join(_words(tree))


def _raw(tree: Tree[Token], text: str) -> str:
    """What stands between the quotation marks of a string."""
    return text[tree.meta.start_pos + 1 : tree.meta.end_pos - 1]


def _node(tree: Tree[Token], text: str) -> Node:
    """The expression that *tree* is."""
    return _READERS[str(tree.data)](tree, text)


def _term(tree: Tree[Token], text: str) -> Node:
    (inner,) = _trees(tree)
    return _node(inner, text)


def _number(tree: Tree[Token], _text: str) -> Node:
    value = float(_words(tree)[0])
    return Literal(int(value) if value.is_integer() else value)


def _string(tree: Tree[Token], text: str) -> Node:
    return template(_raw(tree, text), expression, quoted=True)


def _heredoc(tree: Tree[Token], _text: str) -> Node:
    body, shift = heredoc(_words(tree)[0])
    return template(shifted(body) if shift else body, expression)


def _conditional(tree: Tree[Token], text: str) -> Node:
    test, yes, no = (_node(each, text) for each in _trees(tree))
    return Condition(test, yes, no)


def _binary(tree: Tree[Token], text: str) -> Node:
    left, term = _trees(tree)
    operator, right = _trees(term)
    sign = _words(operator)[0].split()[-1]
    return Operation(sign, (_node(left, text), _node(right, text)))


def _unary(tree: Tree[Token], text: str) -> Node:
    return Operation(_words(tree)[0], (_node(_trees(tree)[0], text),))


def _tuple(tree: Tree[Token], text: str) -> Node:
    return Tuple(tuple(_node(each, text) for each in _trees(tree)))


def _object(tree: Tree[Token], text: str) -> Node:
    pairs = [_trees(each) for each in _trees(tree)]
    return Object(tuple((_key(key, text), _node(value, text)) for key, value in pairs))


def _key(tree: Tree[Token], text: str) -> Node:
    """The key of an element: a bare word is itself, anything else is worked out."""
    if not _trees(tree):
        return Literal("".join(_words(tree)))
    (inner,) = _trees(tree)
    if inner.data == "keyword":
        return Literal("".join(_words(inner)))
    bare = _trees(inner)
    if (
        inner.data == "expr_term"
        and not _words(inner)
        and bare[0].data
        in {
            "identifier",
            "literal_value",
        }
    ):
        return Literal(_word(bare[0], text))
    return _node(inner, text)


def _call(tree: Tree[Token], text: str) -> Node:
    names = [_word(each, text) for each in _trees(tree) if each.data == "identifier"]
    found = [each for each in _trees(tree) if each.data == "arguments"]
    arguments = tuple(_node(each, text) for one in found for each in _trees(one))
    spread = any(word == "..." for one in found for word in _words(one))
    return Call("::".join(names), arguments, spread)


def _get(tree: Tree[Token], text: str) -> Node:
    of, step = _trees(tree)
    return Get(_node(of, text), _step(step, text))


def _step(tree: Tree[Token], text: str) -> Node:
    """What is taken: by name, by number or by an expression."""
    if tree.data == "short_index":
        return Literal(int(_words(tree)[-1]))
    (inner,) = _trees(tree)
    return _node(inner, text) if tree.data == "braces_index" else Literal(_word(inner, text))


def _splat(tree: Tree[Token], text: str) -> Node:
    of, splat = _trees(tree)
    each: Node = Name("*")
    for step in _trees(splat):
        each = Get(each, _step(step, text))
    return Splat(_node(of, text), "*", each)


def _for(tree: Tree[Token], text: str, *, object: bool) -> Node:
    intro, *rest = _trees(tree)
    test = next((each for each in rest if each.data == "for_cond"), None)
    results = [_node(each, text) for each in rest if each.data != "for_cond"]
    *names, over = _trees(intro)
    return For(
        tuple(_word(name, text) for name in names),
        _node(over, text),
        results[-1],
        key=results[0] if object else None,
        test=_node(_trees(test)[0], text) if test else None,
        grouped="..." in _words(tree),
    )


_READERS: Mapping[str, Callable[[Tree[Token], str], Node]] = {
    "expr_term": _term,
    "int_lit": _number,
    "float_lit": _number,
    "string": _string,
    "heredoc_template": _heredoc,
    "heredoc_template_trim": _heredoc,
    "identifier": lambda tree, text: Name(_word(tree, text)),
    "literal_value": lambda tree, text: Literal(_LITERALS[_word(tree, text)]),
    "conditional": _conditional,
    "binary_op": _binary,
    "unary_op": _unary,
    "tuple": _tuple,
    "object": _object,
    "function_call": _call,
    "index_expr_term": _get,
    "get_attr_expr_term": _get,
    "attr_splat_expr_term": _splat,
    "full_splat_expr_term": _splat,
    "for_tuple_expr": partial(_for, object=False),
    "for_object_expr": partial(_for, object=True),
}


def parse_json(text: str, file: str) -> tuple[Body, tuple[Problem, ...]]:
    """As `parse`, of a `.tf.json` file."""
    try:
        document = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        return Body(), (Problem(file, error.lineno, error.colno, f"this is not JSON: {error.msg}"),)
    if not isinstance(document, dict):
        return Body(), (Problem(file, 1, 1, "this has to be an object"),)
    return _json_body(document, Origin(file, 0, 0)), ()


_LABELS = {"resource": 2, "data": 2, "variable": 1, "output": 1, "module": 1, "provider": 1}


def _json_body(document: Mapping[str, Json], at: Origin) -> Body:
    blocks: list[Block] = []
    attributes: dict[str, Attribute] = {}
    for name, value in document.items():
        if name in _LABELS:
            blocks.extend(_json_blocks(name, value, (), at))
        elif name in {"locals", "lifecycle", "terraform"} and isinstance(value, dict):
            blocks.append(Block(name, (), _json_body(value, at), at))
        elif name != "//":
            attributes[name] = Attribute(from_json(value), at)
    return Body(attributes, tuple(blocks))


def _json_blocks(kind: str, value: Json, labels: tuple[str, ...], at: Origin) -> list[Block]:
    if isinstance(value, list):
        return [block for each in value for block in _json_blocks(kind, each, labels, at)]
    if not isinstance(value, dict):
        return []
    if len(labels) == _LABELS[kind]:
        return [Block(kind, labels, _json_body(value, at), at)]
    return [
        block
        for label, each in value.items()
        for block in _json_blocks(kind, each, (*labels, label), at)
    ]


def from_json(value: Json) -> Node:
    """JSON as an expression: its texts are templates."""
    if isinstance(value, dict):
        return Object(tuple((Literal(key), from_json(each)) for key, each in value.items()))
    if isinstance(value, list):
        return Tuple(tuple(map(from_json, value)))
    if not isinstance(value, str):
        return Literal(value)
    try:
        return template(value, expression)
    except ValueError as error:
        return Broken(str(error))
