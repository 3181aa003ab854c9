"""What an expression comes to, given what its names mean. Nothing here raises on bad input."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from tenantctl.foreign.terraform.functions import call
from tenantctl.foreign.terraform.nodes import (
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
    Template,
    Tuple,
)
from tenantctl.foreign.terraform.values import Lazy, Set, Unknown, composed, unknown
from tenantctl.model import Value, same


class Scope(Protocol):
    """What names mean, and what functions need to know of where they are called."""

    def name(self, name: str) -> Value:
        """What a reference begins with: `var`, `local`, `each`, a type of resource..."""

    def file(self, path: str) -> str | Unknown:
        """The text of a file that the configuration reads."""


def evaluate(node: Node, scope: Scope) -> Value:
    """The value of *node*: JSON with Made, Named and Unknown in it, or a Lazy."""
    return _RULES[type(node)](node, scope)


def within(scope: Scope, names: Mapping[str, Value]) -> Scope:
    """*scope* with further names, which hide those it has."""
    return _Within(scope, names)


class _Within:
    def __init__(self, outer: Scope, names: Mapping[str, Value]) -> None:
        self._outer = outer
        self._names = names

    def name(self, name: str) -> Value:
        return self._names[name] if name in self._names else self._outer.name(name)

    def file(self, path: str) -> str | Unknown:
        return self._outer.file(path)


def _text(pieces: tuple[Node, ...], scope: Scope) -> Value:
    """A template; one that is nothing but an expression is its value."""
    values = [evaluate(piece, scope) for piece in pieces]
    if len(values) == 1:
        return values[0]
    texts = [texted(value) for value in values]
    missing = unknown(texts)
    return missing or composed(text for text in texts if isinstance(text, str))


def texted(value: Value) -> str | Unknown:
    """A scalar as a template shows it."""
    if isinstance(value, str | Unknown):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if value is None:
        return Unknown("null stands inside a text", mistake=True)
    return unknown([value]) or Unknown("a list or an object stands inside a text", mistake=True)


def got(of: Value, key: Value) -> Value:
    """`of.key`, `of[key]`."""
    if isinstance(of, Unknown):
        return of
    if isinstance(key, Unknown):
        return key
    if isinstance(of, Mapping):
        return of[str(key)] if str(key) in of else Unknown(f"there is no {key!s}", mistake=True)
    if isinstance(of, list):
        return _element(of, key)
    if isinstance(of, Lazy):
        return of.get(str(key))
    return Unknown(f"nothing can be taken of it by {key!s}", mistake=True)


def _element(of: list[Value], key: Value) -> Value:
    try:
        index = int(key)
    except (TypeError, ValueError):
        one = of[0] if len(of) == 1 else None
        return got(one, key) if isinstance(one, Mapping) else Unknown("a list has no names")
    return of[index] if 0 <= index < len(of) else Unknown(f"there is no [{index}]", mistake=True)


def _splat(node: Splat, scope: Scope) -> Value:
    of = evaluate(node.of, scope)
    if isinstance(of, Unknown):
        return of
    items = of if isinstance(of, list) else [] if of is None else [of]
    return [evaluate(node.each, within(scope, {node.name: item})) for item in items]


def _condition(test: Node, yes: Node, no: Node, scope: Scope) -> Value:
    decided = truth(evaluate(test, scope))
    if not isinstance(decided, Unknown):
        return evaluate(yes if decided else no, scope)
    first, second = evaluate(yes, scope), evaluate(no, scope)
    return first if not unknown([first, second]) and same(first, second) else decided


def truth(value: Value) -> bool | Unknown:
    """A condition's value; texts say it as well."""
    if isinstance(value, bool | Unknown):
        return value
    if value in {"true", "false"}:
        return bool(value == "true")
    return unknown([value]) or Unknown("a condition is neither true nor false", mistake=True)


