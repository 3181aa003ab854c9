"""What tests of this folder are given: a bare remote, with whatever clones they ask it for."""

from __future__ import annotations

import pytest

from support.applied import one_width
from support.shared import Team, team

__all__ = ["one_width", "shared"]


@pytest.fixture
def shared(tmp_path) -> Team:
    return team(tmp_path / "team")
