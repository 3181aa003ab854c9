"""The few calls of GitHub's REST API that comments and issues take. Standard library only."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from runner import annotate

BODY_LIMIT = 65_000
"""Characters of a comment or an issue; GitHub refuses more than 65,536."""
PAGES = 30
TIMEOUT = 20
TRIES = 3


class Unposted(Exception):
    """GitHub would not take it; the text says why."""


@dataclass(frozen=True)
class Repository:
    """One repository, and the token that may write comments or issues there."""

    name: str
    token: str

    def call(self, method: str, path: str, body: object = None) -> Any:
        """One request to the repository's *path*; its JSON. Raises Unposted.

        What the server could not do is asked for again, twice; a new thing is not posted again.
        """
        url = (
            f"{os.environ.get('GITHUB_API_URL', 'https://api.github.com')}/repos/{self.name}{path}"
        )
        for attempt in range(1, TRIES + 1):
            try:
                return self._send(method, url, body)
            except urllib.error.HTTPError as error:
                again = error.code >= 500 and method != "POST"
                said = f"{method} {path}: {error.code} {error.reason}"
            except (urllib.error.URLError, TimeoutError) as error:
                again, said = method != "POST", f"{method} {path}: {error}"
            if not again or attempt == TRIES:
                raise Unposted(said)
            time.sleep(attempt * float(os.environ.get("TENANTCTL_PAUSE", "2")))
        raise AssertionError

    def _send(self, method: str, url: str, body: object) -> Any:
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "User-Agent": "tenantctl",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310  (fixed)
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            text = answer.read()
        return json.loads(text) if text else None

    def each(self, path: str) -> Iterator[dict[str, Any]]:
        """The members of a list, page by page, as far as `PAGES` go."""
        mark = "&" if "?" in path else "?"
        for page in range(1, PAGES + 1):
            found = self.call("GET", f"{path}{mark}per_page=100&page={page}")
            yield from found
            if len(found) < 100:
                return


def posted(job: Callable[[], str], said: str) -> str:
    """What became of a post, as *job* tells; `failed`, with *said* as a warning, where nothing."""
    try:
        return job()
    except (Unposted, OSError, ValueError, LookupError) as error:
        annotate("warning", f"{said}: {error}", title="tenantctl")
        return "failed"


def is_ours(thing: dict[str, Any], marker: str, author: str) -> bool:
    """Whether a comment or an issue is the one with *marker* that *author* wrote.

    Whoever can comment can write a marker, and who wrote a comment can edit it for ever: only what
    our own token has written is taken for ours.
    """
    login = (thing.get("user") or {}).get("login")
    return login == author and str(thing.get("body") or "").startswith(marker)


def body_of(marker: str, text: str, link: str) -> str:
    """*text* behind its hidden *marker*, or a pointer to the run where it is too long."""
    whole = text if text.startswith(marker) else f"{marker}\n{text}"
    if len(whole.encode("utf-16-le")) // 2 <= BODY_LIMIT:
        return whole
    return f"{marker}\nThe report is too long to be shown here; [the run]({link}) has it."


def run_link() -> str:
    """The page of this run."""
    server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
    repository, run = os.environ.get("GITHUB_REPOSITORY", ""), os.environ.get("GITHUB_RUN_ID", "")
    return f"{server}/{repository}/actions/runs/{run}"
