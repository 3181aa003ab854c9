"""What runs code in Node.js is itself tested there, file by file."""

from __future__ import annotations

import pytest

from testing.conftest import HARNESS

FILES = sorted(path.name for path in HARNESS.glob("*.test.mjs"))


def test_there_are_files_to_run():
    assert len(FILES) == 5


@pytest.mark.thorough
@pytest.mark.parametrize("file", FILES)
def test_every_test_of_a_file_passes(harness_ran, file):
    mine = [test for test in harness_ran.tests if test.file.endswith(f"/{file}")]
    assert mine
    assert [(t.name, t.detail) for t in mine if t.status != "passed"] == []
