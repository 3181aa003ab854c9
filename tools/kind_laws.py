"""
How often each law of kinds is tried, by kind: `python -m tools.kind_laws [--json]`.

The counts are those of the tables in `tests/kinds/laws`; `tests/kinds/test_laws_of_kinds.py` tries
every one of them, and fails where one does not hold.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

from tests.kinds.laws.table import counts


def as_text(found: Mapping[str, Mapping[str, int]]) -> str:
    """A line for each kind, and the sums."""
    laws = list(next(iter(found.values())))
    sums = {law: sum(row[law] for row in found.values()) for law in laws}
    rows = [("kind", *laws)]
    rows += [
        (kind, *(str(row[law]) for law in laws)) for kind, row in [*found.items(), ("all", sums)]
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "\n".join(lines)


def main() -> None:
    found = counts()
    print(json.dumps(found, indent=1) if "--json" in sys.argv[1:] else as_text(found))


if __name__ == "__main__":
    main()
