"""One holder at a time, on whatever machine, and no lease outlives its holder for long."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import subprocess
import sys
import threading
import time

import pytest

from support.largely import mostly
from support.shared import BRANCH, git
from tenantctl.errors import LedgerError, Locked
from tenantctl.ledger.lease import Desk, Found, Lease, held, look, release
from tenantctl.ledger.remote import Beaten
from tenantctl.ledger.trees import commit

DOMAIN = "shop.eu.auth0.com"
REF = f"refs/heads/{BRANCH}-lease/{DOMAIN}"


@pytest.fixture
def desks(shared):
    """The same desk as two machines see it."""
    return [
        Desk(shared.machine(name).remote, BRANCH, DOMAIN, "shop/prod") for name in ("ada", "bob")
    ]


@pytest.fixture
def said():
    return []


def wait_for(ready, seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while not ready() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(ready())


def lay(desk: Desk, lease: Lease | str) -> None:
    """Puts a lease there, as another machine would have."""
    text = lease if isinstance(lease, str) else json.dumps(dataclasses.asdict(lease))
    made = commit(desk.remote, "", {}, text, "x")
    git(desk.remote.top, "push", "-q", "-f", "origin", f"{made}:{REF}")


def lease_until(seconds: float, lasts: int = 120) -> Lease:
    now = dt.datetime.now(dt.UTC)
    end = (now + dt.timedelta(seconds=seconds)).isoformat()
    return Lease(DOMAIN, "eve@far", 7, "run7", now.isoformat(), end, lasts)


def test_the_second_is_told_who_holds_it_since_when_and_what_releases_it(desks, said):
    ada, bob = desks
    with held(ada, 60, said.append):
        with pytest.raises(Locked) as caught, held(bob, 60, said.append):
            pass
        there = look(bob)
    assert caught.value.exit_code == 75
    assert f"{DOMAIN} is locked by {there.lease.holder} (process " in caught.value.message
    assert f"since {there.lease.since}, for 0 s" in caught.value.message
    assert "tenantctl lock release shop/prod" in caught.value.help
    assert "--lock-timeout" in caught.value.help
    assert said == []


def test_it_is_free_again_afterwards_even_if_the_run_failed(shared, desks, said):
    ada, bob = desks
    with pytest.raises(RuntimeError), held(ada, 60, said.append):
        raise RuntimeError
    assert look(bob) is None
    assert git(shared.bare, "for-each-ref", REF) == ""
    with held(bob, 60, said.append):
        pass


@pytest.mark.thorough
def test_it_has_no_history(shared, desks, said):
    with held(desks[0], 2, said.append) as mine:
        first = mine.found.id
        assert wait_for(lambda: mine.found.id != first)
        assert git(shared.bare, "rev-list", "--count", REF) == "1"


@pytest.mark.thorough
def test_it_is_renewed_as_long_as_it_is_held(desks, said):
    ada, bob = desks
    with held(ada, 2, said.append) as mine:
        time.sleep(3.2)  # longer than the lease and the margin
        with pytest.raises(Locked), held(bob, 2, said.append):
            pass
        assert mine.lost == ""


@pytest.mark.thorough
def test_it_is_renewed_where_the_remote_takes_no_forced_pushes(shared, desks, said):
    git(shared.bare, "config", "receive.denyNonFastForwards", "true")
    lay(desks[0], lease_until(-60))
    with held(desks[1], 2, said.append) as mine:
        first = mine.found.id
        assert wait_for(lambda: mine.lost or mine.found.id != first)
        time.sleep(1.0)
        assert mine.lost == ""
    assert look(desks[0]) is None


def test_where_the_remote_deletes_nothing_the_lease_is_said_to_end_by_itself(shared, desks, said):
    git(shared.bare, "config", "receive.denyDeletes", "true")
    with held(desks[0], 60, said.append):
        pass
    assert "was not released, it ends by itself: the Git remote origin took nothing" in said[0]


@pytest.mark.thorough
@pytest.mark.parametrize(("ended", "free"), [(1.0, False), (-29.0, False), (-31.0, True)])
def test_one_that_ended_is_taken_over_once_clocks_cannot_be_the_reason(desks, said, ended, free):
    lay(desks[0], lease_until(ended))
    if free:
        with held(desks[1], 60, said.append):
            pass
        assert "eve@far" in said[0]
        assert said[0].endswith("taken over")
    else:
        with pytest.raises(Locked, match=r"eve@far \(process 7, run run7\)"):
            held(desks[1], 60, said.append).__enter__()


def test_the_margin_grows_with_the_lease_up_to_half_a_minute():
    margins = [dataclasses.replace(lease_until(0), seconds=s).margin for s in (2, 20, 120, 3600)]
    assert margins == [0.5, 5.0, 30.0, 30.0]


@pytest.mark.parametrize(
    "text", mostly(["{", '{"domain": 1}', "", "[]", "null"], fast=2, rest=pytest.mark.thorough)
)
def test_one_that_cannot_be_read_is_locked_and_can_be_released(desks, said, text):
    ada, bob = desks
    lay(ada, text or "\n")
    with pytest.raises(Locked, match="cannot read"):
        held(bob, 60, said.append).__enter__()
    release(bob, look(bob))
    assert look(bob) is None


def test_a_lease_of_another_domain_is_not_believed(desks, said):
    lay(desks[0], dataclasses.replace(lease_until(60), domain="other.eu.auth0.com"))
    with pytest.raises(Locked, match="cannot read"):
        held(desks[1], 60, said.append).__enter__()


@pytest.mark.thorough
def test_whoever_holds_it_hears_that_it_was_released(desks, said):
    ada, bob = desks
    with held(ada, 3, said.append) as mine:
        assert not mine.over()
        release(bob, look(bob))
        assert wait_for(mine.over)
        assert mine.lost == "somebody has released it"
    assert said == []


def test_whoever_holds_it_hears_who_took_it_and_leaves_it_to_them(desks, said):
    ada, bob = desks
    with held(ada, 3, said.append) as mine:
        lay(bob, lease_until(60))
        assert wait_for(mine.over)
        assert mine.lost == "eve@far (run run7) has it now"
    assert look(bob).lease.holder == "eve@far"


def test_a_machine_that_was_asleep_knows_that_its_lease_has_ended_before_it_goes_on(desks, said):
    with held(desks[0], 120, said.append) as mine:
        ended = dataclasses.replace(mine.found.lease, expires=lease_until(-1).expires)
        mine.found = Found(mine.found.id, ended)  # the next renewal is 40 s away
        assert mine.over()
        assert mine.lost == "it ended before it could be renewed"


def test_a_renewal_that_was_cut_short_but_got_through_keeps_nobody_out_at_the_end(desks, said):
    ada, bob = desks
    with held(ada, 60, said.append) as mine:
        lay(bob, mine.found.lease)  # another commit than the one that this holder knows of
        assert look(bob).id != mine.found.id
    assert look(bob) is None
    assert said == []


def test_who_was_not_alone_till_the_end_is_told(desks, said):
    ada, bob = desks
    with held(ada, 60, said.append):
        lay(bob, lease_until(60))
    assert said == [
        f"the lease of {DOMAIN} was not ours any more at the end: eve@far (run run7) has it now"
    ]


@pytest.mark.thorough
def test_a_lock_that_the_remote_has_kept_of_a_push_that_died_is_told_as_what_it_is(
    shared, desks, said
):
    stale = shared.bare / f"{REF}.lock"
    with held(desks[0], 2, said.append) as mine:
        stale.touch()
        assert wait_for(mine.over)
        assert mine.lost.startswith("it ended before it could be renewed: the remote took nothing")
    (shared.bare / REF).unlink()  # ours has perhaps not ended for long enough
    with pytest.raises(LedgerError, match=r"could not be taken, 5 times: .*failed to update ref"):
        held(desks[1], 2, said.append).__enter__()


@pytest.mark.thorough
def test_where_the_remote_is_away_for_too_long_it_is_lost(shared, desks, said):
    with held(desks[0], 2, said.append) as mine:
        shared.bare.rename(shared.folder / "away.git")
        assert wait_for(lambda: mine.lost)
        assert "before it could be renewed: the Git remote origin cannot be" in mine.lost


@pytest.mark.thorough
def test_a_remote_that_comes_back_in_time_has_cost_nothing(shared, desks, said):
    with held(desks[0], 6, said.append) as mine:
        first = mine.found.id
        shared.bare.rename(shared.folder / "away.git")
        time.sleep(2.5)
        (shared.folder / "away.git").rename(shared.bare)
        assert wait_for(lambda: mine.found.id != first or mine.lost)
        assert mine.lost == ""


def test_only_what_was_looked_at_is_released(desks, said):
    ada, bob = desks
    with held(ada, 60, said.append):
        seen = look(bob)
        with pytest.raises(Beaten):
            release(bob, Found("0" * 39 + "1", None))
        assert look(bob) == seen


def test_without_the_remote_nobody_gets_in(shared, desks, said):
    shared.bare.rename(shared.folder / "away.git")
    with pytest.raises(LedgerError, match="the Git remote origin cannot be reached"):
        held(desks[0], 60, said.append).__enter__()


@pytest.mark.parametrize("domain", ["", "..", "a/b", "a..b", "a b", "-x/", "a\n", "a~b", "x:y"])
def test_what_is_no_domain_names_no_ref(desks, domain):
    with pytest.raises(LedgerError, match="is no domain"):
        _ = dataclasses.replace(desks[0], domain=domain).ref


HOLD = """
import sys
from pathlib import Path
from tenantctl.ledger.lease import Desk, held
from tenantctl.ledger.remote import remote_of
desk = Desk(remote_of(Path(sys.argv[1]), "origin"), sys.argv[2], sys.argv[3], "shop/prod")
with held(desk, 2, print):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.thorough
def test_the_lease_of_a_holder_that_was_killed_frees_itself(desks, said):
    ada, bob = desks
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(ada.remote.top), BRANCH, DOMAIN],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "held\n"
        with pytest.raises(Locked):
            held(bob, 2, said.append).__enter__()
    finally:
        process.kill()
        process.communicate(timeout=10)
    began = time.monotonic()
    while True:
        try:
            with held(bob, 2, said.append):
                break
        except Locked:
            assert time.monotonic() - began < 10
            time.sleep(0.2)
    assert "taken over" in said[0]


@pytest.mark.thorough
def test_of_many_who_come_at_once_one_gets_in(desks, said):
    inside, told = [], []

    def come(desk):
        try:
            with held(desk, 60, said.append):
                inside.append(desk)
                time.sleep(3)
        except Locked as error:
            told.append(error)

    threads = [threading.Thread(target=come, args=(desks[n % 2],)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(inside) == 1
    assert len(told) == 5
