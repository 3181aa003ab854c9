"""The values that variables have in each environment, and what is said of their types."""

from __future__ import annotations

from collections.abc import Mapping

from tenantctl.foreign.item import Made, MadeList, Named
from tenantctl.foreign.terraform.evaluate import texted
from tenantctl.foreign.terraform.nodes import Call, Literal, Name, Node, Object
from tenantctl.foreign.terraform.values import Lazy, Set, Unknown
from tenantctl.model import Value, Var


def converted(value: Value, type: Node) -> Value:
    """*value* as *type* has it: texts for numbers, numbers for texts, defaults of attributes."""
    if value is None or isinstance(value, Unknown | MadeList):
        return value
    if isinstance(value, Lazy) and not isinstance(value, Mapping):
        return value
    match type:
        case Name("string"):
            return texted(value) if isinstance(value, bool | int | float) else value
        case Name("number"):
            return _number(value)
        case Name("bool"):
            return (
                {"true": True, "false": False}.get(value, value)
                if isinstance(value, str)
                else value
            )
        case Call(function, arguments):
            return _collection(value, function, arguments)
    return value


def _number(value: Value) -> Value:
    if not isinstance(value, str) or isinstance(value, Made | Named):
        return value
    try:
        found = float(value)
    except ValueError:
        return value
    return int(found) if found.is_integer() else found


def _collection(value: Value, function: str, arguments: tuple[Node, ...]) -> Value:
    inner = arguments[0] if arguments else Name("any")
    if function == "optional":
        return converted(value, inner)
    if function in {"list", "set"} and isinstance(value, list):
        items = [converted(each, inner) for each in value]
        return items if function == "list" else Set(items)
    if function == "map" and isinstance(value, Mapping):
        return {key: converted(each, inner) for key, each in value.items()}
    if function == "object" and isinstance(value, Mapping) and isinstance(inner, Object):
        return _object(value, inner)
    return value


def _object(value: Mapping[str, Value], type: Object) -> Value:
    """An object with all attributes of its type: optional ones by default, or null."""
    found = dict(value)
    for key, kind in type.items:
        name = key.value if isinstance(key, Literal) else ""
        if name in found and found[name] is not None:
            found[name] = converted(found[name], kind)
        elif isinstance(kind, Call) and kind.function == "optional":
            otherwise = kind.arguments[1] if len(kind.arguments) > 1 else Literal(None)
            found[name] = otherwise.value if isinstance(otherwise, Literal) else _default(otherwise)
    return found


def _default(node: Node) -> Value:
    from tenantctl.foreign.terraform.evaluate import evaluate

    return evaluate(node, NOTHING)


class _Nothing:
    """A scope in which no name means anything, as for the files that give variables values."""

    def name(self, name: str) -> Value:
        return Unknown(f"{name} means nothing here", mistake=True)

    def file(self, path: str) -> str | Unknown:
        return Unknown(f"{path} cannot be read here", mistake=True)


NOTHING = _Nothing()


def traced(value: Value, name: str) -> Value:
    """*value* as that of the variable *name*, where a text or a list of texts."""
    if isinstance(value, str) and not isinstance(value, Made):
        return Made.of(value, Var(name))
    if isinstance(value, list) and value and all(type(each) is str for each in value):
        return MadeList.of(value, Var(name))
    return value
