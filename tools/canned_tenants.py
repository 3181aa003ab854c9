"""
The differ on recorded traffic: a GET is the live tenant, the PATCH or PUT after it what is desired.

`python -m tools.canned_tenants` writes docs/canned-tenants.md; `--json` prints every pair that is
not equal. The recordings lie beside the repository and are not ours to ship; nothing of them but
kinds, fields and counts reaches the page. What must come out is decided without our rules: by the
GETs before and after the write, compared as plain JSON.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml
from tools.replays import SHARED, read_recordings

from tenantctl.engine import Known
from tenantctl.engine.diff import diff
from tenantctl.gateway.codec import Codec
from tenantctl.gateway.index import Index
from tenantctl.kinds import KINDS, Kind
from tenantctl.model import (
    Address,
    Declaration,
    Desired,
    Foreign,
    Identity,
    Origin,
    Resource,
    Secret,
    Tenant,
    Update,
    Value,
    Vault,
    dotted,
)
from tenantctl.model import (
    Path as Where,
)

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "canned-tenants.md"
REASONS = ROOT / "tools" / "canned_tenants.yaml"
API = "/api/v2"
Json = Any


@dataclass(frozen=True, slots=True)
class Pair:
    """A write, the answer of the last GET before it and of the first one after it, if any."""

    kind: Kind
    address: Address
    body: Json
    before: Json
    after: Json | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How our diff and the recorded change of one pair compare; empty tuples mean equality.

    *missed*: fields that changed and that the diff has not. *extra*: the other way round. *left*:
    what the diff still has against the GET that follows. Paths have `*` for keys of users and
    `[]` for elements.
    """

    kind: str
    missed: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    followed: bool = True

    @property
    def equal(self) -> bool:
        return not (self.missed or self.extra or self.left)


def verdicts(shared: Path) -> Iterator[Verdict]:
    """The verdict of every pair of every open recording."""
    for recording in read_recordings(shared):
        yield from map(judge, pairs(recording["interactions"]))


def pairs(interactions: Iterable[Json]) -> Iterator[Pair]:
    """Every successful write of a known kind that has a GET before it."""
    rows = list(interactions)
    for n, row in enumerate(rows):
        if row["method"] not in {"PATCH", "PUT"} or row["status"] >= 300:
            continue
        if row["request_body"] is None or (found := _kind_of(row["path"])) is None:
            continue
        kind, key, read = found
        before = _read(reversed(rows[:n]), read, row)
        if before is not None:
            after = _read(rows[n + 1 :], read, row)
            yield Pair(kind, Address(kind.name, key), row["request_body"], before, after)


def _read(rows: Iterable[Json], read: str, write: Json) -> Json | None:
    """The answer of the nearest GET of *read* that shows what *write* says.

    None where something else is written in between.
    """
    for row in rows:
        if row["method"] == "GET" and row["path"] == read and _shows(row, write["request_body"]):
            return row["response_body"] if row["status"] == 200 else None
        if row["method"] != "GET" and row["path"].startswith((read, write["path"])):
            return None
    return None


def _shows(get: Json, body: Json) -> bool:
    """Whether a GET shows every field of *body*: it may ask for some only."""
    fields = get["query"].get("fields")
    return not fields or set(body) <= set(str(fields).split(","))


def _kind_of(path: str) -> tuple[Kind, str, str] | None:
    """The kind that a write of *path* is of, the key as far as the path tells, where to read."""
    for kind, pattern in _updates():
        if match := pattern.fullmatch(path.removeprefix(API)):
            parts = {name: unquote(value) for name, value in match.groupdict().items()}
            key = "/".join(value for name, value in sorted(parts.items()) if name[0] == "p")
            if "dashed" in parts:
                key = parts["dashed"].replace("-", "_")
            single = kind.wire.read.count("{") == kind.wire.update.count("{")
            where = path if single else f"{API}{kind.wire.read}"
            return kind, key or ("x" if kind.key else ""), where
    return None


@cache
def _updates() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    """Where a kind is updated: others may PUT what we PATCH, and mean the same fields."""
    found = []
    for kind in KINDS.values():
        template = kind.wire.update.partition(" ")[2]
        if template and kind.wire.read and not kind.members:
            named = re.sub(r"\\\{(\w+)\\\}", _group, re.escape(template))
            found.append((kind, re.compile(named)))
    return tuple(found)


def _group(match: re.Match[str]) -> str:
    name = match[1]
    return f"(?P<{'p' + name if name.isdigit() else name}>[^/]+)"


def judge(pair: Pair) -> Verdict:
    """Our diff of a pair against what the two GETs say has changed."""
    pair = _wrapped(pair)
    seen = frozenset(_changes(pair, pair.before))
    if pair.after is None:
        return Verdict(pair.kind.name, followed=False)
    changed = frozenset(_moved(pair.body, pair.before, pair.after, ()))
    idle = {path for path in seen - changed if _at(pair.before, path) == _at(pair.after, path)}
    return Verdict(
        pair.kind.name,
        _shown(pair, changed - seen),
        _shown(pair, idle),
        _shown(pair, frozenset(_changes(pair, pair.after))),
    )


def _wrapped(pair: Pair) -> Pair:
    """*pair* with its bodies as the flat form has them, bare values under the field they are."""
    if not (name := pair.kind.body):
        return pair
    after = None if pair.after is None else {name: pair.after}
    return replace(pair, body={name: pair.body}, before={name: pair.before}, after=after)


