"""The page on which a campaign writes down what it has seen."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PAGES = REPOSITORY / "docs" / "campaigns"


def commit() -> str:
    """The commit that is checked out, and whether the code or the tests differ from it."""
    head = _git("rev-parse", "--short=12", "HEAD")
    changed = _git("status", "--porcelain", "src", "tests", "tenants")
    return f"{head} with uncommitted changes" if changed else head


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(REPOSITORY), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def table(rows: Iterable[tuple[object, ...]]) -> str:
    """Rows as a Markdown table, the first being its head."""
    head, *rest = (f"| {' | '.join(map(str, row))} |" for row in rows)
    rule = "|" + " --- |" * (head.count("|") - 1)
    return "\n".join([head, rule, *rest])


def write_page(name: str, title: str, what: str, facts: Mapping[str, object], body: str) -> None:
    """Replace `docs/campaigns/<name>.md`; every page says how to repeat it."""
    PAGES.mkdir(parents=True, exist_ok=True)
    known = {**facts, "again": "`make campaign`"}
    listed = "\n".join(f"- {key}: {value}" for key, value in known.items())
    text = f"# {title}\n\n{what}\n\n{listed}\n\n{body}\n"
    (PAGES / f"{name}.md").write_text(text, encoding="utf-8")
