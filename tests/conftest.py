"""What every area of the tests shares."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest
from hypothesis import settings

CI = bool(os.environ.get("CI"))
MEMORY = Path("/dev/shm")
ROOM = 2 * 2**30
"""Bytes that the folders of all tests may come to at once."""

# A busy machine is no counter-example, so there is no deadline.
settings.register_profile("thorough", deadline=None, derandomize=CI)
settings.register_profile("quick", settings.get_profile("thorough"), max_examples=30)
settings.load_profile("thorough" if CI else "quick")


def pytest_configure() -> None:
    """Folders of tests are in memory where it has room: receipts and tenants wait for the disk.

    Programs that tests interrupt hear it, also where whoever runs the tests in the background does
    not: what is ignored is inherited.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if (
        MEMORY.is_dir()
        and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
        and shutil.disk_usage(MEMORY).free > ROOM
    ):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """
    The measurement material beside the repository, which is not ours to ship.

    A working copy without it skips. Under CI a skip would hide that nothing was measured, so there
    it fails; hosted runners check out this repository alone and cannot have it.
    """
    if SHARED.is_dir():
        return SHARED
    if CI and not os.environ.get("GITHUB_ACTIONS"):
        pytest.fail(f"{SHARED} is missing, and CI must not skip what needs it")
    pytest.skip(f"needs the measurement material in {SHARED}")
