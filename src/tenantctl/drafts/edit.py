"""What has changed in a tenant since its files were written, written into those files."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tenantctl.drafts.edit_apply import carry_out
from tenantctl.drafts.edit_desk import (
    Desk,
    Index,
    SecretEntry,
    changed_texts,
    from_shell,
    index,
    loads,
    tidied,
)
from tenantctl.drafts.edit_override import override
from tenantctl.drafts.edit_sheet import Unfit
from tenantctl.drafts.edit_values import Op, Wanted, missing, ops, wanted, weights
from tenantctl.drafts.edit_variables import guesses
from tenantctl.engine import Known
from tenantctl.errors import FilesError
from tenantctl.files import Loaded
from tenantctl.kinds import KINDS
from tenantctl.model import ABSENT, Address, Note, Origin, Tenant, dotted, secret_names

NOWHERE = Origin("", 0, 0)
EVERYWHERE = ("place", "again", "override")
"""Where a change is written: where the value stands; there, less exactly; in the environment."""
TRIES = 50
"""How many values of variables are tried before the rest is written as it is."""


@dataclass(frozen=True, slots=True)
class Revision:
    """Files of a project with their new texts, by path below it, and what to know of them.

    *known*: what of the tenant has another address in the project than it was read under.
    """

    texts: Mapping[str, str]
    notes: tuple[Note, ...] = ()
    known: Mapping[Address, Address] = field(default_factory=dict)


def revise(
    root: Path,
    loaded: Loaded,
    live: Tenant,
    *,
    known: Known | None = None,
    texts: Mapping[str, str] | None = None,
    beside: Collection[Address] = (),
    source: SecretEntry = from_shell,
    unread: Collection[str] = (),
) -> Revision:
    """The files that say of everything declared what *live* has of it. Nothing is written.

    What is written stays where and as it is, but for the values that differ. *live* has the same
    addresses as *loaded*. *texts* are files that are to be written anyway, and *beside* what
    they do not declare yet but will. *source* says where the environment has a new secret from.
    Of the kinds *unread* nobody knows what the tenant has.
    """
    environment = loaded.environment
    desk = Desk(root, environment.tenant, environment.name, dict(texts or {}), frozenset(beside))
    work = Revising(desk, loaded, live, known or Known(), source)
    return work.done(unread)


@dataclass(slots=True)
class Revising:
    """A revision on its way: the project so far, and what it asks for."""

    desk: Desk
    loaded: Loaded
    live: Tenant
    known: Known
    source: SecretEntry = from_shell
    attempts: tuple[str, ...] = EVERYWHERE
    notes: list[Note] = field(default_factory=list)
    others: tuple[str, ...] = ()

    def done(self, unread: Collection[str] = ()) -> Revision:
        start = self.desk
        gone = missing(self.loaded, self.live)
        self.notes += [_missing(self.loaded, each) for each in gone if each.kind not in unread]
        self.work_off()
        return Revision(changed_texts(start, self.desk), tuple(dict.fromkeys(self.notes)))

    def work_off(self) -> None:
        """Does it, as far as it can be done, and tells what is left."""
        self.others = tuple(self._sound())
        work = self._variables(self.work(self.loaded))
        for attempt in self.attempts:
            if work:
                self._take([(address, ops(each)) for address, each in work.items()], work, attempt)
                work = self.work(self.loaded)
        self.notes += _left(self.loaded, work)

    def _sound(self) -> Iterator[str]:
        """The other environments that can be loaded: they have to stay so."""
        for env in self.desk.environments():
            if env != self.desk.env and loads(self.desk, env):
                yield env

    def work(self, loaded: Loaded) -> dict[Address, Wanted]:
        """What *loaded* asks for otherwise than the tenant has it."""
        beside = frozenset(self.desk.beside)
        return wanted(loaded, self.live, self.known, beside)

    def _index(self) -> Index:
        return index(self.desk, self.loaded.playbook)

    def _variables(self, work: dict[Address, Wanted]) -> dict[Address, Wanted]:
        """Sets variables as long as that brings the files nearer to the tenant."""
        tried: set[str] = set()
        better = bool(work)
        while better and len(tried) < TRIES:
            better = False
            values = self.loaded.environment.variables
            for name, value in guesses(self.desk, self._index(), work, values):
                mark = f"{name}={value!r}"
                if mark in tried or len(tried) >= TRIES:
                    continue
                tried.add(mark)
                desk = self.desk.put(self.desk.env_file(), ("variables", name), value)
                if (found := self._nearer(desk, work)) is not None:
                    work, better = found, True
                    break
        return work

    def _nearer(self, desk: Desk, work: dict[Address, Wanted]) -> dict[Address, Wanted] | None:
        """What is left with *desk*, which is taken if it is right in more places; else None.

        It may be wrong nowhere where it was not wrong before.
        """
        try:
            loaded = desk.load()
        except FilesError:
            return None
        found = self.work(loaded)
        before, after = weights(work), weights(found)
        worse = any(after[place] > before.get(place, 0) for place in after)
        if worse or sum(after.values()) >= sum(before.values()):
            return None
        self.desk, self.loaded = desk, loaded
        return found

    def _take(
        self, todo: list[tuple[Address, list[Op]]], work: Mapping[Address, Wanted], attempt: str
    ) -> None:
        """Carries out what is *todo* of each address, all of it unless some is refused."""
        desk, told = self.desk, []
        places = self._index()
        for address, mine in todo:
            desk, notes = self._changed(desk, places, work[address], mine, attempt)
            told += notes
        if desk.texts == self.desk.texts:
            return
        try:
            desk, loaded = tidied(desk)
            sound = all(loads(desk, env) for env in self.others)
        except FilesError:
            sound = False
        if sound:
            self.desk, self.loaded = desk, loaded
            self.notes += told
        else:
            for part in _halves(todo):
                self._take(part, work, attempt)

    def _changed(
        self, desk: Desk, places: Index, each: Wanted, mine: Sequence[Op], attempt: str
    ) -> tuple[Desk, list[Note]]:
        """*desk* with some of what is to change of one address, as far as it can be said."""
        address, values = each.address, self.loaded.environment.variables
        told: list[Note] = []
        fresh = {*secret_names(each.new)} - {*secret_names(each.old)}
        for name in sorted(fresh):
            desk = desk.with_secret(name, f"used by {address}", self.source(name))
            told.append(_supplied(desk, name, address))
        for op in mine:
            if attempt == "again" and op.new is None and op.old is not None:
                op = Op(op.steps, op.old, ABSENT)  # noqa: PLW2901 - null was refused
            try:
                if attempt == "override":
                    desk = override(desk, places, address, op)
                    if len(self.attempts) > 1:
                        told.append(_overridden(desk, address, op))
                else:
                    desk = carry_out(desk, places, address, op, values)
            except Unfit:
                continue
        return desk, told


def _halves(todo: list[tuple[Address, list[Op]]]) -> Iterator[list[tuple[Address, list[Op]]]]:
    """Two halves of what is to be done, of one address by what of it; nothing of a single thing."""
    middle = len(todo) // 2
    if middle:
        yield from (todo[:middle], todo[middle:])
        return
    ((address, mine),) = todo
    middle = len(mine) // 2
    if middle:
        yield from ([(address, mine[:middle])], [(address, mine[middle:])])


# --- What to say of it --------------------------------------------------------------------------


def _missing(loaded: Loaded, address: Address) -> Note:
    declared = loaded.desired.declarations.get(address)
    return _noted(
        "hint",
        f"{address} is declared, and not in the tenant: what is written of it stays",
        declared.home if declared else None,
        "apply makes it; take it out of the files if it is not wanted any more",
        address,
    )


def _overridden(desk: Desk, address: Address, op: Op) -> Note:
    path = dotted(tuple(map(str, op.steps)))
    return Note(
        "guess",
        f"{path} of {address} cannot be said where it is written without changing what else is "
        f"made there: {desk.env} has a value of its own now",
        file=desk.env_file(),
        help="write it into the definition if all environments are meant",
        address=str(address),
    )


def _supplied(desk: Desk, name: str, address: Address) -> Note:
    return Note(
        "secret",
        f"{address} has a new secret, of which nobody can read the value: it is called {name}",
        file=desk.env_file(),
        help=f"supply it where secrets.{name} says",
        address=str(address),
    )


def _left(loaded: Loaded, work: Mapping[Address, Wanted]) -> Iterator[Note]:
    for address, each in work.items():
        origins = loaded.desired.origins.get(address, {})
        for path in each.paths:
            near = (at for where, at in origins.items() if where[: len(path)] == path)
            origin = next(near, None)
            row = _row(origin)
            yield _noted(
                "loss",
                f"{dotted(path)} of {address} is another in the tenant, and was not written",
                row or origin or loaded.desired.declarations[address].home,
                "change the row that it is made of" if row else _by_hand(address),
                address,
            )


def _by_hand(address: Address) -> str:
    return f"change it by hand; `plan` shows what {KINDS[address.kind].name} have"


def _row(origin: Origin | None) -> Origin | None:
    found = (each for each in (origin.via if origin else ()) if each.layer == "row")
    return next(found, None)


def _noted(level: str, message: str, at: Origin | None, help: str, address: Address) -> Note:
    at = at or NOWHERE
    return Note(level, message, at.file, at.line, at.column, help, str(address))
