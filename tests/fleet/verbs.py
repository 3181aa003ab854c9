"""Verbs that end in other ways than those of the command line, for processes of their own."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from tenantctl.cli import terminal
from tenantctl.cli.many import Work, run_many
from tenantctl.workflows.several import Asked, choose, known_targets


def die(what: str, *, as_json: bool, chdir: Path) -> int:
    """Killed half-way for one tenant, done for the others."""
    assert as_json
    if what.startswith("alder"):
        sys.stdout.write('{"half": ')
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    terminal.out_json({"summary": f"{what} in {chdir.name}", "own": os.getpid()})
    return 0


def linger(what: str, *, as_json: bool, chdir: Path) -> int:
    """Stops as an apply does where it is asked to, and tells so."""
    assert as_json
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    (chdir / f"{what.replace('/', '-')}.begun").touch()
    while not stopped:
        time.sleep(0.01)
    terminal.out_json({"summary": "stopped in its own way"})
    return 130


def main(root: Path) -> int:
    """Linger for every environment of the project, two at once."""
    known = known_targets(root)
    targets = choose(known.targets, Asked())
    work = Work(linger, root, known, targets, lambda each: {"what": each.id}, jobs=2)
    return run_many(work, as_json=True)


if __name__ == "__main__":
    from fleet.verbs import main as run  # under the name that other processes know it by

    sys.exit(run(Path(sys.argv[1])))
