"""The expressions of GitHub Actions that this repository's workflows use, and no others.

What is not known here is a mistake of the workflow until somebody has looked at it: Unknown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<number>\d+)|(?P<name>[A-Za-z_][\w-]*)"
    r"|(?P<mark>==|!=|&&|\|\||[!().,\[\]]))"
)
WHOLE = re.compile(r"\$\{\{((?:(?!\}\}).)*)\}\}", re.DOTALL)
STATUS = frozenset({"always", "success", "failure", "cancelled"})


class Unknown(AssertionError):
    """An expression says what this evaluator does not know, or what is not declared."""


@dataclass(frozen=True)
class Declared:
    """A context of which only the names in *values* may be asked for."""

    name: str
    values: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:
        found = {name.lower(): value for name, value in self.values.items()}
        if key.lower() not in found:
            raise Unknown(f"{self.name} has no {key}; it has {', '.join(self.values) or 'nothing'}")
        return found[key.lower()]


Contexts = Mapping[str, Any]
Functions = Mapping[str, Callable[..., Any]]

PLAIN: Functions = {
    "contains": lambda where, what: what in (where or ""),
    "startsWith": lambda text, start: str(text or "").startswith(start),
    "format": lambda text, *values: text.format(*map(spelled, values)),
    "fromJSON": json.loads,
    "toJSON": json.dumps,
}


def spelled(value: Any) -> str:
    """A value as text, as GitHub writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, dict | list) else str(value)


def filled(text: Any, contexts: Contexts, functions: Functions = PLAIN) -> Any:
    """*text* with its expressions evaluated; one that is nothing else keeps its type."""
    if not isinstance(text, str):
        return text
    only = WHOLE.fullmatch(text.strip())
    if only:
        return value_of(only[1], contexts, functions)
    return WHOLE.sub(lambda match: spelled(value_of(match[1], contexts, functions)), text)


def condition(text: Any, contexts: Contexts, functions: Functions) -> Any:
    """An `if`, which needs no braces."""
    if isinstance(text, bool):
        return text
    only = WHOLE.fullmatch(text.strip())
    return value_of(only[1] if only else text, contexts, functions)


def names_in(text: str) -> set[str]:
    """The functions that an expression calls."""
    return set(re.findall(r"([A-Za-z]+)\s*\(", text))


def value_of(text: str, contexts: Contexts, functions: Functions = PLAIN) -> Any:
    """The value of one expression. Raises Unknown on whatever is not declared."""
    reader = Reader(tokens(text), contexts, functions)
    found = reader.either()
    if reader.left:
        raise Unknown(f"{text!r}: what is {reader.left[0]!r}?")
    return found


def tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise Unknown(f"{text!r}: nothing is known of {text[at:]!r}")
        kind = str(match.lastgroup)
        found.append((kind, match[kind]))
        at = match.end()
    return found


class Reader:
    """Reads tokens by precedence: `||`, `&&`, equality, `!`, and what those join."""

    def __init__(
        self, left: list[tuple[str, str]], contexts: Contexts, functions: Functions
    ) -> None:
        self.left = left
        self.contexts = contexts
        self.functions = functions

    def next(self, *marks: str) -> str:
        if self.left and self.left[0][0] == "mark" and self.left[0][1] in marks:
            return self.left.pop(0)[1]
        return ""

    def either(self) -> Any:
        found = self.both()
        while self.next("||"):
            other = self.both()
            found = found or other
        return found

    def both(self) -> Any:
        found = self.equal()
        while self.next("&&"):
            other = self.equal()
            found = other if found else found
        return found

    def equal(self) -> Any:
        found = self.opposite()
        while mark := self.next("==", "!="):
            same = loosely(found) == loosely(self.opposite())
            found = same if mark == "==" else not same
        return found

    def opposite(self) -> Any:
        if self.next("!"):
            return not self.opposite()
        return self.member()

    def member(self) -> Any:
        found = self.alone()
        while self.next("."):
            _, name = self.left.pop(0)
            found = found[name] if isinstance(found, Declared) else (found or {}).get(name)
        return found

    def alone(self) -> Any:
        if self.next("("):
            found = self.either()
            assert self.next(")")
            return found
        if not self.left:
            raise Unknown("an expression ends where a value should stand")
        kind, text = self.left.pop(0)
        if kind == "string":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return int(text)
        if kind != "name":
            raise Unknown(f"a value cannot begin with {text!r}")
        return self.called(text) if self.next("(") else self.named(text)

    def named(self, name: str) -> Any:
        if name in {"true", "false"}:
            return name == "true"
        if name not in self.contexts:
            raise Unknown(f"no context {name} here; there are {', '.join(self.contexts)}")
        return self.contexts[name]

    def called(self, name: str) -> Any:
        if name not in self.functions:
            raise Unknown(f"no function {name} here; there are {', '.join(self.functions)}")
        arguments = []
        while not self.next(")"):
            arguments.append(self.either())
            self.next(",")
        return self.functions[name](*arguments)


def loosely(value: Any) -> Any:
    """What a value is compared as: nothing and an empty text are the same, case is ignored."""
    return "" if value is None else value.lower() if isinstance(value, str) else value
