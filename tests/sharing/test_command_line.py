"""Receipts, leases and attestations through the command line, on two machines of a team."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

import pytest

from support.project import Project, command
from support.shared import BRANCH, DEV, git, team
from tenantctl.cli.locking import alone, desk_of
from tenantctl.cli.wiring import Project as Wired
from tenantctl.files import load, read_environment
from tenantctl.ledger import lease, open_ledger
from tenantctl.ledger.lease import held, look, release
from tenantctl.ledger.signing import make_pair
from tenantctl.sandbox import Fault
from tenantctl.workflows.facts import gather

ALL = "tenants/small/phase1/all.yaml"
OLD = "    old: {name: Old, app_type: spa}\n"


@pytest.fixture
def ada(shared) -> Project:
    return shared.project("ada")


@pytest.fixture
def bob(shared, ada) -> Project:
    assert ada.root.is_dir()  # who comes first brings the project
    return shared.project("bob")


@dataclass(frozen=True)
class Settled:
    """A machine that has applied, signed, in a pipeline, and attested; and one that has not."""

    ada: Project
    bob: Project
    public: str


@pytest.fixture(scope="module")
def settled(tmp_path_factory) -> Settled:
    shared = team(tmp_path_factory.mktemp("settled") / "team")
    ada, bob = shared.project("ada"), shared.project("bob")
    private, public = make_pair()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIGN", private)
        patch.setenv("GITHUB_ACTOR", "octocat")
        ada.edit(DEV, "lease: 30s", "sign: env:SIGN")
        ada.ok("apply", "dev", "--yes")
        ada.ok("attest", "dev", "privacy_review", "--reason", "looked \x1b[31m")
    ran = ada.ok("attest", "dev", "production_check")
    assert "receipts of small/dev are not signed: the environment variable SIGN" in ran.err
    return Settled(ada, bob, public)


def one_tenant(ada: Project, bob: Project) -> None:
    """The embedded tenant of the one machine is that of the other, too."""
    (ada.root / ".tenantctl" / "sandbox").mkdir(parents=True, exist_ok=True)
    (bob.root / ".tenantctl").mkdir(exist_ok=True)
    (bob.root / ".tenantctl" / "sandbox").symlink_to(ada.root / ".tenantctl" / "sandbox")


def slow(project: Project, seconds: float, nth=(1,)) -> None:
    with project.sandbox(tenant="small") as sandbox:
        sandbox.faults = [Fault("slow", "POST", "/clients", nth=nth, seconds=seconds)]


def desk(project: Project):
    return desk_of(Wired(project.root), read_environment(project.root, "small", "dev"))


@pytest.mark.thorough
def test_what_one_has_applied_another_may_delete(ada, bob):
    one_tenant(ada, bob)
    ada.ok("apply", "dev", "--yes")
    bob.edit(ALL, OLD, "")
    assert bob.steps("dev") == ["clients.old"]
    shutil.rmtree(bob.root / ".tenantctl" / "receipts")
    assert bob.steps("dev") == ["clients.old"]


@pytest.mark.thorough
def test_without_the_branch_nothing_is_known_to_be_ours_and_that_is_said(ada, bob, shared):
    one_tenant(ada, bob)
    ada.ok("apply", "dev", "--yes")
    git(shared.bare, "update-ref", "-d", f"refs/heads/{BRANCH}")
    bob.edit(ALL, OLD, "")
    ran = bob.ok("plan", "dev")
    assert "there is no receipt of an earlier apply. Nothing will be deleted" in " ".join(
        ran.out.split()
    )
    assert "Without receipts nothing is deleted" in bob.ok("receipts", "log", "dev").out


@pytest.mark.thorough
def test_a_saved_plan_is_stale_once_somebody_else_has_applied(ada, bob):
    one_tenant(ada, bob)
    saved = bob.root / "plan.json"
    bob.ok("plan", "dev", "--out", str(saved))
    ada.edit(ALL, "name: Old", "name: Older")
    ada.ok("apply", "dev", "--yes")
    ran = bob.run("apply", str(saved))
    assert ran.code == 3
    assert "was applied to at" in ran.err


def test_without_the_remote_a_plan_says_what_may_be_missing_and_an_apply_writes_nothing(
    ada, shared
):
    shared.bare.rename(shared.folder / "away.git")
    planned = ada.run("plan", "dev")
    assert planned.code == 0
    assert planned.err.count("note: receipts of small/dev could not be fetched") == 1
    said = " ".join(planned.out.split())
    assert "Deletes and secrets of what others have applied may be missing" in said
    ran = ada.run("apply", "dev", "--yes")
    assert ran.code == 1
    assert "the Git remote origin cannot be reached" in ran.err
    assert ada.ok("sandbox", "status", "dev", "--json").json["requests"].get("writes", 0) == 0


@pytest.mark.thorough
def test_outside_git_nothing_can_be_shared_and_the_way_out_is_said(ada):
    shutil.rmtree(ada.root / ".git")
    ran = ada.run("apply", "dev", "--yes")
    assert ran.code == 1
    assert "is in no Git repository" in ran.err
    assert "take `receipts` out of the environment file" in ran.err


@pytest.mark.thorough
def test_a_push_that_fails_after_an_apply_leaves_what_was_done_and_says_how_to_push(ada, shared):
    hook = shared.bare / "hooks" / "update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntest $1 != refs/heads/{BRANCH} || exit 1\n")
    hook.chmod(0o755)
    ran = ada.run("apply", "dev", "--yes")
    assert ran.code == 1
    assert "converged: " in ran.out
    assert "receipts of small/dev were not pushed: the Git remote origin took nothing" in ran.err
    assert "tenantctl receipts push small/dev" in ran.err
    hook.unlink()
    assert "1 receipt pushed" in ada.ok("receipts", "push", "small/dev").out
    assert len(shared.listed()) == 1


@pytest.mark.thorough
def test_the_lease_keeps_others_out_and_an_interrupt_releases_it(ada, bob):
    more = "".join(f"    more-{n}: {{name: More {n}, app_type: spa}}\n" for n in range(12))
    ada.edit(ALL, OLD, OLD + more)
    slow(ada, 4, nth=())
    line = [sys.executable, "-m", "tenantctl", "apply", "dev", "--yes", "-C", str(ada.root)]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        while look(desk(bob)) is None:
            time.sleep(0.3)
            assert process.poll() is None
        told = bob.ok("lock", "show", "dev", "--json").json
        late = bob.run("apply", "dev", "--yes")
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert told["lease"]["domain"] == "small-dev.sandbox.invalid"
    assert late.code == 75
    assert "small-dev.sandbox.invalid is locked by " in late.err
    assert "tenantctl lock release small/dev" in late.err
    assert process.returncode == 130, said
    assert look(desk(bob)) is None
    assert "nobody holds a lease" in bob.ok("lock", "show", "dev").out
    assert "apply: partial" in bob.ok("receipts", "log", "dev").out


ACTION = """
id_token_claims:
  actions:
    add-claims:
      code: "exports.onExecutePostLogin = async () => {};"
      supported_triggers: {post-login: v3}
      secrets: {KEY: !secret KEY}
