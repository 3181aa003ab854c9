"""What happens, as lines of JSON beside what is printed."""

from __future__ import annotations

import json
import os
import stat
import threading

import jsonschema_rs
import pytest

from support.project import REPOSITORY
from tenantctl.sandbox import Fault

ENV = "environments/hearthhollow/dev.yaml"


def lines_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def of(lines, *types):
    return [line for line in lines if line["type"] in types]


def test_the_schema_is_one_and_every_line_keeps_to_it(seen_once, schema, kept):
    jsonschema_rs.meta.validate(schema)
    _, lines = seen_once
    assert [line for line in lines if not kept.is_valid(line)] == []
    assert not kept.is_valid({**lines[0], "format": "one"})
    missing = {"drift", "violation", "rate_limited", "not_converged"}
    names = {name for name in schema["$defs"] if name not in {"time", "level"}}
    assert {line["type"] for line in lines} == names - missing


def test_the_first_line_says_the_format_and_the_last_one_the_exit_code(seen_once):
    _, lines = seen_once
    assert (lines[0]["type"], lines[0]["format"]) == ("version", 1)
    assert lines[1]["type"] == "run_started"
    assert (lines[1]["verb"], lines[1]["target"]) == ("apply", "dev")
    assert (lines[-1]["type"], lines[-1]["exit_code"]) == ("run_finished", 0)
    assert [line["ts"] for line in lines] == sorted(line["ts"] for line in lines)


def test_a_plan_is_told_once_and_before_its_steps(seen_once):
    _, lines = seen_once
    types = [line["type"] for line in lines]
    assert types.count("plan") == 1
    assert types.index("plan") < types.index("step_started")
    (plan,) = of(lines, "plan")
    assert plan["steps"] == plan["creates"] + plan["updates"] + plan["deletes"] > 40


def test_every_step_starts_and_then_settles(seen_once):
    _, lines = seen_once
    (plan,) = of(lines, "plan")
    begun, settled = set(), []
    for line in of(lines, "step_started", "step_settled"):
        if line["type"] == "step_started":
            begun.add(line["step"])
        else:
            assert line["step"] in begun
            settled.append(line["step"])
    assert len(settled) == len(set(settled)) == plan["steps"]


def test_requests_are_counted_for_the_step_that_they_were_sent_for(seen_once):
    _, lines = seen_once
    for line in of(lines, "step_settled"):
        mine = [each for each in of(lines, "request") if each["step"] == line["step"]]
        assert len(mine) == line["requests"]
        assert sum(each["method"] != "GET" for each in mine) == line["writes"]
    assert sum(line["writes"] for line in of(lines, "step_settled")) > 40


def test_phases_and_workstreams_finish_with_their_last_step(seen_once):
    _, lines = seen_once
    steps = of(lines, "step_settled")
    streams = of(lines, "workstream_finished")
    assert {each["workstream"] for each in streams} == {each["workstream"] for each in steps}
    for each in (*streams, *of(lines, "phase_finished")):
        mine = [
            step
            for step in steps
            if step["phase"] == each["phase"]
            and each.get("workstream", step["workstream"]) == step["workstream"]
        ]
        assert sum(each["statuses"].values()) == len(mine)
        last = max(lines.index(step) for step in mine)
        assert last < lines.index(each) <= last + 2
    assert [each["phase"] for each in of(lines, "phase_finished")] == [1]


def test_no_path_holds_an_id_or_a_query(seen_once):
    project, lines = seen_once
    with project.sandbox() as sandbox:
        kinds = ("clients", "connections", "actions", "resource_servers", "roles", "organizations")
        ids = {id for kind in kinds for id in sandbox.documents(kind)}
    assert len(ids) > 10
    text = json.dumps(of(lines, "request"))
    assert [id for id in ids if id in text] == []
    assert "?" not in text
    assert "/connections/{parent}/clients" in text


def test_the_receipt_is_the_one_that_was_kept(seen_once):
    project, lines = seen_once
    (receipt,) = of(lines, "receipt")
    shown = project.ok("show", "dev", "--json").json
    for name in ("digest", "status", "when", "domain"):
        assert receipt[name] == shown[name]


def test_a_run_says_what_it_has_cost(seen_once):
    _, lines = seen_once
    last = lines[-1]
    requests = of(lines, "request")
    assert last["requests"] == len(requests)
    assert last["writes"] == sum(each["method"] != "GET" for each in requests)
    assert last["ms_p50"] <= last["ms_p95"] <= last["ms"]


def test_a_file_that_cannot_be_written_ends_the_run_before_it_begins(project):
    into = str(project.root / "nowhere" / "events.jsonl")
    ran = project.run("apply", "dev", "--yes", "--json-into", into)
    assert ran.code == 64
    assert "events.jsonl cannot be written: No such file or directory" in ran.err
    assert "give --json-into a file in a folder that is there" in ran.err
    assert not (project.root / ".tenantctl").exists()


@pytest.mark.thorough
def test_only_its_owner_reads_the_file_and_a_former_one_is_written_over(applied):
    into = applied.root / "events.jsonl"
    into.write_text("old\n" * 10_000)
    into.unlink()
    applied.ok("plan", "dev", "--json-into", str(into))
    assert stat.S_IMODE(into.stat().st_mode) == 0o600
    size = len(lines_of(into))
    applied.ok("plan", "dev", "--json-into", str(into))
    assert len(lines_of(into)) == size
    assert of(lines_of(into), "plan")[0]["steps"] == 0


