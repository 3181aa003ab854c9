"""
How much of recorded traffic could be answered alike at all: what the recordings keep to themselves.

`python -m tools.sandbox_bounds` replays every open recording as it is; then on a tenant of its
time, whichever of the older habits that is; then with what earlier use had left in the settings
it writes to, as far as its own answers tell. Needs the measurement material beside the repository.
"""

import sys
from collections.abc import Iterable
from typing import Any

from tools.replays import SHARED, load_judge, read_recordings, sender

from tenantctl.sandbox import Sandbox
from tenantctl.sandbox.api import match
from tenantctl.sandbox.subscriptions import OLD_TENANT

PREFIX = "/api/v2"
DOMAIN = "hearthhollow-dev.eu.auth0.com"
ERAS = (frozenset(), OLD_TENANT, *(frozenset({habit}) for habit in sorted(OLD_TENANT)))


def main() -> int:
    """Prints the three shares; 0."""
    judge, box = load_judge(SHARED), Sandbox(DOMAIN)
    counts = [0, 0, 0]
    total = 0
    for recording in read_recordings(SHARED):
        size = len(recording["interactions"])
        state = judge.prestate(recording)
        used = {**state, "reads": [*state["reads"], *_left_over(recording, state["reads"])]}
        asis = _alike(judge, box, recording, state, ERAS[:1])
        timely = asis if asis == size else _alike(judge, box, recording, state, ERAS)
        known = timely if timely == size else _alike(judge, box, recording, used, ERAS)
        total += size
        for place, alike in enumerate((asis, timely, max(timely, known))):
            counts[place] += alike
    box.close()
    names = ("as recorded", "on a tenant of its time", "with what earlier use had left")
    for name, alike in zip(names, counts, strict=True):
        print(f"{name:<32} {alike} of {total} alike ({alike / total:.1%})")
    return 0


def _alike(
    judge: Any, box: Sandbox, recording: Any, state: Any, eras: Iterable[frozenset[str]]
) -> int:
    """Requests answered alike on the tenant that answers best: without which older habits."""
    best = 0
    for gone in eras:
        box.reset(state)
        box.features = box.features - gone
        with sender(box) as send:
            best = max(best, judge.replay(recording, send)["passed"])
    return best


def _left_over(recording: Any, reads: Iterable[Any]) -> list[Any]:
    """The first answer of each singleton that a recording writes before it reads it."""
    known = {read["path"] for read in reads}
    found = []
    for step in recording["interactions"]:
        path, body = step["path"], step["response_body"]
        route = match("GET", path.removeprefix(PREFIX))
        alone = route is not None and "{" not in route[0].path
        writes = step["method"] in {"PATCH", "PUT"} and step["status"] == 200
        if alone and writes and isinstance(body, dict) and path not in known:
            known.add(path)
            found.append({"path": path, "query": {}, "status": 200, "body": body})
    return found


if __name__ == "__main__":
    sys.exit(main())
