"""Who acts: what every receipt and every lease says of it."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping

ACTORS = ("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_REQUESTEDFOR")
"""Where pipelines of GitHub, GitLab and Azure DevOps say who has set them going."""
LONGEST = 100


def who(environ: Mapping[str, str] | None = None) -> str:
    """Whoever a pipeline runs for, or else the user of this machine; at most `LONGEST` characters.

    *environ* is that of the process without it.
    """
    environ = os.environ if environ is None else environ
    found = next((actor for name in ACTORS if (actor := environ.get(name, "").strip())), "")
    return (found or _user())[:LONGEST]


def _user() -> str:
    """The user's name; a container may run under a number that has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
