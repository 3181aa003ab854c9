"""
The tables of the laws of kinds: `<kind>.yaml` beside this file, one document (`---`) a case.

A case declares one resource in a project of its own and says what may become of it:

```yaml
case: spa                   # name of the case; default: the key
needs: {clients: {web: {name: Web}}}  # what else the project declares: kind, key, authored fields
files: {actions/a.js: "..."}          # files of the tenant's folder, for !file
features: [...]             # features the subscription must have, beside the usual ones
seed: {users: {auth0|1: {}}}          # documents that are there already: table, id, document
declare:
  key: web                  # parts of a composite key are joined with `/`; a singleton has none.
                            # Inside a parent: the parent's key; the parent itself is in `needs`
  fields: {name: Web}       # authored form. Of an association: the parent's field with its members
                            # (`clients: [web]`); of a child singleton: its own fields
change:                     # every updatable field, alone, to another legal value; each row starts
  field: value              # from what `declare` made. Dots lead into maps: `nested.field: value`.
  clients: [a, b]           # Or a list of rows, where one entry a field is not enough:
                            #   - {set: {field: value, other: value}, writes: [..], holds: {..}}
unset: [field, nested.field]    # every field that null may unset; then it is gone or empty, or
                            # (`unset: {field: default}`) the tenant holds a default
frozen: {field: value}      # create-only and shown: another value is refused (rule `replacement`)
once: {field: value}        # create-only and never shown again: another value plans nothing
illegal: [field]            # null is refused before any request (rules with unset="illegal"). Of
                            # every other declared field null must be refused or come about
secrets: [path]             # where `declare` has `!secret NAME`; default: wherever it has one
holds: {field: value}       # what the sandbox keeps of `declare`, where that is not as authored
held_as: {template: body}   # fields that the sandbox keeps under another name (dotted); `""` is all
table: connections          # where the sandbox keeps it; default: the kind's shape
where: {is_default: true}   # the document of the table that is meant, where it is told by that
writes: {field: ["PATCH /x/{id}"]}  # the writes of a row, in order, where not the usual ones (the
                            # kind's update; with `deploy` also the deploy). `{x}` is any part;
                            # `usual: [...]` is for all rows
ripples: [table, table.field]   # what else a write legitimately moves, in any document
except: {field: reason}     # a writable field, or path of a secret, without a row: a true reason
                            # (nor is its default tried in this case)
```

Secrets are `!secret NAME`; their values are made up. References are bare keys of what `needs` has.
YAML 1.1 decides what is text: quote `12:30` and `no`. Run one kind with
`pytest tests/kinds/test_laws_of_kinds.py -k "test_the_law_holds and roles"`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import yaml

from tenantctl.kinds import KINDS, Kind, Rule, unsaid
from tenantctl.model import ABSENT

FOLDER = Path(__file__).parent
Json = Any
Where = tuple[str, ...]
SECTIONS = frozenset(
    {
        "case", "needs", "files", "features", "seed", "declare", "change", "unset", "frozen",
        "once", "illegal", "secrets", "holds", "held_as", "table", "where", "writes", "ripples",
        "except",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tagged:
    """A value with a tag of ours, such as `!secret X`."""

    tag: str
    value: Json


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to try: the fields to *set*, what is held then, the writes where not the usual."""

    set: Mapping[Where, Json]
    holds: Mapping[Where, Json] = field(default_factory=dict)
    writes: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        return " ".join(map(".".join, self.set))


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One document of a table; each is equal to itself only."""

    kind: Kind
    name: str
    key: str
    fields: Mapping[str, Json]
    table: str
    needs: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    features: tuple[str, ...] = ()
    seed: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    change: tuple[Row, ...] = ()
    unset: tuple[Row, ...] = ()
    frozen: tuple[Row, ...] = ()
    once: tuple[Row, ...] = ()
    illegal: tuple[Row, ...] = ()
    secrets: tuple[Where, ...] = ()
    holds: Mapping[Where, Json] = field(default_factory=dict)
    held_as: Mapping[Where, Where] = field(default_factory=dict)
    where: Mapping[str, Json] = field(default_factory=dict)
    writes: tuple[str, ...] | None = None
    ripples: frozenset[str] = frozenset()
    excepted: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.kind.name}-{self.name}" if self.name else self.kind.name


class Loader(yaml.CSafeLoader):
    """Keeps tags of ours, takes no text for a date, and no key twice."""


def _tagged(loader: Loader, suffix: str, node: yaml.Node) -> Tagged:
    if isinstance(node, yaml.ScalarNode):
        return Tagged(suffix, loader.construct_scalar(node))
    if isinstance(node, yaml.SequenceNode):
        return Tagged(suffix, loader.construct_sequence(node, deep=True))
    return Tagged(suffix, loader.construct_mapping(node, deep=True))


def _mapping(loader: Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    twice = sorted({str(key) for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"{node.start_mark}: stands twice: {', '.join(twice)}")
    loader.flatten_mapping(node)
    return loader.construct_mapping(node, deep=True)


Loader.add_multi_constructor("!", _tagged)
Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
Loader.yaml_implicit_resolvers = {
    first: [(tag, fits) for tag, fits in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):
    """Writes tagged values back as they were read."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - our files take no anchors
        return True


