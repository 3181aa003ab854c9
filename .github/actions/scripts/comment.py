"""One comment on a pull request for each environment, written once and then kept up to date.

That it could not be posted is a warning: the plan counts, not the comment.
"""

from __future__ import annotations

import os
from pathlib import Path

from github import Repository, body_of, is_ours, posted, run_link
from runner import finish, given, output


def main() -> None:
    output(posted=posted(_post, "the comment was not posted"))


def _post() -> str:
    """What became of the comment: created, updated, unchanged, or left out."""
    marker = f"<!-- tenantctl:plan:{given('TARGET')} -->"
    text = _text(Path(given("BODY_FILE")))
    repository = Repository(os.environ["GITHUB_REPOSITORY"], given("TOKEN"))
    number, body = int(given("NUMBER")), body_of(marker, text, run_link())
    author = given("AUTHOR", "github-actions[bot]")
    comments = repository.each(f"/issues/{number}/comments")
    mine = [each for each in comments if is_ours(each, marker, author)]
    if not mine:
        if given("CHANGES") == "false" and given("ONLY_CHANGES") == "true":
            return "left-out"
        repository.call("POST", f"/issues/{number}/comments", {"body": body})
        return "created"
    if mine[-1]["body"] == body:
        return "unchanged"
    repository.call("PATCH", f"/issues/comments/{int(mine[-1]['id'])}", {"body": body})
    return "updated"


def _text(report: Path) -> str:
    """The *report*; without one that there is none, so that no older plan is taken for this one."""
    if report.is_file():
        return report.read_text(encoding="utf-8")
    target = given("TARGET")
    said = f"There is no report of [this run]({run_link()}); its log says why."
    return f"### {target}: no plan\n\n{said}\n"


if __name__ == "__main__":
    raise SystemExit(finish(main))
