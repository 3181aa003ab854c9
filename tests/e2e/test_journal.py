"""The journal: what a request is about to do is on disk before the request leaves."""

from __future__ import annotations

import json

from support.watched import Watched
from tenantctl.cli.running import plan_and_run
from tenantctl.workflows import Ask

ARCHITECTURE = "tenants/hearthhollow/phase1/architecture.yaml"


def test_a_step_is_announced_on_disk_before_its_request_leaves(applied):
    applied.edit(ARCHITECTURE, "friendly_name: Hearth & Hollow", "friendly_name: Hearth and Hollow")
    journal = applied.root / ".tenantctl/journals/hearthhollow/dev/current/events.jsonl"
    on_disk: list[list[tuple[str, str]]] = []

    def look(_: int, phase: str) -> None:
        if phase == "before":
            lines = journal.read_text().splitlines() if journal.exists() else []
            events = [json.loads(line) for line in lines]
            on_disk.append([(event["type"], event["step"]) for event in events])

    watched = Watched(applied, {"on_request": look})
    assert plan_and_run(watched.session(), Ask(), yes=True, full=False, as_json=False) == 0
    methods = [request.method for request in watched.log]
    assert len(methods) == len(on_disk)
    (write,) = [n for n, request in enumerate(watched.log) if request.method == "PATCH"]
    assert on_disk[write] == [("started", "tenant")]
    assert ("settled", "tenant") in on_disk[-1]
    assert on_disk[0] == []
    assert not journal.exists(), "a run that has converged leaves no journal"