def _represent(dumper: Dumper, data: Tagged) -> yaml.Node:
    if isinstance(data.value, list):
        return dumper.represent_sequence(f"!{data.tag}", data.value)
    if isinstance(data.value, dict):
        return dumper.represent_mapping(f"!{data.tag}", data.value)
    return dumper.represent_scalar(f"!{data.tag}", data.value)


Dumper.add_representer(Tagged, _represent)


def authored(document: Json) -> str:
    """*document* as the text of a file of a project."""
    return yaml.dump(document, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=10_000)


@cache
def cases(kind: str) -> tuple[Case, ...]:
    """The cases of a kind; none where it has no table yet."""
    path = FOLDER / f"{kind}.yaml"
    if not path.exists():
        return ()
    documents = yaml.load_all(path.read_text("utf-8"), Loader=Loader)
    return tuple(_case(KINDS[kind], document) for document in documents)


def every_case() -> tuple[Case, ...]:
    """The cases of all kinds, in the order of kinds."""
    return tuple(case for kind in KINDS for case in cases(kind))


def _case(kind: Kind, given: Mapping[str, Json]) -> Case:
    if strange := given.keys() - SECTIONS:
        raise ValueError(f"{kind.name}: no such section: {', '.join(sorted(strange))}")
    key = given["declare"].get("key", "")
    fields = given["declare"].get("fields", {})
    writes = given.get("writes", {})
    usual = writes.pop("usual", None)
    holds = _dotted(given.get("holds", {}))
    return Case(
        kind=kind,
        name=given.get("case", key),
        key=key,
        fields=fields,
        table=given.get("table", kind.shape.format(key=key)),
        needs=given.get("needs", {}),
        files=given.get("files", {}),
        features=tuple(given.get("features", ())),
        seed=given.get("seed", {}),
        change=tuple(_rows(given.get("change", {}), writes)),
        unset=tuple(_nulls(given.get("unset", ()), writes)),
        frozen=tuple(_rows(given.get("frozen", {}), {})),
        once=tuple(_rows(given.get("once", {}), {})),
        illegal=tuple(_nulls(given.get("illegal", ()), {})),
        secrets=tuple(map(_where, given.get("secrets", ()))) or tuple(_secrets(fields)),
        holds=holds,
        held_as={at: _where(other) for at, other in _dotted(given.get("held_as", {})).items()},
        where=given.get("where", {}),
        writes=tuple(usual) if usual is not None else None,
        ripples=frozenset(given.get("ripples", ())),
        excepted=given.get("except", {}),
    )


def _rows(given: Json, writes: Mapping[str, list[str]]) -> Iterator[Row]:
    steps = [{"set": {at: value}} for at, value in given.items()] if _is_map(given) else given
    for step in steps:
        named = next((writes[at] for at in step["set"] if at in writes), None)
        found = step.get("writes", named)
        yield Row(
            _dotted(step["set"]),
            _dotted(step.get("holds", {})),
            tuple(found) if found is not None else None,
        )


def _nulls(given: Json, writes: Mapping[str, list[str]]) -> Iterator[Row]:
    for at in given:
        if _is_map(at):
            yield from _rows([at], writes)
            continue
        held = {_where(at): given[at]} if _is_map(given) else {}
        found = writes.get(at)
        yield Row({_where(at): None}, held, tuple(found) if found is not None else None)