def _changes(pair: Pair, live: Json) -> Iterator[Where]:
    """The paths of our diff; what nobody can tell is not among them."""
    kind, address = pair.kind, pair.address
    secrets: dict[str, str] = {}
    fields = _desired(kind, _flat(kind, pair.body), (), secrets)
    want = Resource(address, fields)
    vault = Vault(secrets, key=b"canned")
    codec = Codec(Index(), vault, lambda text: text)
    have = Resource(address, codec.decode(kind, address, live, [fields]))
    origin = Origin("canned", 1, 1)
    declaration = Declaration(Identity(()), ("canned",), origin)
    desired = Desired(Tenant.of([want]), {address: declaration}, {}, {}, "")
    for change in diff(desired, Tenant.of([have]), Known(mark=vault.mark)):
        if isinstance(change, Update):
            yield from (edit.path for edit in change.edits if not edit.unknown)


def _flat(kind: Kind, body: Json) -> Json:
    """A body as the flat form has it."""
    if kind.name == "trigger_bindings":
        return {
            "bindings": [
                {"action": each["ref"]["value"], "display_name": each["display_name"]}
                for each in body["bindings"]
            ]
        }
    return body


def _desired(kind: Kind, value: Json, path: Where, secrets: dict[str, str]) -> Value:
    """A recorded body as a person would have declared it."""
    rule = kind.rule(path) if path else None
    if rule and isinstance(value, str) and value:
        if rule.ref:
            return Foreign(rule.ref.to, value)
        if rule.secret:
            secrets[dotted(path)] = value
            return Secret(dotted(path))
    if isinstance(value, dict):
        return {k: _desired(kind, v, (*path, k), secrets) for k, v in value.items()}
    if isinstance(value, list):
        return [_desired(kind, item, (*path, "[]"), secrets) for item in value]
    return value


def _moved(said: Json, before: Json, after: Json, path: Where) -> Iterator[Where]:
    """The fields that are *said* and that the GETs before and after show differently."""
    if isinstance(said, dict) and (before is None or isinstance(before, dict)):
        for key, item in said.items():
            yield from _moved(item, _at(before, (key,)), _at(after, (key,)), (*path, key))
    elif _plain(before) != _plain(after):
        yield path


def _at(value: Json, path: Where) -> Json:
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return _plain(value)


def _plain(value: Json) -> Json:
    """Absent, null and empty are one; lists are compared without their order."""
    if isinstance(value, list):
        return sorted(json.dumps(item, sort_keys=True) for item in value) or None
    return None if value in ("", {}) else value


def _shown(pair: Pair, paths: Iterable[Where]) -> tuple[str, ...]:
    return tuple(sorted({dotted(_general(pair.kind, path)) for path in paths}))


def _general(kind: Kind, path: Where) -> Where:
    """*path* with `*` for what users have called things."""
    found: list[str] = []
    for n, part in enumerate(path):
        found.append("*" if kind.rule(path[:n]).map == "open" and (n or kind.rules) else part)
    return tuple(found)


def reasons() -> Mapping[str, str]:
    """Why a kind's field differs, by `kind field`; `*` stands for any kind."""
    return yaml.safe_load(REASONS.read_text("utf-8")) or {}


def reason(verdict: Verdict, why: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each difference of a pair with its reason, `?` where none is known."""
    for what in ("missed", "extra", "left"):
        for name in getattr(verdict, what):
            found = why.get(f"{verdict.kind} {name} {what}") or why.get(
                f"{verdict.kind} {name}", "?"
            )
            yield f"{verdict.kind} `{name}` {what}", found


@dataclass(slots=True)
class Table:
    pairs: Counter[str] = field(default_factory=Counter)
    equal: Counter[str] = field(default_factory=Counter)
    alone: int = 0
    differences: Counter[tuple[str, str]] = field(default_factory=Counter)


def tabled(found: Iterable[Verdict]) -> Table:
    """The verdicts, counted."""
    table, why = Table(), reasons()
    for verdict in found:
        if not verdict.followed:
            table.alone += 1
            continue
        table.pairs[verdict.kind] += 1
        table.equal[verdict.kind] += verdict.equal
        table.differences.update(reason(verdict, why))
    return table


def page(table: Table) -> str:
    """The page of docs."""
    total, equal = table.pairs.total(), table.equal.total()
    rows = "\n".join(
        f"| {kind} | {count} | {table.equal[kind]} |" for kind, count in sorted(table.pairs.items())
    )
    others = "\n".join(
        f"| {what} | {count} | {why} |" for (what, why), count in sorted(table.differences.items())
    )
    return f"""# The differ on recorded tenants

Generated by `python -m tools.canned_tenants`. Recorded traffic of real tenants has GETs, then a
PATCH or PUT, then a GET again. The first GET is taken as the live tenant and the body as what is
desired: the diff has to be the fields of the body that the two GETs show differently, and nothing
may be left to do against the second GET. What nobody can read back does not count.

**{total} pairs, {equal} equal ({equal / total:.1%}).** {table.alone} more writes are followed by no
GET.

| kind | pairs | equal |
|---|---:|---:|
{rows}

## What differs, and why

*missed*: it changed, the diff does not have it. *extra*: the diff has it, it did not change.
*left*: the diff has it still after the write.

| what | pairs | why |
|---|---:|---|
{others}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print what differs")
    found = list(verdicts(SHARED))
    if parser.parse_args().json:
        for verdict in found:
            if not verdict.equal:
                print(json.dumps({n: getattr(verdict, n) for n in Verdict.__slots__}))
        return
    PAGE.write_text(page(tabled(found)), "utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
