"""`make bench`: what it takes to see where both example companies stand, and to judge one."""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 7
ROOT = Path(__file__).parents[1]
COMPANIES = ("hearthhollow", "tallowbridge")
ENVIRONMENTS = ("dev", "qa", "prod")


def ran(folder: Path, *arguments: str) -> tuple[float, float]:
    """Seconds by the clock, and of CPU, that one command takes with all its processes."""
    environment = {**os.environ, "NO_COLOR": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "tenantctl", *arguments]
    ended = subprocess.run(  # noqa: S603 - our own command
        command, cwd=folder, env=environment, check=False, capture_output=True
    )
    spent, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if ended.returncode not in {0, 5}:
        raise SystemExit(ended.stderr.decode())
    return spent, (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def main() -> None:
    """Print every figure with its bound."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for tenant in COMPANIES:
            for kind in ("tenants", "environments"):
                shutil.copytree(ROOT / kind / tenant, folder / kind / tenant)
            for environment in ENVIRONMENTS:
                ran(folder, "plan", f"{tenant}/{environment}", "--out", "plan.json")
                ran(folder, "apply", "plan.json")
        for words, bound in (
            (("status",), "at most 2.0 s"),
            (("plan", "hearthhollow/dev"), ""),
            (("check", "tallowbridge/prod"), ""),
        ):
            ran(folder, *words)
            found = [ran(folder, *words) for _ in range(RUNS)]
            clock, cpu = (statistics.median(each) for each in zip(*found, strict=True))
            said = f"tenantctl {' '.join(words)}"
            print(f"{said:<45} {clock:5.2f} s by the clock, {cpu:5.2f} s of CPU   {bound}")


if __name__ == "__main__":
    main()
