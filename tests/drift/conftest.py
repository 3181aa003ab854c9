"""What tests of drift are given: the shop with dev applied, and somebody who changes its tenant."""

from __future__ import annotations

from support.applied import applied, applied_once, one_width, project

__all__ = ["applied", "applied_once", "one_width", "project"]
