"""`--watch`: what has drifted, again and again in a terminal, until somebody ends it."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from drift.mallory import change
from support.project import Project
from support.shared import team
from tenantctl.cli.drifting import Asked, watch_one
from tenantctl.cli.wiring import project as wired

PATIENCE = 60.0
DEV = "environments/hearthhollow/dev.yaml"


@pytest.mark.thorough
def test_a_terminal_is_drawn_anew_and_ctrl_c_ends_it_well(applied: Project) -> None:
    """Files with a problem are told, and looked at again once somebody has mended them."""
    change(applied, ("PATCH", "/clients/{client Web Shop}", {"description": "mine now"}))
    whole = (applied.root / DEV).read_text()
    (applied.root / DEV).write_text("kind: nonsense\n" + whole)
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "tenantctl", "drift", "dev", "--watch", "5"]
    process = subprocess.Popen(
        [*command, "--chdir", str(applied.root)],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(follower)
    try:
        assert "kind" in _until(leader, "looking again in 5 s; Ctrl-C ends it.")
        (applied.root / DEV).write_text(whole)
        said = _until(leader, "a minute. Ctrl-C ends it.")
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
        os.close(leader)
    assert "\x1b[2J" in said
    assert "mine now" in said
    assert "requests a look, every 5 s" in said
    assert "Traceback" not in said


def _until(leader: int, words: str) -> str:
    """What a terminal shows until *words* have come, or it takes too long."""
    end, found = time.monotonic() + PATIENCE, ""
    while words not in found and time.monotonic() < end:
        if select.select([leader], [], [], 1.0)[0]:
            found += os.read(leader, 65536).decode("utf-8", "replace")
    assert words in found, found
    return found


@pytest.mark.thorough
def test_what_another_machine_applies_meanwhile_is_no_drift_and_a_lost_remote_ends_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shared = team(tmp_path / "team")
    ada, bob = shared.project("ada"), shared.project("bob")
    (ada.root / ".tenantctl/sandbox").mkdir(parents=True)
    (bob.root / ".tenantctl").mkdir()
    (bob.root / ".tenantctl/sandbox").symlink_to(ada.root / ".tenantctl/sandbox")
    ada.ok("apply", "dev", "--yes")
    said: list[str] = []

    def meanwhile(_: float) -> None:
        said.append("".join(capsys.readouterr()))
        match len(said):
            case 1:
                ada.edit("tenants/small/phase1/all.yaml", "name: Small", "name: Smaller")
                ada.ok("apply", "dev", "--yes")
                capsys.readouterr()
            case 2:
                shared.bare.rename(shared.folder / "gone.git")
                with ada.sandbox("dev", "small") as sandbox:
                    clients = sandbox.documents("clients").items()
                    ((id, shop),) = ((id, each) for id, each in clients if each["name"] == "Shop")
                    sandbox.put("clients", id, {**shop, "name": "Mine"})
            case _:
                raise KeyboardInterrupt

    assert watch_one(wired(bob.root), Asked("dev", watch=True), wait=meanwhile) == 0
    assert "No drift" in said[0]
    assert "the files ask for something else of tenant; that is no drift" in said[1]
    assert "could not be fetched" in said[2]
    assert "name: Shop -> Mine" in said[2]
    assert "were not pushed" in said[2]
