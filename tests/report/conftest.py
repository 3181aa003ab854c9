"""What tests of this folder are given."""

from __future__ import annotations

from support.applied import project

__all__ = ["project"]
