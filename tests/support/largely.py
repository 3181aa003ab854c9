"""What only campaigns try: more of the same, where a few cases show it as well."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def mostly(values: Iterable[Any], *, fast: int) -> list[Any]:
    """*values* as parameters; those after the first *fast* only in `make campaign`.

    A tuple is the values of several parameters.
    """
    rows = [value if isinstance(value, tuple) else (value,) for value in values]
    return [
        pytest.param(*row, marks=() if number < fast else pytest.mark.campaign)
        for number, row in enumerate(rows)
    ]
