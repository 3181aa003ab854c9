"""What tests of this folder are given."""

from __future__ import annotations

from support.applied import applied, applied_once, one_width, project

__all__ = ["applied", "applied_once", "one_width", "project"]
