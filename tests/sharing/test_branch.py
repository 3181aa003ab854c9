"""Receipts on a branch: two writers lose nothing, and all machines end with the same."""

from __future__ import annotations

import dataclasses
import shutil
import threading
import time

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ledger.examples import RECEIPT
from support.largely import mostly
from support.shared import (
    BRANCH,
    ENVIRONMENT,
    NOW,
    drifted,
    fetch,
    files_of,
    git,
    proven,
    push,
    receipt,
    stated,
    team,
)
from tenantctl.errors import LedgerError
from tenantctl.ledger import branch, dump_receipt, open_ledger
from tenantctl.ledger.branch import FRESH, Branch, Standing, send, standing, take, update
from tenantctl.ledger.lease import Desk, look
from tenantctl.ledger.remote import _clean, ask, remote_of
from tenantctl.ledger.shelves import dump_record, name_of
from tenantctl.ledger.trees import commit


@pytest.fixture
def ada(shared):
    return shared.machine("ada")


@pytest.fixture
def bob(shared):
    return shared.machine("bob")


def test_what_one_machine_pushes_another_has_to_the_byte(ada, bob):
    for write in (receipt(1), receipt(2)):
        ada.ledger.write_receipt(write)
    ada.ledger.write_test(proven(3, passed=True))
    ada.ledger.write_record(stated(4))
    ada.ledger.write_record(drifted(5))
    assert push(ada).count == 5
    assert fetch(bob).count == 5
    assert files_of(bob) == files_of(ada)
    assert bob.ledger.receipt("hearth", "dev") == receipt(2)
    assert bob.ledger.statements("hearth", "dev") == (stated(4),)
    assert bob.ledger.drifts("hearth", "dev") == (drifted(5),)


def test_backups_and_journals_stay_on_their_machine(shared, ada):
    ada.ledger.write_receipt(RECEIPT)
    (ada.ledger.state / "backups" / "hearth" / "dev").mkdir(parents=True)
    (ada.ledger.state / "backups" / "hearth" / "dev" / "b.json").write_text("{}")
    push(ada)
    assert [path.split("/")[2] for path in shared.listed()] == ["receipts"]


@pytest.mark.thorough
def test_what_is_there_already_moves_neither_way(shared, ada, bob):
    ada.ledger.write_receipt(RECEIPT)
    push(ada)
    fetch(bob)
    before = git(shared.bare, "rev-parse", BRANCH)
    assert [push(ada).count, push(bob).count, fetch(ada).count, fetch(bob).count] == [0, 0, 0, 0]
    assert git(shared.bare, "rev-parse", BRANCH) == before


def test_the_branch_is_an_orphan_and_nobody_has_checked_it_out(shared):
    root = shared.project("ada").root
    machine = machine_in(root)
    machine.ledger.write_receipt(RECEIPT)
    before = (git(root, "status", "--porcelain"), git(root, "rev-parse", "HEAD"))
    push(machine)
    assert (git(root, "status", "--porcelain"), git(root, "rev-parse", "HEAD")) == before
    assert git(shared.bare, "rev-list", "--count", BRANCH) == "1"


def machine_in(root):
    """The receipts of a clone that is there already."""
    return Branch(remote_of(root, "origin"), BRANCH, open_ledger(root / ".tenantctl"), ENVIRONMENT)


@pytest.mark.thorough
def test_an_older_receipt_that_comes_later_is_not_the_last(ada, bob):
    ada.ledger.write_receipt(receipt(1))
    push(ada)
    bob.ledger.write_receipt(receipt(2))
    fetch(bob)
    assert bob.ledger.receipt("hearth", "dev") == receipt(2)
    assert next(bob.ledger.history("hearth", "dev"))[0] > "20261121T015200"


def test_only_receipts_that_tell_what_is_ours_become_the_last(ada, bob):
    ada.ledger.write_receipt(receipt(1))
    ada.ledger.write_receipt(receipt(2, kind="other"))
    push(ada)
    fetch(bob)
    assert bob.ledger.receipt("hearth", "dev") == receipt(1)


def test_a_machine_that_has_lost_its_receipts_has_them_again(ada):
    for minutes in (1, 2):
        ada.ledger.write_receipt(receipt(minutes))
    push(ada)
    before = files_of(ada)
    folder = ada.ledger.state / "receipts" / "hearth" / "dev"
    for path in folder.iterdir():
        path.unlink()
    assert fetch(ada).count == 2
    assert files_of(ada) == before
    assert ada.ledger.receipt("hearth", "dev") == receipt(2)


