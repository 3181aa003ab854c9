"""One apply at a time per tenant domain, on whatever machine: a lease on a ref beside the receipts.

The ref holds one commit without a parent, whose message says who holds the lease and until when. It
is taken, renewed and released by compare-and-swap pushes. Decision 0023 says why.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from secrets import token_hex
from typing import Final

from tenantctl.errors import LedgerError, Locked
from tenantctl.ledger.locks import DOMAIN
from tenantctl.ledger.remote import OLD, PATIENCE, Beaten, Remote, ask, id_there, push
from tenantctl.ledger.trees import commit
from tenantctl.ledger.who import who

TRIES: Final = 5
"""How often who holds a lease is looked at while it changes hands."""
SKEW: Final = 30.0
"""The most seconds that clocks of two machines are allowed to be apart."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Who may write to *domain*: the *holder* (`who@host`), by which *process*, in which *run*.

    *since* and *expires* are times in ISO 8601 by the holder's clock, *seconds* how long the lease
    lasts without a sign of life.
    """

    domain: str
    holder: str
    process: int
    run: str
    since: str
    expires: str
    seconds: int

    @property
    def margin(self) -> float:
        """Seconds that others wait beyond the end, because their clocks may be ahead."""
        return min(SKEW, max(0.5, self.seconds / 4))

    def over(self, now: dt.datetime) -> bool:
        """Whether others may take it."""
        end = dt.datetime.fromisoformat(self.expires) + dt.timedelta(seconds=self.margin)
        return now > end


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the lease of *domain* lies: a ref beside the receipts *branch* of a *remote*.

    *environment* is whose tenant that is.
    """

    remote: Remote
    branch: str
    domain: str
    environment: str

    @property
    def ref(self) -> str:
        """The ref; raises LedgerError on a domain that could name another one."""
        name = self.domain.lower()
        if not DOMAIN.fullmatch(name):
            raise LedgerError(f"{self.domain!r} is no domain")
        return f"refs/heads/{self.branch}-lease/{name}"


@dataclass(frozen=True, slots=True)
class Found:
    """What lies there: the *id* of the commit, and the lease; None where it cannot be read."""

    id: str
    lease: Lease | None


def look(desk: Desk) -> Found | None:
    """The lease as the remote has it; None where nobody holds it.

    Raises LedgerError where the remote cannot be asked.
    """
    for _ in range(TRIES):
        id = id_there(desk.remote, desk.ref, f"who applies to {desk.domain}")
        if not id:
            return None
        options = ("--quiet", "--no-tags", "--no-recurse-submodules", "--refmap=")
        command = ("fetch", *options, "--no-write-fetch-head", "--", desk.remote.name, desk.ref)
        brought = ask(desk.remote, *command)
        if "unknown option" in brought.error:
            said = f"the lease of {desk.domain} cannot be read: {brought.error}"
            raise LedgerError(said, help=OLD)
        shown = ask(desk.remote, "cat-file", "commit", id)
        if not shown.code:  # else it has changed hands meanwhile
            return Found(id, _read(shown.out, desk.domain))
    raise LedgerError(f"the lease of {desk.domain} changes hands all the time", help="try again")


def _read(commit: bytes, domain: str) -> Lease | None:
    try:
        document = json.loads(commit.partition(b"\n\n")[2].decode("utf-8"))
        lease = Lease(**{field.name: document[field.name] for field in fields(Lease)})
        ends = (dt.datetime.fromisoformat(each) for each in (lease.since, lease.expires))
        whole = all(each.tzinfo for each in ends) and 0 < int(lease.seconds) <= 86400
    except (ValueError, LookupError, TypeError):
        return None
    return lease if whole and lease.domain == domain else None


def _write(desk: Desk, lease: Lease, parent: str = "") -> str:
    """The commit that says *lease*; it is nowhere yet."""
    text = json.dumps({"format": 1, **asdict(lease)}, sort_keys=True)
    return commit(desk.remote, parent, {}, text, lease.holder)


def _swap(desk: Desk, id: str, former: str, patience: float = PATIENCE) -> None:
    """*id*, or nothing, takes the place of *former*; raises Beaten where that is not there."""
    options = (f"--force-with-lease={desk.ref}:{former}",)
    push(desk.remote, f"{id}:{desk.ref}", options, patience)


def release(desk: Desk, found: Found) -> None:
    """Nobody holds the lease any more. Raises Beaten where it is not *found* that lies there."""
    _swap(desk, "", found.id)


@contextmanager
def held(desk: Desk, seconds: int, say: Callable[[str], None]) -> Iterator[Held]:
    """The lease is ours meanwhile, and renewed every third of its *seconds*.

    Raises Locked where somebody else holds it, LedgerError where the remote cannot be asked. What a
    person should know is told to *say*.
    """
    mine = Held(desk, _take(desk, seconds, say))
    renewing = threading.Thread(target=mine.renew, name="lease", daemon=True)
    renewing.start()
    try:
        yield mine
    finally:
        mine.stop()
        renewing.join()
        if not mine.lost:
            _give_back(desk, mine, say)


def _give_back(desk: Desk, mine: Held, say: Callable[[str], None]) -> None:
    try:
        try:
            release(desk, mine.found)
        except Beaten:
            if there := mine.there():
                release(desk, there)
            else:
                say(f"the lease of {desk.domain} was not ours any more at the end: {mine.taker()}")
    except (Beaten, LedgerError) as error:
        why = getattr(error, "message", error)
        say(f"the lease of {desk.domain} was not released, it ends by itself: {why}")


