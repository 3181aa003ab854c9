"""
Brings the table in docs/sandbox-fidelity.md up to date: where the sandbox answers recorded requests
otherwise than Auth0 did.

`python -m tools.sandbox_fidelity` writes, keeping the reasons of what still differs in the same
way; a new difference gets the reason `?`, which a person replaces. `--check` exits 1 where the
table is not what would be written. Needs the measurement material beside the repository.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.replays import SHARED, Exchange, replayed

PAGE = Path(__file__).resolve().parents[1] / "docs" / "sandbox-fidelity.md"
HEAD = "| request | recordings | requests | what differs | why |"
RULE = "| --- | ---: | ---: | --- | --- |"
UNEXPLAINED = "?"
_VALUES = re.compile(r"^(?P<place>.*?): (?:set .* != .*|.* != .*|id .*|object .*)$", re.DOTALL)

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """Recorded requests to one endpoint which all are answered differently in the same way."""

    endpoint: str
    recordings: int
    requests: int
    difference: str
    reason: str

    @property
    def key(self) -> Key:
        return self.endpoint, self.difference

    def line(self) -> str:
        what = f"`{self.difference}`"
        cells = (f"`{self.endpoint}`", str(self.recordings), str(self.requests), what, self.reason)
        return f"| {' | '.join(cells)} |"


def main(arguments: list[str]) -> int:
    """Writes or checks the page; 1 where a check fails, else 0."""
    old = PAGE.read_text(encoding="utf-8")
    reasons = {row.key: row.reason for row in read_rows(old)}
    text = rewritten(old, observed(replayed(SHARED), reasons))
    if "--check" in arguments:
        return 0 if old == text else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


def observed(exchanges: Iterable[Exchange], reasons: dict[Key, str]) -> list[Row]:
    """A row per endpoint and difference, most frequent first."""
    found: dict[Key, list[str]] = {}
    for exchange in exchanges:
        if exchange.differences:
            key = exchange.endpoint, difference(exchange)
            found.setdefault(key, []).append(exchange.recording)
    rows = [
        Row(endpoint, len(set(names)), len(names), what, reasons.get((endpoint, what), UNEXPLAINED))
        for (endpoint, what), names in found.items()
    ]
    return sorted(rows, key=lambda row: (-row.requests, row.key))


def difference(exchange: Exchange) -> str:
    """The places that differ and how, without the values: `.options.gateway_url unexpected`."""
    return ", ".join(sorted({_place(each) for each in exchange.differences}))


def read_rows(page: str) -> Iterator[Row]:
    """The rows of the table as they are written down."""
    _, table, _ = _split(page)
    for line in table:
        endpoint, recordings, requests, what, reason = (
            cell.strip() for cell in line.strip().strip("|").split("|")
        )
        yield Row(endpoint.strip("`"), int(recordings), int(requests), what.strip("`"), reason)


def rewritten(page: str, rows: Iterable[Row]) -> str:
    before, _, after = _split(page)
    return "\n".join([*before, HEAD, RULE, *(row.line() for row in rows), *after]) + "\n"


def _split(page: str) -> tuple[list[str], list[str], list[str]]:
    """The lines before the table, its rows, and the lines after it."""
    lines = page.splitlines()
    start = lines.index(HEAD)
    end = start + 2
    while end < len(lines) and lines[end].startswith("|"):
        end += 1
    return lines[:start], lines[start + 2 : end], lines[end:]


def _place(error: str) -> str:
    if error.startswith("status "):
        return error.replace("!=", "became")
    found = _VALUES.match(error)
    text = f"{found['place']} differs" if found else error.replace(": ", " ", 1)
    return text.replace("unexpected key", "unexpected").replace("|", "/").replace("`", "'")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
