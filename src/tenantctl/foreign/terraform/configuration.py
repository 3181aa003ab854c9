"""A root module with everything that it calls, worked out as far as names are asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tenantctl.foreign.item import Named
from tenantctl.foreign.terraform.evaluate import Scope, evaluate, pairs, within
from tenantctl.foreign.terraform.folder import Folders
from tenantctl.foreign.terraform.nodes import (
    Attribute,
    Block,
    Body,
    Get,
    Literal,
    Name,
    Node,
    Object,
)
from tenantctl.foreign.terraform.types import TYPES
from tenantctl.foreign.terraform.values import Unknown, screaming, sealed, unknown
from tenantctl.foreign.terraform.variables import converted
from tenantctl.model import Note, Origin, Value

DEEPEST = 20
"""Modules in modules; more of them are a circle."""

_OF_RESOURCES = frozenset({"count", "for_each", "provider", "depends_on"})
_OF_MODULES = _OF_RESOURCES | {"providers", "source", "version"}


class Written(dict[str, Value]):
    """The values of a body, with where each was written. Blocks of a type are a list of them."""

    def __init__(self, values: Mapping[str, Value], at: Mapping[str, Origin]) -> None:
        super().__init__(values)
        self.at = at


@dataclass(frozen=True, slots=True)
class Lookup:
    """Something with attributes that a function finds."""

    find: Callable[[str], Value]

    def get(self, name: str) -> Value:
        return self.find(name)


@dataclass(frozen=True, slots=True)
class Resource:
    """One instance of a resource or a data source."""

    type: str
    name: str
    address: str
    block: Block
    scope: Scope
    provider: str = ""
    data: bool = False
    domain: str = ""

    def get(self, name: str) -> Value:
        """An attribute as it is written, else as far as one can tell what Auth0 makes of it."""
        written = self.block.body.attributes.get(name)
        if written is not None:
            return evaluate(written.value, self.scope)
        if self.block.body.of(name):
            return filled(self.block.body, self.scope)[name]
        if self.type not in TYPES:
            return Unknown(f"{self.address} is nothing that tenantctl knows")
        if self.type == "auth0_tenant" and self.domain:
            known = {"domain": "{}", "management_api_identifier": "https://{}/api/v2/"}
            if name in known:
                return known[name].format(self.domain)
        return self._made(name)

    def _made(self, name: str) -> Value:
        """What Auth0 makes of it."""
        known = TYPES[self.type]
        if name in known.secret:
            return Unknown(f"{self.address}.{name} is made by Auth0", secret=True)
        if name not in known.computed:
            return Unknown(f"{self.address}.{name} is not written down")
        alias = self._alias() if self.data else self.address
        if isinstance(alias, Unknown):
            return alias
        return Named.of(alias, known.computed[name])

    def _alias(self) -> str | Unknown:
        """What a data source looks for: the name of something that is there."""
        for name in TYPES[self.type].names:
            if name in self.block.body.attributes:
                found = evaluate(self.block.body.attributes[name].value, self.scope)
                return found if isinstance(found, str | Unknown) else Unknown("it has no name")
        return Unknown(f"{self.address} says by an id what it is, which no file tells")

    @property
    def values(self) -> Written:
        return filled(self.block.body, self.scope, _OF_RESOURCES)


def filled(body: Body, scope: Scope, but: frozenset[str] = frozenset()) -> Written:
    """The values of *body* but some; blocks of one type are a list, dynamic ones among them."""
    values: dict[str, Value] = {}
    at: dict[str, Origin] = {}
    for name, attribute in body.attributes.items():
        if name not in but:
            values[name] = evaluate(attribute.value, scope)
            at[name] = attribute.at
    for block in body.blocks:
        if block.type in {"lifecycle", "provisioner", "timeouts"}:
            continue
        kind = block.labels[0] if block.type == "dynamic" and block.labels else block.type
        blocks = _dynamic(block, kind, scope) if block.type == "dynamic" else None
        at.setdefault(kind, block.at)
        found = [filled(block.body, scope)] if blocks is None else blocks
        if isinstance(found, Unknown):
            values[kind] = found
        elif isinstance(values.get(kind, []), list):
            values[kind] = [*values.get(kind, []), *found]
    return Written(values, at)


def _dynamic(block: Block, kind: str, scope: Scope) -> list[Written] | Unknown:
    each = block.body.attributes.get("for_each")
    named = block.body.attributes.get("iterator")
    name = named.value.name if named and isinstance(named.value, Name) else kind
    over = pairs(evaluate(each.value, scope)) if each else Unknown("for_each is missing")
    if isinstance(over, Unknown):
        return over
    return [
        filled(content.body, within(scope, {name: {"key": key, "value": value}}))
        for key, value in over
        for content in block.body.of("content")[:1]
    ]


@dataclass
class Module:
    """One instance of a module. What has been worked out is kept; notes are collected."""

    folders: Folders
    folder: Path
    workspace: str
    inputs: Mapping[str, Callable[[], Value]]
    notes: list[Note]
    prefix: str = ""
    provider: str = ""
    providers: Mapping[str, str] = field(default_factory=dict)
    depth: int = 0
    domain: str = ""
    _known: dict[tuple[str, ...], Value] = field(default_factory=dict)

    @property
    def body(self) -> Body:
        return self.folders.body(self.folder)

    def file(self, path: str) -> str | Unknown:
        """The text of a file; paths are relative to the root module, as Terraform runs there."""
        return self.folders.text(path)

    def name(self, name: str) -> Value:
        """What a reference begins with."""
        places: Mapping[str, Callable[[str], Value]] = {
            "var": self._variable,
            "local": self._local,
            "module": self._module,
            "path": self._path,
            "terraform": self._terraform,
            "data": lambda kind: Lookup(lambda name: self._resource("data", kind, name)),
        }
        if name in places:
            return Lookup(self._once(name, places[name]))
        if "_" in name:
            return Lookup(lambda label: self._resource("resource", name, label))
        return Unknown(f"nobody has said what {name} is", mistake=name not in {"each", "count"})

    def _once(self, place: str, find: Callable[[str], Value]) -> Callable[[str], Value]:
        def found(name: str) -> Value:
            key = (place, name)
            if key not in self._known:
                self._known[key] = Unknown(f"{place}.{name} is made of itself", mistake=True)
                self._known[key] = find(name)
            return self._known[key]

        return found

    def _variable(self, name: str) -> Value:
        block = next((b for b in self.body.of("variable") if b.labels[:1] == (name,)), None)
        if block is None:
            given = self.inputs.get(name) if not self.depth else None
            return given() if given else Unknown(f"there is no variable {name}", mistake=True)
        declared = block.body.attributes
        if name in self.inputs:
            value = self.inputs[name]()
        elif "default" in declared:
            value = evaluate(declared["default"].value, self)
        else:
            value = Unknown(f"variable {name} has no value")
        if "type" in declared:
            value = converted(value, declared["type"].value)
        return sealed(value, screaming(name)) if is_sensitive(block) else value

    def _local(self, name: str) -> Value:
        for block in self.body.of("locals"):
            if name in block.body.attributes:
                return evaluate(block.body.attributes[name].value, self)
        return Unknown(f"there is no local {name}", mistake=True)

    def _path(self, name: str) -> Value:
        here = os.path.relpath(self.folder, self.folders.root).replace(os.sep, "/")
        known = {"module": here, "root": ".", "cwd": "."}
        return known.get(name) or Unknown(f"there is no path.{name}", mistake=True)

    def _terraform(self, name: str) -> Value:
        known = name == "workspace"
        return self.workspace if known else Unknown(f"there is no terraform.{name}", mistake=True)

    def _resource(self, place: str, type: str, name: str) -> Value:
        """A resource, or all its instances by number or key."""
        return self._once(f"{place}.{type}", lambda _: self._instances(place, type, name))(name)

    def _instances(self, place: str, type: str, name: str) -> Value:
        block = next((b for b in self.body.of(place) if b.labels == (type, name)), None)
        data = place == "data"
        address = f"{self.prefix}{'data.' if data else ''}{type}.{name}"
        if block is None:
            return Unknown(f"there is no {address}", mistake=True)
        provider = self._provider(block.body.attributes.get("provider"))

        def one(suffix: str, scope: Scope) -> Resource:
            return Resource(type, name, address + suffix, block, scope, provider, data, self.domain)

        return self._spread(block, one)

    def _spread(self, block: Block, one: Callable[[str, Scope], Value]) -> Value:
        """What *one* makes of *block*, once or for each number or key it is wanted for."""
        count = block.body.attributes.get("count")
        each = block.body.attributes.get("for_each")
        if count is not None:
            size = evaluate(count.value, self)
            if isinstance(size, bool) or not isinstance(size, int | str) or not str(size).isdigit():
                return unknown([size]) or Unknown("count is no number", mistake=True)
            return [one(f"[{n}]", within(self, {"count": {"index": n}})) for n in range(int(size))]
        if each is None:
            return one("", self)
        over = evaluate(each.value, self)
        if isinstance(over, list):
            over = {str(item): item for item in over if isinstance(item, str)}
        found = pairs(over)
        if isinstance(found, Unknown):
            return found
        return {
            key: one(f'["{key}"]', within(self, {"each": {"key": key, "value": value}}))
            for key, value in found
        }

    def _provider(self, attribute: Attribute | None) -> str:
        """The alias that the root module knows a provider by."""
        if attribute is None:
            return self.provider
        alias = _alias(attribute.value)
        return self.providers.get(alias, self.provider if self.depth else alias)

    def _module(self, name: str) -> Value:
        block = next((b for b in self.body.of("module") if b.labels[:1] == (name,)), None)
        if block is None:
            return Unknown(f"there is no module {name}", mistake=True)
        folder = self._called(block)
        if isinstance(folder, Unknown):
            return folder

        def one(suffix: str, scope: Scope) -> Value:
            return self._child(block, folder, f"{self.prefix}module.{name}{suffix}.", scope)

        return self._spread(block, one)

    def _called(self, block: Block) -> Path | Unknown:
        attribute = block.body.attributes.get("source")
        source = evaluate(attribute.value, self) if attribute else None
        if not isinstance(source, str) or not source.startswith(("./", "../")):
            return Unknown(f"module {block.labels[0]} comes from elsewhere: {source}")
        if self.depth >= DEEPEST:
            return Unknown(f"module {block.labels[0]} calls itself", mistake=True)
        folder = (self.folder / source).resolve()
        if not self.folders.has(folder):
            return Unknown(f"module {block.labels[0]}: there is no {source}", mistake=True)
        return folder

    def _child(self, block: Block, folder: Path, prefix: str, scope: Scope) -> Module:
        def given(node: Node) -> Callable[[], Value]:
            return lambda: evaluate(node, scope)

        inputs = {
            name: given(attribute.value)
            for name, attribute in block.body.attributes.items()
            if name not in _OF_MODULES
        }
        passed = _passed(block.body.attributes.get("providers"))
        providers = {name: self.providers.get(alias, alias) for name, alias in passed.items()}
        return Module(
            self.folders,
            folder,
            self.workspace,
            inputs,
            self.notes,
            prefix,
            providers.get("", self.provider),
            providers,
            self.depth + 1,
            self.domain,
        )

    def get(self, name: str) -> Value:
        """An output of the module."""
        return self._once("output", self._output)(name)

    def _output(self, name: str) -> Value:
        for block in self.body.of("output"):
            if block.labels[:1] == (name,) and "value" in block.body.attributes:
                return evaluate(block.body.attributes["value"].value, self)
        return Unknown(f"{self.prefix}{name} is no output", mistake=True)

    def resources(self) -> Iterator[Resource]:
        """Every resource of Auth0's in this module and those it calls."""
        seen: set[tuple[str, ...]] = set()
        for block in self.body.of("resource"):
            if len(block.labels) == 2 and block.labels[0].startswith("auth0_"):
                value = self._resource("resource", *block.labels)
                if block.labels in seen:
                    value = Unknown("it is declared a second time", mistake=True)
                seen.add(block.labels)
                yield from self._found(value, block, ".".join(block.labels))
        for block in self.body.of("module"):
            if block.labels:
                value = self.name("module").get(block.labels[0])
                for child in self._found(value, block, f"module.{block.labels[0]}"):
                    yield from child.resources()

    def _found(self, value: Value, block: Block, what: str) -> Iterator[Value]:
        if isinstance(value, Unknown):
            self.notes.append(
                Note(
                    "mistake" if value.mistake else "loss",
                    f"{self.prefix}{what} is left out: {value.why}",
                    block.at.file,
                    block.at.line,
                    block.at.column,
                    "`terraform show -json` of its state can be read instead",
                )
            )
        elif isinstance(value, Mapping):
            yield from value.values()
        elif isinstance(value, list):
            yield from value
        else:
            yield value


def is_sensitive(block: Block) -> bool:
    """Whether a variable is declared sensitive."""
    attribute = block.body.attributes.get("sensitive")
    return attribute is not None and attribute.value == Literal(value=True)


def _alias(node: Node) -> str:
    """The alias in `auth0.alias`; empty for the provider itself."""
    match node:
        case Get(Name(), Literal(str() as alias)):
            return alias
        case Literal(str() as text):
            return text.partition(".")[2]
    return ""


def _passed(attribute: Attribute | None) -> Mapping[str, str]:
    """The aliases that a module knows providers by, each with the caller's."""
    if attribute is None or not isinstance(attribute.value, Object):
        return {}
    return {_alias(key): _alias(value) for key, value in attribute.value.items}
