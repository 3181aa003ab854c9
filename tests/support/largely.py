"""What only the longer runs try: more of the same, where a few cases show it as well."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pytest


def mostly(
    values: Iterable[Any],
    *,
    fast: int | Collection[Any],
    rest: pytest.MarkDecorator = pytest.mark.campaign,
) -> list[Any]:
    """*values* as parameters; all but *fast*, the first so many or these, carry the mark *rest*.

    A tuple is the values of several parameters.
    """
    values = list(values)
    few = values[:fast] if isinstance(fast, int) else fast
    rows = [value if isinstance(value, tuple) else (value,) for value in values]
    return [
        pytest.param(*row, marks=() if value in few else rest)
        for value, row in zip(values, rows, strict=True)
    ]