_ARITHMETIC: Mapping[str, Callable[[float, float], float | bool]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def _operation(node: Operation, scope: Scope) -> Value:
    if node.operator in {"&&", "||"}:
        return _logic(node, scope)
    values = [evaluate(operand, scope) for operand in node.operands]
    if missing := unknown(values):
        return missing
    if node.operator == "!":
        decided = truth(values[0])
        return decided if isinstance(decided, Unknown) else not decided
    if node.operator in {"==", "!="}:
        return same(values[0], values[1]) is (node.operator == "==")
    return _arithmetic(node.operator, values)


def _logic(node: Operation, scope: Scope) -> Value:
    """And, or: one side may decide without the other."""
    sides = [truth(evaluate(operand, scope)) for operand in node.operands]
    decisive = node.operator == "||"
    if decisive in [side for side in sides if isinstance(side, bool)]:
        return decisive
    return unknown(sides) or not decisive


def _arithmetic(sign: str, values: list[Value]) -> Value:
    try:
        numbers = [number(value) for value in values]
        if len(numbers) == 1:
            return -numbers[0]
        result = _ARITHMETIC[sign](numbers[0], numbers[1])
    except (TypeError, ValueError, ZeroDivisionError, OverflowError, KeyError):
        return Unknown(f"{sign} does not go with these values", mistake=True)
    whole = isinstance(result, float) and result.is_integer()
    return int(result) if whole else result


def number(value: Value) -> int | float:
    """A number, also where it is written as a text. Raises TypeError or ValueError."""
    if isinstance(value, bool):
        raise TypeError
    if isinstance(value, int | float):
        return value
    found = float(value)
    return int(found) if found.is_integer() else found


def _call(node: Call, scope: Scope) -> Value:
    if node.function in {"try", "can", "coalesce"}:
        values = [evaluate(argument, scope) for argument in node.arguments]
        return _attempt(node.function, values)
    arguments = [evaluate(argument, scope) for argument in node.arguments]
    if node.spread and arguments:
        last = arguments.pop()
        if not isinstance(last, list):
            return unknown([last]) or Unknown("only a list can be spread with ...", mistake=True)
        arguments.extend(last)
    if node.function == "templatefile":
        return _templatefile(arguments, scope)
    return call(node.function, arguments, scope.file)


def _attempt(function: str, values: list[Value]) -> Value:
    missing = [unknown([value]) for value in values]
    if function == "can":
        return not missing[0]
    for value, lacks in zip(values, missing, strict=True):
        if lacks and function == "coalesce":
            return lacks
        if not lacks and (function == "try" or (value is not None and not same(value, ""))):
            return value
    return next(filter(None, missing), Unknown(f"{function} finds nothing", mistake=True))


def _templatefile(arguments: list[Value], scope: Scope) -> Value:
    from tenantctl.foreign.terraform.syntax import expression
    from tenantctl.foreign.terraform.templates import template

    match arguments:
        case [str() as path, Mapping() as names]:
            text = scope.file(path)
            if isinstance(text, Unknown):
                return text
            try:
                node = template(text, expression)
            except (ValueError, RecursionError) as error:
                return Unknown(f"{path}: {error}", mistake=True)
            value = evaluate(node, within(scope, names))
            return texted(value)
    return unknown(arguments) or Unknown("templatefile takes a path and an object", mistake=True)


def _object(items: tuple[tuple[Node, Node], ...], scope: Scope) -> Value:
    found: dict[str, Value] = {}
    for key_node, node in items:
        key = texted(evaluate(key_node, scope))
        if isinstance(key, Unknown):
            return key
        found[str(key)] = evaluate(node, scope)
    return found


def pairs(over: Value) -> list[tuple[Value, Value]] | Unknown:
    """What is iterated over: maps in the order of their keys, as Terraform does."""
    if isinstance(over, Unknown):
        return over
    if isinstance(over, Mapping):
        return sorted(over.items())
    if isinstance(over, Set):
        return [(each, each) for each in over]
    if isinstance(over, list):
        return list(enumerate(over))
    return unknown([over]) or Unknown("only a list or a map can be gone through", mistake=True)


def _for(node: For, scope: Scope) -> Value:
    over = pairs(evaluate(node.over, scope))
    if isinstance(over, Unknown):
        return over
    results: list[tuple[Value, Value]] = []
    for pair in over:
        names = dict(zip(node.names, pair if len(node.names) == 2 else pair[1:], strict=True))
        inner = within(scope, names)
        wanted = truth(evaluate(node.test, inner)) if node.test else True
        if isinstance(wanted, Unknown):
            return wanted
        if wanted:
            key = evaluate(node.key, inner) if node.key else None
            results.append((key, evaluate(node.result, inner)))
    if node.text:
        texts = [texted(value) for _, value in results]
        return unknown(texts) or composed(text for text in texts if isinstance(text, str))
    return _keyed(node, results) if node.key else [value for _, value in results]


def _keyed(node: For, results: list[tuple[Value, Value]]) -> Value:
    found: dict[str, Value] = {}
    for key, value in results:
        name = texted(key)
        if isinstance(name, Unknown):
            return name
        if node.grouped:
            found.setdefault(str(name), []).append(value)
        else:
            found[str(name)] = value
    return found


_RULES: Mapping[type, Callable[[Any, Scope], Value]] = {
    Broken: lambda node, _: Unknown(node.why, mistake=True),
    Call: _call,
    Condition: lambda node, scope: _condition(node.test, node.yes, node.no, scope),
    For: _for,
    Get: lambda node, scope: got(evaluate(node.of, scope), evaluate(node.key, scope)),
    Literal: lambda node, _: node.value,
    Name: lambda node, scope: scope.name(node.name),
    Object: lambda node, scope: _object(node.items, scope),
    Operation: _operation,
    Splat: _splat,
    Template: lambda node, scope: _text(node.parts, scope),
    Tuple: lambda node, scope: [evaluate(item, scope) for item in node.items],
}