def _is_map(given: Json) -> bool:
    return isinstance(given, dict)


def _dotted(given: Mapping[str, Json]) -> dict[Where, Json]:
    return {_where(at): value for at, value in given.items()}


def _where(at: str) -> Where:
    return tuple(at.split(".")) if at else ()


def _secrets(value: Json, path: Where = ()) -> Iterator[Where]:
    """Where *value* holds a secret; in a list, the list."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _secrets(item, (*path, key))
    elif isinstance(value, list):
        yield from dict.fromkeys(path for item in value for _ in _secrets(item))
    elif isinstance(value, Tagged) and value.tag == "secret":
        yield path


def with_row(fields: Json, row: Row) -> Json:
    """*fields* with what *row* sets."""
    found = fields
    for path, value in row.set.items():
        found = put(found, path, value)
    return found


def put(fields: Json, path: Where, value: Json) -> Json:
    """*fields* with *value* at *path*; a list is stepped into by index."""
    if not path:
        return value
    if isinstance(fields, list):
        index = int(path[0])
        return [put(item, path[1:], value) if n == index else item for n, item in enumerate(fields)]
    there = fields if isinstance(fields, dict) else {}
    return {**there, path[0]: put(there.get(path[0], {}), path[1:], value)}


def other_nulls(case: Case) -> tuple[Row, ...]:
    """Null for each declared field of which the table does not say what null does to it."""
    if case.kind.members:
        return ()
    told = {path for rows in (case.unset, case.illegal) for row in rows for path in row.set}
    return tuple(Row({(name,): None}) for name in case.fields if (name,) not in told)


def another(case: Case) -> Row | None:
    """The first change that leaves alone what the object is known by."""
    key = {(name,) for name in case.kind.key}
    return next((row for row in case.change if not key & row.set.keys()), None)


def same_again(case: Case) -> tuple[Row, ...]:
    """Other ways to declare the same: sets in another order, defaults written out."""
    return (*_turned(case, case.fields, ()), *_defaults(case))


def _turned(case: Case, value: Json, path: Where) -> Iterator[Row]:
    if isinstance(value, list):
        if len(value) > 1 and case.kind.rule(path, case.fields).list in {"set", "keyed"}:
            yield Row({path: value[::-1]})
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _turned(case, item, (*path, name))


def _defaults(case: Case) -> Iterator[Row]:
    """What goes without saying of fields that the case leaves out, in what it does speak of."""
    whole = () in case.held_as or case.kind.members
    for rule in () if whole else filter(partial(_may_say, case), case.kind.rules):
        around = at(case.fields, rule.at[:-1])
        if isinstance(around, dict) and rule.at[-1] not in around:
            there = unsaid(case.kind, case.key, {**case.kind.implied, **case.fields}, rule.at)
            if there is not ABSENT:
                yield Row({rule.at: _plain(there)})


def _may_say(case: Case, rule: Rule) -> bool:
    """Whether anybody may write the field of *rule*, and it is the rule of that field."""
    if not rule.at or rule.when == "never" or {"*", "**", "[]"} & {*rule.at}:
        return False
    if len(rule.at) > 1 and "strategy" in case.fields and not rule.only:
        return False  # not every strategy has every option
    return case.kind.rule(rule.at, case.fields) is rule and rule.at[0] not in {
        *case.kind.parts,
        *case.excepted,
    }


def _plain(value: Json) -> Json:
    return list(value) if isinstance(value, tuple) else value


def at(value: Json, path: Where) -> Json:
    """What stands at *path*, which leads through maps."""
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def counts() -> dict[str, dict[str, int]]:
    """How often each law is tried, by kind: what documentation shows."""
    found: dict[str, dict[str, int]] = {}
    for kind in KINDS:
        mine = cases(kind)
        rows = {
            "create": len(mine),
            "empty plan": len(mine) + sum(len(same_again(case)) for case in mine),
            "change": sum(len(case.change) for case in mine),
            "unset": sum(
                len(case.unset) + len(case.illegal) + len(other_nulls(case)) for case in mine
            ),
            "create-only": sum(len(case.frozen) + len(case.once) for case in mine),
            "delete": len(mine),
            "create again": len(mine),
            "adopt": sum(2 if another(case) else 1 for case in mine),
            "secrets": sum(len(case.secrets) for case in mine),
        }
        found[kind] = rows
    return found