def _take(desk: Desk, seconds: int, say: Callable[[str], None]) -> Found:
    """The lease, which is ours now; what was left of somebody else's is taken over."""
    now = _now()
    holder = f"{who()}@{socket.gethostname()}"
    end = _text(now + dt.timedelta(seconds=seconds))
    mine = Lease(desk.domain, holder, os.getpid(), token_hex(6), _text(now), end, seconds)
    former, left, beaten = "", None, ""
    for _ in range(TRIES):
        id = _write(desk, mine, former)
        try:
            _swap(desk, id, former)
        except LedgerError as error:
            said = (
                f"nothing was written, the lease of {desk.domain} cannot be taken: {error.message}"
            )
            raise LedgerError(said, help=error.help) from None
        except Beaten as error:
            beaten = str(error)
            there = look(desk)
            left = there.lease if there else None
            if there and not (left and left.over(_now())):
                raise locked(desk, there, _now()) from None
            former = there.id if there else ""
            continue
        if left:
            say(f"the lease of {left.holder} on {desk.domain} ended {left.expires}: taken over")
        return Found(id, mine)
    raise LedgerError(
        f"the lease of {desk.domain} could not be taken, {TRIES} times: {beaten}",
        help="try again; pushing to the remote has to work here, docs/receipts.md says where",
    )


def locked(desk: Desk, found: Found, now: dt.datetime) -> Locked:
    """The error for whoever comes second."""
    help = "wait until it ends (apply --lock-timeout 5m), or, if that run is gone: "
    help += f"tenantctl lock release {desk.environment}"
    if found.lease is None:
        return Locked(
            f"{desk.domain} is locked by a lease that this version cannot read", help=help
        )
    return Locked(f"{desk.domain} is locked by {described(found.lease, now)}", help=help)


def described(lease: Lease, now: dt.datetime) -> str:
    """Who holds *lease*, for how long already, and until when."""
    age = max(0, int((now - dt.datetime.fromisoformat(lease.since)).total_seconds()))
    return (
        f"{lease.holder} (process {lease.process}, run {lease.run}) since {lease.since}, for "
        f"{_long(age)}; its lease lasts until {lease.expires} unless it is renewed"
    )


def _long(seconds: int) -> str:
    minutes, hours = seconds // 60, seconds // 3600
    return (
        f"{hours} h {minutes % 60} min"
        if hours
        else f"{minutes} min"
        if minutes
        else (f"{seconds} s")
    )


class Held:
    """A lease that is ours. *lost* says why it no longer is; empty while it is."""

    __slots__ = ("_desk", "_stopped", "_trouble", "found", "lost")

    def __init__(self, desk: Desk, found: Found) -> None:
        self._desk = desk
        self._stopped = threading.Event()
        self._trouble = ""
        self.found = found
        self.lost = ""

    def over(self) -> bool:
        """Whether it is lost, or has ended and nobody has noticed yet.

        A machine that was put to sleep goes on where it was, long after others may have taken it.
        """
        if not self.lost and _now() > dt.datetime.fromisoformat(self._lease.expires):
            self.lost = f"it ended before it could be renewed{self._trouble}"
        return bool(self.lost)

    def stop(self) -> None:
        """It is not renewed any more."""
        self._stopped.set()

    def renew(self) -> None:
        """Renews the lease until it is lost or `stop` is called."""
        lease = self._lease
        pause = lease.seconds / 3
        while not self.lost and not self._stopped.wait(pause):
            try:
                self._extend()
                self._trouble, pause = "", lease.seconds / 3
            except Beaten:
                self.lost = self.taker()
            except (LedgerError, OSError) as error:
                self._trouble = f": {error}"
                self.over()
                pause = max(0.2, lease.seconds / 12)

    @property
    def _lease(self) -> Lease:
        assert self.found.lease is not None
        return self.found.lease

    def _extend(self) -> None:
        """Another end for the lease; raises Beaten where it is not ours any more."""
        lease = self._lease
        end = _text(_now() + dt.timedelta(seconds=lease.seconds))
        longer = replace(lease, expires=end)
        id = _write(self._desk, longer)
        patience = min(PATIENCE, max(1.0, lease.seconds / 3))
        try:
            _swap(self._desk, id, self.found.id, patience)
        except Beaten:
            # There are remotes that take nothing but what follows on what they have.
            there = self.there()
            if there is None:
                raise
            id = _write(self._desk, longer, there.id)
            try:
                _swap(self._desk, id, there.id, patience)
            except Beaten as error:
                raise LedgerError(f"the remote took nothing: {error}") from None
        self.found = Found(id, longer)

    def there(self) -> Found | None:
        """Our lease as the remote has it: a push that was cut short may have got through.

        None where the remote has none of ours. Raises LedgerError where it cannot be asked.
        """
        there = look(self._desk)
        ours = there and there.lease and there.lease.run == self._lease.run
        return there if ours else None

    def taker(self) -> str:
        """Why it is not ours any more, as far as the remote tells."""
        try:
            there = look(self._desk)
        except LedgerError:
            there = None
        if there is None or there.lease is None:
            return "somebody has released it"
        return f"{there.lease.holder} (run {there.lease.run}) has it now"


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _text(when: dt.datetime) -> str:
    return when.isoformat(timespec="milliseconds")
