"""What values may name: variables, secrets, and fields of other resources."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tenantctl.files.findings import Findings, suggestion
from tenantctl.kinds import KINDS
from tenantctl.model import ABSENT, Address, Json, Origin, Ref, Secret, Text, Value, Var

MARKER = re.compile(r"\$\$\{|\$\{([^{}\n]*)\}|\$\{")
MISSING = Text(())
"""Stands for a value that could not be made; why is said elsewhere, once."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable: its declared *type*, and its value in this environment or ABSENT."""

    type: str
    declared: Origin
    value: Json = ABSENT
    given: Origin | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """Where a variable or a secret is named."""

    what: str
    name: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Names:
    """Everything that may be named. *tenant_file* is where one declares more."""

    variables: Mapping[str, Variable] = field(default_factory=dict)
    secrets: Mapping[str, Origin] = field(default_factory=dict)
    tenant_file: str = ""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Names as one file uses them; what it uses and what is wrong is written down."""

    names: Names
    findings: Findings
    uses: list[Use]

    def variable(self, name: str, at: Origin) -> Variable | None:
        """The variable; None, with a problem, where none is declared."""
        self.uses.append(Use("variable", name, at))
        found = self.names.variables.get(name)
        if found is None:
            otherwise = f"declare it under variables in {self.names.tenant_file}"
            help = suggestion(name, self.names.variables, otherwise)
            self.findings.add(at, f"there is no variable {name}", help)
        return found

    def secret(self, name: str, at: Origin) -> Secret:
        """The secret, known or not."""
        self.uses.append(Use("secret", name, at))
        if name not in self.names.secrets:
            otherwise = f"declare it under secrets in {self.names.tenant_file}"
            help = suggestion(name, self.names.secrets, otherwise)
            self.findings.add(at, f"there is no secret {name}", help)
        return Secret(name)

    def reference(self, text: str, at: Origin) -> Ref | None:
        """`kind.key.field` as a reference; None, with a problem, where it is none."""
        kind, _, rest = text.partition(".")
        if kind not in KINDS:
            help = suggestion(kind, KINDS, "write kind.key.field, such as clients.shop.client_id")
            self.findings.add(at, f"{text} names nothing: there is no kind {kind}", help)
            return None
        key, _, name = rest.rpartition(".")
        if not name or KINDS[kind].singleton == bool(key):
            self.findings.add(at, f"{text} does not name a field", _form(kind))
            return None
        return Ref(Address(kind, key), name)


def _form(kind: str) -> str:
    form = f"{kind}.field" if KINDS[kind].singleton else f"{kind}.key.field"
    return f"write {form}"


def parts(text: str) -> Iterator[tuple[int, str | None, str]]:
    """The pieces of *text*: (offset, what stands in `${}` or None for plain text, the piece).

    `$${` is plain text that starts with `${`. An unfinished `${` has the inner text `{`.
    """
    end = 0
    for found in MARKER.finditer(text):
        if found.start() > end:
            yield end, None, text[end : found.start()]
        if found[0] == "$${":
            yield found.start(), None, "${"
        else:
            yield found.start(), "{" if found[1] is None else found[1], found[0]
        end = found.end()
    if end < len(text):
        yield end, None, text[end:]


def written_key(key: str) -> str:
    """*key* as a file has it, whatever it is: `$x` as `$$x`, `${` as `$${`."""
    text = key.replace("${", "$${")
    return f"${text}" if text.startswith("$") and not text.startswith("$${") else text


def read_key(text: str) -> str | None:
    """The key that is written as *text*: the inverse of `written_key`; None where it is none."""
    text = text[1:] if text.startswith("$$") and not text.startswith("$${") else text
    found = [*parts(text)]
    plain = all(inner is None for _, inner, _ in found)
    return "".join(piece for _, _, piece in found) if plain else None


def joined(pieces: list[Value]) -> Value:
    """Pieces as one value: a string, a single special, or a Text of both."""
    merged: list[str | Ref | Secret | Var] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif piece != "":
            merged.append(piece)
    if not merged:
        return ""
    return merged[0] if len(merged) == 1 else Text(tuple(merged))


def shown(value: Json) -> str:
    """A scalar as it stands inside a string."""
    return value if isinstance(value, str) else json.dumps(value)