@pytest.mark.thorough
def test_where_only_the_last_receipt_is_lost_the_newest_of_all_takes_its_place(ada):
    ada.ledger.write_receipt(receipt(1))
    push(ada)
    ada.ledger.write_receipt(receipt(2))
    (ada.ledger.state / "receipts" / "hearth" / "dev" / "last.json").unlink()
    fetch(ada)
    assert ada.ledger.receipt("hearth", "dev") == receipt(2)


@pytest.mark.thorough
def test_whoever_stops_a_fetch_halfway_has_the_newest_receipt_in_force(ada, bob, monkeypatch):
    bob.ledger.write_receipt(receipt(0))
    for minutes in (1, 2, 3):
        ada.ledger.write_receipt(receipt(minutes))
    push(ada)
    keep, kept = branch._keep, []

    def interrupted(*arguments):
        if len(kept) == 2:
            raise KeyboardInterrupt
        kept.append(keep(*arguments))
        return kept[-1]

    monkeypatch.setattr(branch, "_keep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fetch(bob)
    monkeypatch.undo()
    assert fetch(bob).count == 1
    assert bob.ledger.receipt("hearth", "dev") == receipt(3)


def test_a_file_that_a_power_cut_left_empty_is_fetched_again(ada):
    path = ada.ledger.write_receipt(receipt(1))
    push(ada)
    text = path.read_text()
    path.write_text("")
    assert fetch(ada).count == 1
    assert path.read_text() == text


@pytest.mark.thorough
def test_of_tests_the_newest_counts_whoever_pushes_first(ada, bob):
    ada.ledger.write_test(proven(5, passed=False))
    bob.ledger.write_test(proven(9, passed=True))
    push(bob)
    push(ada)
    for machine in (ada, bob):
        fetch(machine)
    assert ada.ledger.tests("hearth", "dev") == (proven(9, passed=True),)
    ada.ledger.write_test(proven(11, passed=False))
    push(ada)
    fetch(bob)
    assert bob.ledger.tests("hearth", "dev") == (proven(11, passed=False),)


def test_what_a_plan_fetches_of_tests_are_the_last_that_ran_whatever_their_names(ada, bob):
    names = [mark * 64 for mark in "f94210"]
    for number, digest in enumerate(names):
        ada.ledger.write_test(dataclasses.replace(proven(number, passed=True), digest=digest))
        push(ada)
    assert fetch(bob, most=3).count == 3
    assert [each.digest for each in bob.ledger.tests("hearth", "dev")] == names[-3:]


@pytest.mark.thorough
def test_names_of_earlier_versions_give_way_to_names_that_cannot_collide(ada, bob):
    for machine, status in ((ada, "converged"), (bob, "partial")):
        folder = machine.ledger.state / "receipts" / "hearth" / "dev"
        folder.mkdir(parents=True)
        old = folder / "20261121T0151000000000-0001.json"
        old.write_text(dump_receipt(receipt(1, status=status)))
    for machine in (ada, bob, ada):
        push(machine)
        fetch(machine)
    assert files_of(ada) == files_of(bob)
    assert {each.status for _, each in bob.ledger.history("hearth", "dev")} == {
        "converged",
        "partial",
    }


@pytest.mark.thorough
@pytest.mark.parametrize("times", mostly([8, 20], fast=1))
def test_two_clones_that_push_many_times_at_once_lose_nothing(shared, ada, bob, times):
    def work(machine, first):
        for number in range(times):
            machine.ledger.write_receipt(receipt(first + number))
            push(machine)

    threads = [threading.Thread(target=work, args=each) for each in ((ada, 0), (bob, 100))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(shared.listed()) == 2 * times
    fetch(ada)
    fetch(bob)
    assert len(files_of(ada)) == 2 * times
    assert files_of(ada) == files_of(bob)


@pytest.mark.thorough
def test_a_machine_that_everybody_is_faster_than_says_so_and_keeps_its_receipt(shared, ada):
    hook = shared.bare / "hooks" / "update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'failed to update ref' >&2; exit 1\n")
    hook.chmod(0o755)
    path = ada.ledger.write_receipt(RECEIPT)
    with pytest.raises(LedgerError, match="took nothing: "):
        push(ada)
    assert path.exists()


STEPS = st.lists(
    st.tuples(
        st.sampled_from("abc"), st.sampled_from(("receipt", "test", "word", "push", "fetch"))
    ),
    min_size=4,
    max_size=8,
)


@pytest.mark.thorough
@settings(max_examples=3, deadline=None, phases=[Phase.generate])
@given(steps=STEPS)
def test_whatever_the_order_of_pushes_and_fetches_all_end_with_the_same(tmp_path_factory, steps):
    shared = team(tmp_path_factory.mktemp("law") / "team")
    machines = {name: shared.machine(name) for name in "abc"}
    for number, (name, verb) in enumerate(steps):
        machine = machines[name]
        if verb == "receipt":
            machine.ledger.write_receipt(receipt(number))
        elif verb == "test":
            machine.ledger.write_test(proven(number, passed=bool(number % 2)))
        elif verb == "word":
            machine.ledger.write_record(stated(number))
        elif verb == "push":
            push(machine)
        else:
            fetch(machine)
    for machine in machines.values():
        push(machine)
    for machine in machines.values():
        fetch(machine)
    told = [n for n, (_, verb) in enumerate(steps) if verb == "receipt"]
    words = sum(verb == "word" for _, verb in steps)
    last = receipt(max(told)) if told else None
    ends = [files_of(machine) for machine in machines.values()]
    assert ends[0] == ends[1] == ends[2]
    assert sum("attestations" in path for path in ends[0]) == words
    assert sum("receipts" in path for path in ends[0]) == len(told)
    assert [machine.ledger.receipt("hearth", "dev") for machine in machines.values()] == [last] * 3


@pytest.mark.thorough
def test_a_branch_of_many_receipts_costs_a_plan_little(ada, bob):
    texts = [dump_record(receipt(number)) for number in range(500)]
    files = {
        f"hearth/dev/receipts/{name_of(receipt(number), text)}": text.encode()
        for number, text in enumerate(texts)
    }
    made = commit(ada.remote, "", files, "many", "ada")
    git(ada.remote.top, "push", "-q", "origin", f"{made}:refs/heads/{BRANCH}")
    tip = update(bob)
    assert take(bob, tip, NOW, most=FRESH).count == FRESH
    assert bob.ledger.receipt("hearth", "dev") == receipt(499)
    before = time.process_time()
    assert take(bob, tip, NOW, most=FRESH).count == 0
    assert send(bob, NOW, "bob").count == 0
    assert time.process_time() - before < 0.5
    assert take(bob, tip, NOW).count == 500 - FRESH


@pytest.mark.thorough
def test_how_far_two_are_apart_can_be_asked_and_changes_nothing(ada, bob):
    ada.ledger.write_receipt(receipt(1))
    ada.ledger.write_receipt(receipt(2))
    push(ada)
    bob.ledger.write_test(proven(3, passed=True))
    for _ in range(2):
        assert standing(bob, update(bob), NOW) == Standing(there=2, here=1)
    assert standing(ada, update(ada), NOW) == Standing(there=0, here=0)


def test_programs_of_the_repository_do_not_run(shared, ada, tmp_path):
    ran = tmp_path / "ran"
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("pre-push", "reference-transaction", "post-update"):
        (hooks / name).write_text(f"#!/bin/sh\necho {name} >> {ran}\n")
        (hooks / name).chmod(0o755)
    git(ada.remote.top, "config", "core.hooksPath", str(hooks))
    git(ada.remote.top, "config", "core.fsmonitor", str(hooks / "post-update"))
    ada.ledger.write_receipt(RECEIPT)
    push(ada)
    fetch(ada)
    assert shared.listed()
    assert not ran.exists()


def test_a_remote_that_is_a_program_is_not_run(ada, tmp_path):
    ran = tmp_path / "ran"
    git(ada.remote.top, "remote", "set-url", "origin", f"ext::touch {ran}")
    with pytest.raises(LedgerError, match="transport 'ext' not allowed"):
        update(ada)
    assert not ran.exists()


def test_a_password_in_the_address_of_a_remote_is_never_shown(ada, monkeypatch):
    monkeypatch.setattr(branch, "PAUSES", ())
    address = "http://ada:hunter2@127.0.0.1:1/shop.git"
    git(ada.remote.top, "remote", "set-url", "origin", address)
    ada.ledger.write_receipt(RECEIPT)
    for job in (update, push):
        with pytest.raises(LedgerError) as caught:
            job(ada)
        assert "127.0.0.1:1" in caught.value.message
        assert "hunter2" not in caught.value.message + caught.value.help


@pytest.mark.parametrize("name", ["ada:hunter2", "hunter2", "x-token:hunter2", "ada:hu@nter2"])
def test_whatever_git_says_of_an_address_what_signs_in_is_taken_out(name):
    said = f"remote: x\nfatal: unable to access 'https://{name}@host.example/a.git/': 403\nhint: y"
    assert _clean(said) == "unable to access 'https://host.example/a.git/': 403 (it says: x)"


def test_where_ssh_says_why_that_is_told_and_not_that_there_was_nothing_to_read():
    said = "git@host.example: Permission denied (publickey).\r\n"
    said += "fatal: Could not read from remote repository.\n\nPlease make sure you have access"
    assert _clean(said) == "git@host.example: Permission denied (publickey)"


def test_why_a_hook_of_the_remote_declines_is_told(shared, ada):
    hook = shared.bare / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho; echo 'no room left for ada' >&2; exit 1\n")
    hook.chmod(0o755)
    ada.ledger.write_receipt(RECEIPT)
    with pytest.raises(LedgerError, match=r"hook declined\) \(it says: no room left for ada\)"):
        push(ada)


@pytest.mark.thorough
def test_a_remote_that_never_answers_is_given_up(ada, monkeypatch):
    monkeypatch.setenv("GIT_SSH_COMMAND", "sleep 60;")
    git(ada.remote.top, "remote", "set-url", "origin", "ssh://127.0.0.1/shop.git")
    before = time.monotonic()
    said = ask(ada.remote, "ls-remote", "origin", patience=0.5)
    assert said.error == "it took more than 0.5 seconds"
    assert time.monotonic() - before < 10


@pytest.mark.thorough
def test_what_git_has_started_ends_with_it_where_no_tool_lists_processes(ada, monkeypatch):
    survived = ada.remote.top / "survived"
    monkeypatch.setenv("GIT_SSH_COMMAND", f"sleep 1; echo > {survived};")
    monkeypatch.setenv("GIT_SSH_VARIANT", "ssh")  # else it is asked for first, without our pipes
    monkeypatch.setenv("PATH", str(only(ada.remote.top / "bin", "git", "sh", "sleep")))
    git(ada.remote.top, "remote", "set-url", "origin", "ssh://127.0.0.1/shop.git")
    said = ask(ada.remote, "ls-remote", "origin", patience=0.3)
    assert said.error == "it took more than 0.3 seconds"
    time.sleep(1.2)
    assert not survived.exists()


def test_who_has_a_git_of_long_ago_is_told_which_one_it_takes(shared, ada, monkeypatch):
    ada.ledger.write_receipt(RECEIPT)
    push(ada)
    old = only(ada.remote.top / "bin", "sh") / "git"
    old.write_text(
        '#!/bin/sh\ncase "$*" in *--no-write-fetch-head*)\n'
        f'echo "error: unknown option" >&2; exit 129;; esac\nexec {shutil.which("git")} "$@"\n'
    )
    old.chmod(0o755)
    bob = shared.machine("bob")
    monkeypatch.setenv("PATH", str(old.parent))
    with pytest.raises(LedgerError) as caught:
        update(bob)
    assert "Git 2.29 or later" in caught.value.help
    desk = Desk(bob.remote, BRANCH, "shop.eu.auth0.com", "shop/prod")
    git(ada.remote.top, "push", "-q", "origin", f"{ada.ref}:{desk.ref}")
    with pytest.raises(LedgerError) as caught:
        look(desk)
    assert "Git 2.29 or later" in caught.value.help


def only(folder, *names):
    """A folder of these programs alone, as in a container without procps."""
    folder.mkdir()
    for name in names:
        (folder / name).symlink_to(shutil.which(name))
    return folder


def test_a_clone_that_brings_files_one_by_one_gets_all_receipts_at_once(shared, ada, monkeypatch):
    for number in range(5):
        ada.ledger.write_receipt(receipt(number))
    push(ada)
    git(shared.bare, "config", "uploadpack.allowFilter", "true")
    address = f"file://{shared.bare}"
    git(shared.folder, "clone", "-q", "--filter=blob:none", "--no-checkout", address, "partial")
    trace = shared.folder / "trace"
    monkeypatch.setenv("GIT_TRACE", str(trace))
    assert fetch(machine_in(shared.folder / "partial")).count == 5
    assert trace.read_text().count("built-in: git fetch") == 1


def test_a_branch_that_only_ends_like_ours_is_not_taken_for_it(shared, ada):
    made = commit(ada.remote, "", {"x": b"x"}, "x", "x")
    other = f"refs/heads/a/refs/heads/{BRANCH}"
    git(ada.remote.top, "push", "-q", "origin", f"{made}:{other}")
    assert update(ada) == ""
    ada.ledger.write_receipt(RECEIPT)
    assert push(ada).count == 1
    assert update(ada) == git(shared.bare, "rev-parse", BRANCH)


def test_git_is_not_asked_in_a_folder_where_it_refuses_to_work(shared, monkeypatch):
    root = shared.project("ada").root
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(LedgerError, match="belongs to another user") as caught:
        remote_of(root, "origin")
    assert f"git config --global --add safe.directory {root}" in caught.value.help


@pytest.mark.thorough
def test_a_remote_that_is_away_for_a_moment_costs_no_receipt(shared, ada, monkeypatch):
    monkeypatch.setattr(branch, "PAUSES", (0.0, 1.0))
    ada.ledger.write_receipt(RECEIPT)
    away = shared.bare.rename(shared.folder / "away.git")
    timer = threading.Timer(0.5, lambda: away.rename(shared.bare))
    timer.start()
    assert push(ada).count == 1
    timer.join()


def test_outside_git_and_without_that_remote_the_way_out_is_said(ada, tmp_path):
    with pytest.raises(LedgerError, match="is in no Git repository") as caught:
        remote_of(tmp_path, "origin")
    assert "take `receipts` out" in caught.value.help
    with pytest.raises(LedgerError, match="none of that name here") as caught:
        remote_of(ada.remote.top, "backup")
    assert "git remote add backup URL" in caught.value.help


@pytest.mark.thorough
def test_a_work_tree_beside_the_clone_shares_over_the_same_remote(shared):
    root = shared.project("ada").root
    git(root, "worktree", "add", "-q", str(root.parent / "tree"), "-b", "tree")
    machine = machine_in(root.parent / "tree")
    machine.ledger.write_receipt(RECEIPT)
    assert push(machine).count == 1
    assert machine.ledger.signer(RECEIPT) == ""


def test_a_branch_that_has_moved_below_its_own_name_is_fetched(shared, ada):
    ada.ledger.write_receipt(RECEIPT)
    push(ada)
    made = git(shared.bare, "rev-parse", BRANCH)
    git(shared.bare, "update-ref", "-d", f"refs/heads/{BRANCH}")
    git(shared.bare, "update-ref", f"refs/heads/{BRANCH}/shop", made)
    assert update(dataclasses.replace(ada, name=f"{BRANCH}/shop")) == made


def test_several_commands_may_fetch_into_one_shallow_clone_at_once(shared, ada):
    shared.project("first")
    ada.ledger.write_receipt(RECEIPT)
    push(ada)
    address = f"file://{shared.bare}"
    git(shared.folder, "clone", "-q", "--depth", "1", "-b", "main", address, "shallow")
    found = []

    def ask_for_it():
        try:
            found.append(update(machine_in(shared.folder / "shallow")))
        except LedgerError as error:
            found.append(error.message)

    threads = [threading.Thread(target=ask_for_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == [git(shared.bare, "rev-parse", BRANCH)] * 4


def test_a_branch_that_is_in_the_way_is_named(shared, ada):
    made = commit(ada.remote, "", {"x": b"x"}, "x", "x")
    git(ada.remote.top, "push", "-q", "origin", f"{made}:refs/heads/tenantctl")
    ada.ledger.write_receipt(RECEIPT)
    with pytest.raises(LedgerError, match="has a branch tenantctl, which is in the way") as caught:
        push(ada)
    assert "receipts: branch" in caught.value.help
    assert shared.bare.is_dir()


@pytest.mark.thorough
def test_a_shallow_clone_such_as_pipelines_make_fetches_and_pushes(shared, ada, monkeypatch):
    monkeypatch.setattr(branch, "DEPTH", 2)
    shared.project("first")
    for number in range(4):
        ada.ledger.write_receipt(receipt(number))
        push(ada)
    address = f"file://{shared.bare}"
    git(shared.folder, "clone", "-q", "--depth", "1", "-b", "main", address, "shallow")
    machine = machine_in(shared.folder / "shallow")
    machine.ledger.write_receipt(receipt(9))
    assert fetch(machine).count == 4
    assert git(machine.remote.top, "rev-list", "--count", machine.ref) == "2"
    assert push(machine).count == 1
    assert fetch(ada).count == 1
    assert files_of(ada) == files_of(machine)
    ada.ledger.write_test(proven(10, passed=True))
    push(ada)
    assert fetch(machine, most=1).count == 1
    assert git(shared.bare, "rev-list", "--count", BRANCH) == "6"
