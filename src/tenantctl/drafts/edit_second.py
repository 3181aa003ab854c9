"""A second tenant of the same product: what it has otherwise becomes its environment's business."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tenantctl.drafts.author import write_down
from tenantctl.drafts.edit import Revising, Revision
from tenantctl.drafts.edit_add import add
from tenantctl.drafts.edit_apply import body_of
from tenantctl.drafts.edit_desk import (
    Desk,
    Index,
    SecretEntry,
    changed_texts,
    from_shell,
    index,
    loads,
)
from tenantctl.drafts.edit_hosts import introduced
from tenantctl.drafts.edit_likeness import Pairs, pairs, renamed
from tenantctl.drafts.edit_sheet import Steps, Unfit
from tenantctl.drafts.edit_text import append
from tenantctl.drafts.write import schema_line
from tenantctl.drafts.written import Tag
from tenantctl.engine import Known
from tenantctl.errors import FilesError
from tenantctl.files import Loaded
from tenantctl.kinds import KINDS
from tenantctl.model import Address, Draft, Json, Note, Resource, Tenant

UNSET = re.compile(r"the (variable|secret) (\S+) is not set")
UNMANAGED = Tag("unmanaged")
COPIED = ("topics", "live", "hold")
"""What an environment's file says of the tenant, and another's has to say as well."""


@dataclass(frozen=True, slots=True)
class Second:
    """What is known of the second environment beside its tenant.

    *settings* are the plain entries of its file, where they are not written yet; *source* says
    where it has a secret from. *known* is what its last receipt and its secrets tell.
    """

    env: str
    domain: str
    settings: Mapping[str, Json] = field(default_factory=dict)
    source: SecretEntry = from_shell
    known: Known = field(default_factory=Known)


def second(root: Path, first: Loaded, there: Second, live: Mapping[Address, Resource]) -> Revision:
    """The files that say of a second tenant what it has, and of the first what they said.

    What both have stands in the definition; what the second has otherwise becomes variables and
    overrides of its environment, what it lacks or has alone is told apart by `$only`. *live* has
    the addresses of *first* where natural keys agree. Nothing is written.
    """
    work = _Second(root, first, there)
    return work.done(live)


@dataclass(slots=True)
class _Second:
    """The second environment on its way into the files."""

    root: Path
    first: Loaded
    there: Second
    notes: list[Note] = field(default_factory=list)

    @property
    def tenant(self) -> str:
        return self.first.environment.tenant

    def done(self, live: Mapping[Address, Resource]) -> Revision:
        start = Desk(self.root, self.tenant, self.there.env)
        ours = self.first.desired.tenant.resources
        found = self._matched(ours, live)
        theirs = renamed(live, found.sure)
        common = theirs.keys() & ours.keys()
        desk = self._shared(self._begun(start), common)
        known = {**found.sure, **_others(theirs, ours, desk.load().desired.withheld)}
        theirs = renamed(live, known)
        fresh = {address: each for address, each in theirs.items() if address not in ours}
        written = write_down(Draft("", fresh))
        desk = Desk(desk.root, desk.tenant, desk.env, desk.texts, frozenset(written.bodies))
        desk = self._revised(desk, Tenant(theirs))
        desk = self._without(desk, theirs)
        loaded = desk.load()
        added = add(self.root, loaded, written, source=self.there.source, texts=desk.texts)
        self.notes += added.notes
        self.notes += self._doubts(found)
        texts = changed_texts(start, desk.written(added.texts))
        return Revision(texts, tuple(dict.fromkeys(self.notes)), known)

    def _matched(self, ours: Mapping[Address, Resource], live: Mapping[Address, Resource]) -> Pairs:
        """What is left over on both sides, by likeness."""
        left = {a: r for a, r in ours.items() if a not in live}
        right = {a: r for a, r in live.items() if a not in ours}
        words = (self.first.environment.name, self.there.env)
        found = pairs(left, right, words)
        for other, one in found.sure.items():
            message = f"{one} is taken to be what {self.there.env} calls {_called(live[other])}"
            self.notes.append(Note("guess", message, address=str(one)))
        return found

    def _doubts(self, found: Pairs) -> Iterator[Note]:
        for one, other in found.doubtful:
            yield Note(
                "guess",
                f"could not be told apart: {one} here and {other} in {self.there.env} may be one "
                "thing; they are written as two",
                help=f"if they are one, keep {one}, and override what differs",
                address=str(one),
            )

    def _begun(self, desk: Desk) -> Desk:
        """With the environment's file: its settings, and the first one's variables and secrets."""
        file, other = desk.env_file(), desk.env_file(self.first.environment.name)
        if not desk.text(file):
            desk = desk.written({file: schema_line("environment", 2)})
        settings: dict[str, Json] = {**self.there.settings}
        settings["phases"] = list(self.first.environment.phases)
        for name in COPIED:
            if place := desk.place(other, (name,)):
                settings[name] = body_of(place.node, {})
        secrets = {name: self.there.source(name) for name in self.first.environment.secrets}
        desk = _put_missing(desk, (), settings)
        desk = _put_missing(desk, ("variables",), self.first.environment.variables)
        return self._supplied(_put_missing(desk, ("secrets",), secrets))

    def _supplied(self, desk: Desk) -> Desk:
        """With what only resources name that the first environment does not have."""
        try:
            desk.load()
        except FilesError as error:
            for problem in error.problems:
                if match := UNSET.fullmatch(problem.message):
                    value = self._value(desk, match[1], match[2])
                    desk = _put_missing(desk, (f"{match[1]}s",), {match[2]: value})
        return desk

    def _value(self, desk: Desk, what: str, name: str) -> Json:
        if what == "secret":
            return self.there.source(name)
        for env in desk.environments():
            if place := desk.place(desk.env_file(env), ("variables", name)):
                return body_of(place.node, {})
        return ""

    def _shared(self, desk: Desk, common: Iterable[Address]) -> Desk:
        """With what $only leaves out of the environment, although its tenant has it."""
        withheld = desk.load().desired.withheld
        places = index(desk, self.first.playbook)
        for address in sorted(common):
            if withheld.get(address) != "only":
                continue
            for spot in places.of(address):
                only = desk.place(spot.file, (*spot.steps, "$only"))
                if only is not None and isinstance(only.node.value, list):
                    more = partial(append, place=only, values=[self.there.env])
                    desk = desk.edited(spot.file, more)
        return desk

    def _revised(self, desk: Desk, live: Tenant) -> Desk:
        """With variables and overrides that make of the definition what the tenant has."""
        work = Revising(
            desk,
            desk.load(),
            live,
            self.there.known,
            source=self.there.source,
            attempts=("override",),
        )
        work.desk = introduced(work, self.first, self.there.domain)
        work.loaded = work.desk.load()
        work.work_off()
        self.notes += work.notes
        return work.desk

    def _without(self, desk: Desk, theirs: Mapping[Address, Resource]) -> Desk:
        """With `$only` on what the second tenant does not have."""
        declared = desk.load().desired.tenant.resources
        gone = [a for a in declared if a not in theirs and not _is_nothing(a)]
        top = {a for a in gone if not KINDS[a.kind].authored_in}
        places = index(desk, self.first.playbook)
        gone = [a for a in gone if not any(o in top for o in KINDS[a.kind].owners(a))]
        envs = [env for env in desk.environments() if loads(desk, env)]
        for some in (gone, *([address] for address in gone)):
            found = desk
            try:
                for address in some:
                    found = self._gone(found, places, address)
                sound = all(loads(found, env) for env in envs)
            except Unfit:
                sound = False
            if sound and some is gone:
                return found
            if sound:
                desk = found
            elif some is not gone:
                self.notes.append(_unsaid(some[0], self.there.env))
        return desk

    def _gone(self, desk: Desk, places: Index, address: Address) -> Desk:
        """Without *address* in the second environment. Raises Unfit."""
        kind = KINDS[address.kind]
        if not kind.authored_in:
            spots = [spot for spot in places.of(address) if spot.layer == "definition"]
            return self._only(desk, address, spots)
        parent, name = kind.authored_in
        key, _, inner = address.key.partition("/")
        steps = ("overrides", str(Address(parent, key)), name, *((inner,) if inner else ()))
        return desk.put(desk.env_file(), steps, UNMANAGED)

    def _only(self, desk: Desk, address: Address, spots: list[Any]) -> Desk:
        """With the other environments that have *address* in its `$only`, at its home."""
        envs = [env for env in desk.environments() if env != self.there.env]
        for spot in spots:
            only = desk.place(spot.file, (*spot.steps, "$only"))
            if only is not None:
                kept = [env for env in envs if _has(desk, env, address)]
                return desk.put(spot.file, (*spot.steps, "$only"), kept)
        home = self.first.desired.declarations.get(address)
        for spot in spots:
            if home and spot.file == home.home.file and spot.topic == home.home.topic:
                return desk.put(spot.file, (*spot.steps, "$only"), envs, first=True)
        return desk


def _put_missing(desk: Desk, steps: Steps, values: Mapping[str, Json]) -> Desk:
    """With those of *values* in the environment's file that are not there."""
    for name, value in values.items():
        if desk.place(desk.env_file(), (*steps, name)) is None:
            desk = desk.put(desk.env_file(), (*steps, name), value)
    return desk


def _has(desk: Desk, env: str, address: Address) -> bool:
    try:
        return address in desk.load(env).desired.tenant.resources
    except FilesError:
        return False


def _is_nothing(address: Address) -> bool:
    """Whether every tenant has it, so that it cannot be missing."""
    kind = KINDS[address.kind]
    return address.key in kind.system or bool(kind.members)


def _others(
    theirs: Collection[Address], ours: Collection[Address], withheld: Collection[Address]
) -> dict[Address, Address]:
    """Other addresses for what would have that of something that only other environments have."""
    return {
        address: Address(address.kind, f"{address.key}-2")
        for address in theirs
        if address in withheld and address not in ours and not KINDS[address.kind].fixed
    }


def _called(resource: Resource) -> str:
    kind = KINDS[resource.address.kind]
    name = resource.fields.get(kind.key[0]) if kind.key else None
    return name if isinstance(name, str) else str(resource.address)


def _unsaid(address: Address, env: str) -> Note:
    return Note(
        "loss",
        f"{env} does not have {address}, and the files cannot say so",
        help=f"write $only at its home, or take what refers to it out of {env}",
        address=str(address),
    )
