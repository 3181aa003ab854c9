"""The few calls of GitHub's REST API that comments and issues take. Standard library only."""

from __future__ import annotations

import http.client
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
LONGEST_WAIT = 60
"""Seconds; who is asked to wait longer says so instead."""


class Unposted(Exception):
    """GitHub would not take it; the text says why."""


@dataclass(frozen=True)
class Repository:
    """One repository, and the token that may write comments or issues there."""

    name: str
    token: str

    def call(self, method: str, path: str, body: object = None) -> Any:
        """One request to the repository's *path*; its JSON. Raises Unposted.

        What the server could not do is asked for again, twice; a new thing is not posted again
        unless the server has said that it did nothing, as of too many requests.
        """
        url = (
            f"{os.environ.get('GITHUB_API_URL', 'https://api.github.com')}/repos/{self.name}{path}"
        )
        for attempt in range(1, TRIES + 1):
            try:
                return self._send(method, url, body)
            except urllib.error.HTTPError as error:
                wait = _asked_to_wait(error)
                again = wait is not None or (error.code >= 500 and method != "POST")
                said = f"{method} {path}: {error.code} {_reason(error)}"
            except (OSError, http.client.HTTPException) as error:
                wait, again = None, method != "POST"
                said = f"{method} {path}: {error or type(error).__name__}"
            if not again or attempt == TRIES:
                raise Unposted(said)
            pause = 2 * attempt if wait is None else wait
            time.sleep(pause * float(os.environ.get("TENANTCTL_PAUSE", "1")))
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
            if not isinstance(found, list):
                raise Unposted(f"GET {path}: the answer is no list")
            yield from found
            if len(found) < 100:
                return


def _asked_to_wait(error: urllib.error.HTTPError) -> int | None:
    """After how many seconds a request that was one too many may be sent again."""
    after = error.headers.get("Retry-After", "")
    if error.code not in {403, 429} or not after.isdecimal() or int(after) > LONGEST_WAIT:
        return None
    return int(after)


def _reason(error: urllib.error.HTTPError) -> str:
    """What the server says of a request that it refused, its own words where there are some."""
    try:
        return str(json.loads(error.read())["message"])
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError):
        return str(error.reason)


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
