"""One apply at a time, and no lock outlives its process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tenantctl.errors import LedgerError, Locked
from tenantctl.ledger import lock, state_home

HOLD = """
import sys
from pathlib import Path
from tenantctl.ledger import lock
with lock(Path(sys.argv[1]), "shop.eu.auth0.com"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock until it is told, or made, to end."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate(timeout=10)


def test_the_second_apply_is_told_who_holds_the_lock_and_since_when(tmp_path, holder):
    with (
        pytest.raises(Locked, match=rf"by process {holder.pid} since 20\d\d-") as caught,
        lock(tmp_path, "shop.eu.auth0.com"),
    ):
        pass
    assert caught.value.exit_code == 75
    assert "ends with it" in caught.value.help


def test_the_spelling_of_a_domain_does_not_open_the_lock(tmp_path, holder):
    assert holder.poll() is None
    with pytest.raises(Locked), lock(tmp_path, "Shop.EU.auth0.com"):
        pass


def test_another_domain_is_free(tmp_path, holder):
    assert holder.poll() is None
    with lock(tmp_path, "shop-qa.eu.auth0.com"):
        assert (tmp_path / "locks" / "shop-qa.eu.auth0.com.lock").stat().st_mode & 0o777 == 0o600


def test_a_lock_dies_with_its_process(tmp_path, holder):
    holder.kill()
    holder.wait(timeout=10)
    with lock(tmp_path, "shop.eu.auth0.com"):
        pass


def test_a_lock_is_free_again_after_the_run_even_if_it_failed(tmp_path):
    with pytest.raises(RuntimeError), lock(tmp_path, "a.b"):
        raise RuntimeError
    with lock(tmp_path, "a.b"), pytest.raises(Locked, match=f"process {os.getpid()}"):
        lock(tmp_path, "a.b").__enter__()


def test_a_holder_that_has_not_signed_yet_is_another_process(tmp_path):
    with lock(tmp_path, "a.b"):
        (tmp_path / "locks" / "a.b.lock").write_text("[]")
        with pytest.raises(Locked, match="by another process"):
            lock(tmp_path, "a.b").__enter__()


@pytest.mark.parametrize("domain", ["", "..", "../x", "a/b", "a..b", ".a", "a\n"])
def test_what_is_no_domain_names_no_file(tmp_path, domain):
    with pytest.raises(LedgerError, match="is no domain"):
        lock(tmp_path, domain).__enter__()
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_the_place_of_a_lock_is_not_followed(tmp_path):
    (tmp_path / "locks").mkdir()
    (tmp_path / "precious").write_text("kept")
    (tmp_path / "locks" / "a.b.lock").symlink_to(tmp_path / "precious")
    with pytest.raises(LedgerError, match="cannot be opened"):
        lock(tmp_path, "a.b").__enter__()
    assert (tmp_path / "precious").read_text() == "kept"


def test_locks_live_where_the_user_keeps_state(tmp_path):
    assert state_home({"XDG_STATE_HOME": str(tmp_path)}) == tmp_path / "tenantctl"
    usual = Path.home() / ".local" / "state" / "tenantctl"
    assert state_home({}) == usual
    assert state_home({"XDG_STATE_HOME": "relative"}) == usual


def test_who_has_no_home_is_told_where_else_locks_can_be_kept(tmp_path, monkeypatch):
    def nobody(_):
        raise KeyError

    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", nobody)
    with pytest.raises(LedgerError, match="no home folder") as caught:
        state_home({})
    assert "XDG_STATE_HOME" in caught.value.help
    (tmp_path / "file").touch()
    with pytest.raises(LedgerError, match="cannot be made") as caught, lock(tmp_path / "file", "a"):
        pass
    assert "XDG_STATE_HOME" in caught.value.help