"""


def test_no_secret_and_no_key_reaches_the_remote(ada, shared, monkeypatch):
    private, _ = make_pair()
    monkeypatch.setenv("SIGN", private)
    monkeypatch.setenv("CANARY", "c4n4ry-in-the-mine")
    ada.edit(DEV, "lease: 30s", "sign: env:SIGN")
    ada.edit(DEV, "phases: [1]", "phases: [1]\nsecrets: {KEY: {from: env:CANARY, version: 1}}")
    ada.edit("tenants/small/tenant.yaml", "_integration]", "_integration, id_token_claims]")
    ada.edit("tenants/small/tenant.yaml", "adopts:", "secrets: {KEY: {}}\nadopts:")
    (ada.root / ALL).write_text((ada.root / ALL).read_text() + ACTION.lstrip())
    ada.ok("apply", "dev", "--yes")
    ada.ok("attest", "dev", "privacy_review")
    there = git(shared.bare, "cat-file", "--batch-all-objects", "--batch", "--buffer")
    assert "actions.add-claims" in there
    assert "c4n4ry" not in there
    assert private.split("\n")[1] not in there


@pytest.mark.thorough
def test_an_apply_that_loses_its_lease_stops_and_writes_down_what_it_did(ada, bob):
    ada.edit(DEV, "lease: 30s", "lease: 2s")
    more = "".join(f"    more-{n}: {{name: More {n}, app_type: spa}}\n" for n in range(12))
    ada.edit(ALL, OLD, OLD + more)
    slow(ada, 2, nth=())
    thieves = []

    def steal():
        end = time.monotonic() + 20
        while not thieves and time.monotonic() < end:
            if found := look(desk(bob)):
                release(desk(bob), found)
                thieves.append(found)
            time.sleep(0.05)

    thread = threading.Thread(target=steal)
    thread.start()
    ran = ada.run("apply", "dev", "--yes")
    thread.join(30)
    assert ran.code == 75
    assert "the lease of small-dev.sandbox.invalid was lost: somebody has released it" in ran.err
    assert "tenantctl lock show small/dev" in ran.err
    (receipt,) = bob.ok("receipts", "log", "dev", "--json").json["receipts"]
    assert receipt["status"] == "partial"
    assert "not started: the run was stopped" in ran.out


@pytest.mark.thorough
def test_an_apply_whose_lease_has_ended_while_the_tenant_was_read_writes_nothing(ada, monkeypatch):
    monkeypatch.setattr(lease.Held, "renew", lambda _: None)  # as of a machine that was asleep
    saved = str(ada.root / "plan.json")
    ada.edit(DEV, "lease: 30s", "lease: 2s")
    ada.ok("plan", "dev", "--out", saved)
    with ada.sandbox(tenant="small") as sandbox:
        sandbox.faults = [Fault("slow", "GET", "/clients", nth=(1,), seconds=2.5)]
    ran = ada.run("apply", saved)
    assert ran.code == 75
    assert "was lost: it ended before it could be renewed" in ran.err
    assert ada.writes() == 0


@pytest.mark.thorough
def test_who_has_patience_waits_for_the_lease(ada, bob):
    with held(desk(bob), 30, print):
        timer = threading.Timer(1.0, lambda: release(desk(bob), look(desk(bob))))
        timer.start()
        ran = ada.run("apply", "dev", "--yes", "--lock-timeout", "30s")
        timer.join()
    assert ran.code == 0
    assert "waiting for at most 30 s" in ran.err
    assert ada.run("apply", "dev", "--yes", "--lock-timeout", "soon").code == 64


def test_who_is_told_to_end_while_the_tenant_is_read_releases_the_lease(ada):
    environment = read_environment(ada.root, "small", "dev")
    before = signal.getsignal(signal.SIGTERM)

    def read():
        with alone(Wired(ada.root), environment):
            assert look(desk(ada)) is not None
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)

    with pytest.raises(KeyboardInterrupt):
        read()
    assert look(desk(ada)) is None
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.thorough
def test_a_lease_is_released_by_command_and_only_who_says_so_ends_a_run(ada, bob):
    with held(desk(ada), 30, print):
        ran = bob.run("lock", "release", "dev")
        assert ran.code == 64
        assert "give --yes to release it all the same" in ran.err
        assert "released: " in bob.ok("lock", "release", "dev", "--yes").out
    assert "nobody holds a lease" in bob.ok("lock", "release", "dev").out


def test_the_log_says_who_acted_who_signed_and_whether_the_files_trust_them(settled):
    said = settled.bob.ok("receipts", "log", "dev").out
    assert f"by octocat of commit {git(settled.ada.root, 'rev-parse', 'HEAD')[:12]}" in said
    assert said.count(f"signed by {settled.public[:20]}\n") == 2
    assert said.count("unsigned") == 1
    old = "receipts: {remote: origin, lease: 30s}"
    new = old[:-1] + f", trust: ['{settled.public}']}}"
    settled.bob.edit(DEV, old, new)
    lines = settled.bob.ok("receipts", "log", "dev", "--json").json["receipts"]
    settled.bob.edit(DEV, new, old)
    found = [(each["kind"], each["trusted"], each["signed_by"]) for each in lines]
    signed = [("attestation", True, settled.public), ("apply", True, settled.public)]
    assert found == [("attestation", False, ""), *signed]


def test_a_key_that_cannot_sign_is_said_before_anything_is_written(ada, monkeypatch):
    monkeypatch.setenv("SIGN", "hunter2")
    ada.edit(DEV, "lease: 30s", "sign: env:SIGN")
    ran = ada.run("apply", "dev", "--yes")
    assert ran.code == 1
    assert "no private key for Ed25519" in ran.err
    assert "hunter2" not in ran.err + ran.out
    assert ada.ok("sandbox", "status", "dev", "--json").json["requests"].get("writes", 0) == 0


def test_receipts_are_shown_by_name_or_how_it_begins(settled):
    document = settled.ada.ok("receipts", "log", "dev", "--json").json
    _, stated, applied = [each["name"] for each in document["receipts"]]
    shown = settled.ada.ok("receipts", "show", "dev", stated)
    assert "about: privacy_review" in shown.out
    assert "reason: looked \\x1b[31m" in shown.out
    told = settled.ada.ok("receipts", "show", "dev", applied[:-2], "--json").json
    assert (document["format"], told["type"]) == (1, "receipt")
    assert "clients.shop" in told["receipt"]["entries"]
    said = settled.ada.ok("receipts", "show", "dev", applied).out
    assert "converged" in said
    assert f"{applied}: signed by {settled.public[:20]}" in said
    assert "3 receipts have names" in settled.ada.run("receipts", "show", "dev", "2026").err
    assert settled.ada.run("receipts", "show", "dev", "x").code == 64


def test_a_damaged_receipt_is_a_line_of_the_log_with_what_is_wrong(settled):
    folder = settled.ada.root / ".tenantctl" / "receipts" / "small" / "dev"
    (path,) = [path for path in folder.iterdir() if path.name != "last.json"]
    text = path.read_text()
    path.write_text(text.replace("Old", "Odd"))
    assert "the checksum does not fit" in settled.ada.ok("receipts", "log", "dev").out
    ran = settled.ada.run("receipts", "show", "dev", path.stem)
    path.write_text(text)
    assert ran.code == 64
    assert f"delete {path}" in ran.err


def test_fetch_and_push_tell_what_has_moved(settled):
    shutil.rmtree(settled.bob.root / ".tenantctl", ignore_errors=True)
    assert settled.bob.ok("receipts", "fetch").out == "small/dev: 3 receipts fetched\n"
    assert settled.bob.ok("receipts", "push", "dev", "--json").json["environments"] == [
        {"environment": "small/dev", "pushed": 0, "left_out": []}
    ]


@pytest.mark.thorough
def test_where_nothing_is_shared_nothing_is_asked_of_git(ada):
    ada.edit(DEV, "receipts: {remote: origin, lease: 30s}\n", "")
    shutil.rmtree(ada.root / ".git")
    ada.ok("apply", "dev", "--yes")
    ran = ada.run("receipts", "push", "dev")
    assert ran.code == 64
    assert "receipts: {remote: origin}" in ran.err
    assert (
        "not known, receipts of this environment are not shared"
        in ada.ok("lock", "show", "dev").out
    )


def test_what_is_attested_by_command_counts_for_others_too(settled):
    for wrong in (["privacy_reviewed"], ["privacy_review", "--link", "wiki"]):
        assert settled.ada.run("attest", "dev", *wrong).code == 64
    assert settled.ada.run("attest", "dev", "privacy_review", "--until", "2020-01-01").code == 64
    assert 'did you mean "privacy_review"?' in settled.ada.run("attest", "dev", "privacyreview").err
    settled.bob.ok("receipts", "fetch", "dev")
    assert attested(settled.bob) == ["privacy_review", "production_check"]


def attested(project: Project) -> list[str]:
    """What checks are told, asked of the files and the ledger alone."""
    loaded = load(project.root, "small", "dev")
    now = dt.datetime.now(dt.UTC).date()
    facts = gather(loaded, project.root, open_ledger(project.root / ".tenantctl"), now)
    return [each.name for each in facts.attestations]


def test_the_key_is_for_its_owner_alone_and_nothing_is_overwritten(tmp_path):
    out = tmp_path / "key.pem"
    ran = command("receipts", "key", "--out", str(out))
    assert ran.code == 0
    assert ran.out.startswith("ed25519:")
    assert out.stat().st_mode & 0o777 == 0o600
    before = out.read_text()
    assert "PRIVATE KEY" in before
    assert "PRIVATE KEY" not in ran.out + ran.err
    assert command("receipts", "key", "--out", str(out)).code == 64
    assert out.read_text() == before
    told = command("receipts", "key", "--out", str(tmp_path / "other.pem"), "--json")
    assert set(json.loads(told.out)) == {"format", "type", "public", "private"}