@pytest.mark.thorough
def test_lines_are_there_as_soon_as_they_are_written(applied):
    pipe = applied.root / "pipe"
    os.mkfifo(pipe)
    first = []

    def read():
        with pipe.open() as file:
            first.append(json.loads(file.readline()))
            file.read()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    applied.ok("plan", "dev", "--json-into", str(pipe))
    reader.join(10)
    assert first[0]["type"] == "version"


def test_whoever_stops_reading_stops_no_run(applied):
    pipe = applied.root / "pipe"
    os.mkfifo(pipe)

    def read():
        with pipe.open() as file:
            file.readline()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    ran = applied.run("plan", "dev", "--json-into", str(pipe))
    reader.join(10)
    assert ran.code == 0
    assert "has no more events: Broken pipe" in ran.err
    assert ran.err.count("warning") == 1


def test_what_is_printed_is_the_same_with_and_without_events(applied):
    into = str(applied.root / "events.jsonl")
    plain = applied.ok("plan", "dev", "--json")
    assert applied.ok("plan", "dev", "--json", "--json-into", into).json == plain.json


def test_a_plan_that_is_refused_says_why_and_how_the_run_ended(applied, kept):
    applied.edit(ENV, "  approval: auto", "  approval: auto\n  max_changes: 0")
    applied.edit(
        "tenants/hearthhollow/phase1/authentication.yaml", "name: Checkout", "name: Check it out"
    )
    into = applied.root / "events.jsonl"
    ran = applied.run("apply", "dev", "--yes", "--json-into", str(into))
    lines = lines_of(into)
    assert ran.code == lines[-1]["exit_code"] == 5
    (violation, *_) = of(lines, "violation")
    assert violation["level"] == "error"
    assert of(lines, "plan")[0]["blocking"] == len(of(lines, "violation"))
    assert kept.is_valid(violation)
    assert of(lines, "step_started", "receipt") == []


def test_an_error_that_ends_a_run_is_told_as_on_the_terminal(project, kept):
    project.edit(ENV, "kind: development", "kind: devlopment")
    into = project.root / "events.jsonl"
    assert project.run("plan", "dev", "--json-into", str(into)).code == 65
    last = lines_of(into)[-1]
    assert (last["exit_code"], last["error"]["type"]) == (65, "FilesError")
    assert "kind must be one of" in last["error"]["message"]
    assert kept.is_valid(last)


@pytest.mark.thorough
def test_a_tenant_that_limits_and_fails_is_told_attempt_by_attempt(applied, kept):
    with applied.sandbox() as sandbox:
        sandbox.faults = [
            Fault("status", "GET", "/custom-domains", nth=(1,), status=503),
            Fault("status", "GET", "/resource-servers*", nth=(1,), status=429),
        ]
    into = applied.root / "events.jsonl"
    ran = applied.run("plan", "dev", "--json-into", str(into), "--stats")
    assert ran.code == 0, ran.err
    lines = lines_of(into)
    assert [line for line in lines if not kept.is_valid(line)] == []
    domains = [each for each in of(lines, "request") if each["path"] == "/custom-domains"]
    assert [(each["status"], each["attempt"]) for each in domains][:2] == [(503, 1), (200, 2)]
    (limited,) = of(lines, "rate_limited")
    assert limited["path"] == "/resource-servers"
    servers = [each for each in of(lines, "request") if each["path"] == "/resource-servers"]
    assert [(each["status"], each["attempt"]) for each in servers][:2] == [(429, 1), (200, 2)]
    assert servers[1]["wait_ms"] > 0
    assert (lines[-1]["limited"], lines[-1]["retried"]) == (1, 2)
    assert "1 answered 429, 2 repeated" in ran.err


@pytest.mark.thorough
def test_events_of_several_environments_stand_apart(project):
    into = project.root / "events" / "run.jsonl"
    into.parent.mkdir()
    project.ok("plan", "hearthhollow", "--env", "dev", "--env", "qa", "--json-into", str(into))
    for name in ("dev", "qa"):
        lines = lines_of(project.root / f"events/hearthhollow/{name}/run.jsonl")
        assert of(lines, "plan")[0]["environment"] == f"hearthhollow/{name}"
        assert lines[-1]["exit_code"] == 0


def test_the_page_on_events_names_every_type(schema):
    page = (REPOSITORY / "docs/events.md").read_text()
    names = [name for name in schema["$defs"] if name not in {"time", "level"}]
    assert [name for name in names if f"`{name}`" not in page] == []


VERBS = ["plan", "apply", "resume", "promote", "rollback", "drift", "rehearse"]


@pytest.mark.parametrize("verb", VERBS)
def test_verbs_that_run_can_be_watched(project, verb):
    assert "--json-into" in project.run(verb, "--help").out


def test_a_look_for_drift_tells_what_was_changed_behind_the_files(applied, kept):
    with applied.sandbox() as sandbox:
        id = next(k for k, v in sandbox.documents("clients").items() if v["name"] == "Checkout")
        sandbox.put("clients", id, {**sandbox.documents("clients")[id], "name": "Changed"})
    into = applied.root / "events.jsonl"
    assert applied.run("drift", "dev", "--detailed-exitcode", "--json-into", str(into)).code == 2
    (drift,) = of(lines_of(into), "drift")
    assert kept.is_valid(drift)
    assert [each.partition(".")[0] for each in drift["drifted"]] == ["clients"]
