"""Several environments at once: which, in which order, in which share of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from tenantctl.errors import FilesError, Problem, UsageError
from tenantctl.files import Home, homes
from tenantctl.files.findings import Findings
from tenantctl.files.fleet import read_fleets

SHARD = re.compile(r"([1-9][0-9]*)/([1-9][0-9]*)")
WORST = (130, 1, 4, 3, 65, 77, 69, 75, 5, 64, 6, 2, 0)
"""Exit codes, the worst first; what is not among them is as bad as 1."""
GOOD = (0, 2)
"""How an environment ends that others may come after."""


@dataclass(frozen=True, slots=True)
class Target:
    """An environment among several.

    *after* are the ids of those that come first; *wave* is how many one after the other, from 1.
    *row* is where a fleet has the tenant.
    """

    tenant: str
    environment: str
    kind: str
    domain: str
    fleet: str = ""
    row: str = ""
    after: tuple[str, ...] = ()
    wave: int = 1

    @property
    def id(self) -> str:
        return f"{self.tenant}/{self.environment}"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which environments a person asks for.

    *name* is that of a tenant or a fleet, and empty for all. *shard* is `i/n`.
    """

    name: str = ""
    environments: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    wave: int | None = None
    shard: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """All environments of a project, and what is wrong with rows that are left out."""

    targets: tuple[Target, ...]
    problems: tuple[Problem, ...] = field(default=())


def known_targets(root: Path) -> Known:
    """All environments of a project. Raises FilesError where a whole fleet cannot be read."""
    fleets = read_fleets(root)
    if fleets:
        fleets.findings.stop()
    found = homes(root)
    targets = [target for home in found for target in _targets(home)]
    lost: tuple[Problem, ...] = ()
    try:
        if fleets:
            fleets.lost.stop()
    except FilesError as error:
        lost = error.problems
    return Known(tuple(_connected(found, targets)), lost)


def _targets(home: Home) -> Iterator[Target]:
    """The environments of a tenant; one whose file is wrong tells that when its turn comes."""
    member = home.member
    read = {name: home.environment(name, Findings()).environment for name in home.names}
    sources = {name: each.promotes_from for name, each in read.items()}
    for name, each in read.items():
        yield Target(
            home.tenant,
            name,
            each.kind,
            each.domain,
            member.fleet.name if member else "",
            str(member.row.origin) if member else "",
            tuple(f"{home.tenant}/{source}" for source in _source(name, sources)),
        )


def _source(name: str, sources: Mapping[str, str]) -> Iterator[str]:
    """What *name* is promoted from; nothing where that goes round in a circle."""
    seen, source = [name], sources[name]
    while source in sources and source not in seen:
        seen.append(source)
        source = sources[source]
    if source not in seen[:1] and sources[name] in sources:
        yield sources[name]


def _connected(found: Iterable[Home], targets: Sequence[Target]) -> Iterator[Target]:
    """*targets*, where what others connect to comes after these."""
    connecting: dict[str, list[str]] = {}
    for home in found:
        if home.member and home.member.fleet.target:
            connecting.setdefault(home.member.fleet.target, []).append(home.tenant)
    of: dict[str, list[Target]] = {}
    for target in targets:
        of.setdefault(target.tenant, []).append(target)
    for target in targets:
        first = [
            each.id
            for tenant in connecting.get(target.tenant, ())
            for each in _counterpart(target, of.get(tenant, ()))
        ]
        yield replace(target, after=(*target.after, *first))


def _counterpart(target: Target, others: Iterable[Target]) -> Iterable[Target]:
    """The environment of another tenant that goes with *target*: by name, else by kind."""
    known = tuple(others)
    same = [each for each in known if each.environment == target.environment]
    return (same or [each for each in known if each.kind == target.kind])[:1]


def choose(known: Sequence[Target], asked: Asked) -> tuple[Target, ...]:
    """The environments that a person asks for, in order. Raises UsageError where there is none.

    Waves are counted among those of the right names and kinds. A shard is every n-th tenant of
    what is left, with all its environments.
    """
    _check(known, asked)
    shard = _shard(asked.shard)
    found = [
        each
        for each in known
        if (not asked.name or asked.name in {each.tenant, each.fleet})
        and (not asked.environments or each.environment in asked.environments)
        and (not asked.kinds or each.kind in {"", *asked.kinds})
    ]
    if not found:
        raise UsageError("no environment is meant", help="tenantctl fleet lists them")
    found = _in_waves(found)
    if asked.wave is not None:
        found = [each for each in found if each.wave == asked.wave]
    if shard:
        found = in_shard(found, *shard)
    ids = {each.id for each in found}
    return tuple(replace(t, after=tuple(id for id in t.after if id in ids)) for t in found)


def in_shard(found: Sequence[Target], number: int, size: int) -> list[Target]:
    """The share *number* of *size*: every so many-th tenant by name, with all it has in *found*."""
    mine = set(sorted({each.tenant for each in found})[number - 1 :: size])
    return [each for each in found if each.tenant in mine]


def _check(known: Sequence[Target], asked: Asked) -> None:
    """Raise UsageError where a word means nothing."""
    words = (
        ("tenant or fleet", (asked.name,), {n for t in known for n in (t.tenant, t.fleet)}),
        ("environment", asked.environments, {each.environment for each in known}),
        ("environment of the kind", asked.kinds, {each.kind for each in known}),
    )
    for what, names, there in words:
        for name in names:
            if name and name not in there:
                close = get_close_matches(name, there, n=1)
                help = f"did you mean {close[0]}?" if close else "tenantctl fleet lists them"
                raise UsageError(f"there is no {what} {name}", help=help)


def _shard(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    found = SHARD.fullmatch(text)
    if found is None or int(found[1]) > int(found[2]):
        raise UsageError(f"--shard {text} is no share", help="such as 1/4, 2/4, 3/4 and 4/4")
    return int(found[1]), int(found[2])


def _in_waves(found: Iterable[Target]) -> list[Target]:
    """*found* with their waves, wave by wave."""
    by_id = {each.id: each for each in found}
    waves: dict[str, int] = {}

    def wave(id: str) -> int:
        if id not in waves:
            waves[id] = 1 + max((wave(a) for a in by_id[id].after if a in by_id), default=0)
        return waves[id]

    placed = [replace(each, wave=wave(each.id)) for each in by_id.values()]
    return sorted(placed, key=lambda each: (each.wave, each.tenant, each.environment))


def worst(codes: Iterable[int]) -> int:
    """The exit code of several: the worst of theirs."""
    known = [code if code in WORST else 1 for code in codes]
    return min(known, key=WORST.index, default=0)
