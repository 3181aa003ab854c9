"""What tests of promotion are given."""

from __future__ import annotations

from pathlib import Path

import pytest

from promotion.small import small
from support.applied import one_width
from support.project import Project

__all__ = ["one_width"]


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    """A small project under Git; nothing has been applied."""
    root = tmp_path / "shop"
    root.mkdir()
    return small(root)
