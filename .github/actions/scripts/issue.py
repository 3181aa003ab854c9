"""One issue for each environment that has drifted: opened, kept up to date, closed when it is over.

That it could not be posted is a warning, but of drift: nobody looks at a run that is green.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from github import Repository, body_of, is_ours, posted, run_link
from runner import Failed, finish, given, output


def main() -> None:
    became = posted(_keep, "the issue was not kept up to date")
    output(issue=became)
    if became == "failed" and given("DRIFTED") == "true":
        target = given("TARGET")
        raise Failed("failed", f"{target} has drifted, and no issue says so; its summary does")


def _keep() -> str:
    """What became of the issue: opened, updated, unchanged, closed, or none."""
    target, label, drifted = given("TARGET"), given("LABEL", "drift"), given("DRIFTED")
    if drifted not in {"true", "false"}:
        return "none"  # nobody could tell; what the issue said last still holds
    marker = f"<!-- tenantctl:drift:{target} -->"
    repository = Repository(os.environ["GITHUB_REPOSITORY"], given("TOKEN"))
    issue = _open(repository, label, marker)
    if drifted == "false":
        return _close(repository, issue) if issue else "none"
    body = body_of(marker, Path(given("BODY_FILE")).read_text(encoding="utf-8"), run_link())
    if issue is None:
        new = {"title": f"Drift: {target}", "body": body, "labels": [label]}
        repository.call("POST", "/issues", new)
        return "opened"
    if issue["body"] == body:
        return "unchanged"
    repository.call("PATCH", f"/issues/{int(issue['number'])}", {"body": body})
    return "updated"


def _open(repository: Repository, label: str, marker: str) -> dict[str, Any] | None:
    """The open issue of this environment that we have written."""
    author = given("AUTHOR", "github-actions[bot]")
    found = repository.each(f"/issues?state=open&labels={quote(label)}")
    return next((each for each in found if is_ours(each, marker, author)), None)


def _close(repository: Repository, issue: dict[str, Any]) -> str:
    number = int(issue["number"])
    said = f"The tenant is as it was applied again: [run]({run_link()})."
    closed = {"state": "closed", "state_reason": "completed"}
    repository.call("PATCH", f"/issues/{number}", closed)
    repository.call("POST", f"/issues/{number}/comments", {"body": said})
    return "closed"


if __name__ == "__main__":
    raise SystemExit(finish(main))
