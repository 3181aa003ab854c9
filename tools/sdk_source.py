"""What auth0-python's generated source says about one operation: method, path, query, body.

The SDK keeps no description at run time, but each method of a raw client is one request call whose
arguments are literals. They are read from the syntax tree; nothing is executed.
"""

import ast
import importlib
import importlib.util
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any


@dataclass(frozen=True, slots=True)
class Operation:
    """One request: `body` maps wire names to argument names; None without a body, {} if a whole."""

    sdk: str
    method: str
    path: str
    query: tuple[str, ...]
    body: dict[str, str] | None
    whole: bool


def operation(sdk: str) -> Operation:
    """The operation behind a dotted method path such as `clients.create`.

    Raises LookupError where auth0-python has no such method.
    """
    client, name = sdk.rsplit(".", 1)
    request = next(_requests(_method(client, name)), None)
    if request is None:
        raise LookupError(f"auth0-python sends no request in {sdk}")
    arguments = {keyword.arg: keyword.value for keyword in request.keywords}
    body = arguments.get("json")
    return Operation(
        sdk=sdk,
        method=ast.literal_eval(arguments["method"]),
        path="/" + _path(request.args[0]),
        query=_keys(arguments.get("params")),
        body=_body(body),
        whole=body is not None and not isinstance(body, ast.Dict),
    )


def typed(sdk: str) -> tuple[Any, ModuleType]:
    """The typed synchronous method behind a dotted path, and the module of its hints."""
    client, name = sdk.rsplit(".", 1)
    module = importlib.import_module(f"auth0.management.{client}.client")
    for found in vars(module).values():
        own = inspect.isclass(found) and found.__module__ == module.__name__
        if own and not found.__name__.startswith("Async"):
            return getattr(found, name), module
    raise LookupError(f"auth0-python has no client {client}")


def _method(client: str, name: str) -> ast.FunctionDef:
    for method in _methods(client):
        if method.name == name:
            return method
    raise LookupError(f"auth0-python has no method {client}.{name}")


@cache
def _methods(client: str) -> tuple[ast.FunctionDef, ...]:
    spec = importlib.util.find_spec("auth0")
    if spec is None or spec.origin is None:
        raise LookupError("auth0-python is not installed")
    path = Path(spec.origin).parent.joinpath("management", *client.split("."), "raw_client.py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return tuple(
        node
        for cls in classes
        if not cls.name.startswith("Async")
        for node in cls.body
        if isinstance(node, ast.FunctionDef)
    )


def _requests(method: ast.FunctionDef) -> Iterator[ast.Call]:
    for node in ast.walk(method):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            if node.func.attr in {"request", "stream"} and owner.endswith("httpx_client"):
                yield node


def _path(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr)
    return "".join(_segment(part) for part in node.values)


def _segment(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    names = [node.id for node in ast.walk(part) if isinstance(node, ast.Name)]
    return "{" + names[-1] + "}"


def _keys(node: ast.expr | None) -> tuple[str, ...]:
    if not isinstance(node, ast.Dict):
        return ()
    return tuple(str(ast.literal_eval(key)) for key in node.keys if key is not None)


def _body(node: ast.expr | None) -> dict[str, str] | None:
    if node is None:
        return None
    if not isinstance(node, ast.Dict):
        return {}
    return {
        str(ast.literal_eval(key)): _argument(value)
        for key, value in zip(node.keys, node.values, strict=True)
        if key is not None
    }


def _argument(value: ast.expr) -> str:
    """The argument a body field is built from, plain or wrapped in a conversion's `object_=`."""
    for node in ast.walk(value):
        if isinstance(node, ast.keyword) and node.arg == "object_":
            return ast.unparse(node.value)
    return ast.unparse(value)
