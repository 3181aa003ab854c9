"""Spans, as a collector gets them."""

from __future__ import annotations

import sys
import time

import pytest

from e2e import canaries
from events.collector import told
from events.conftest import ABOVE, TRACE
from tenantctl.cli.tracing import asked
from tenantctl.sandbox import Fault

CLIENT = 3
ERROR = 2


def test_a_run_has_phases_with_steps_with_requests(once):
    _, collector = once
    (run,) = collector.named("tenantctl ")
    assert (run.name, run.trace_id.hex(), run.parent_span_id.hex()) == (
        "tenantctl apply",
        TRACE,
        ABOVE,
    )
    about = told(run.attributes)
    assert about["tenantctl.environment"] == "hearthhollow/dev"
    assert (about["tenantctl.exit_code"], about["tenantctl.status"]) == (0, "converged")
    (phase,) = collector.named("phase")
    assert phase.parent_span_id == run.span_id
    steps = collector.under(phase)
    assert len(steps) == about["tenantctl.steps"] > 40
    assert {each.trace_id.hex() for each in collector.spans} == {TRACE}
    for step in steps:
        said, requests = told(step.attributes), collector.under(step)
        assert said["tenantctl.status"] == "applied"
        assert len(requests) == said["tenantctl.requests"] > 0
        for request in requests:
            assert request.kind == CLIENT
            assert step.start_time_unix_nano <= request.start_time_unix_nano + 1_000_000
            assert request.end_time_unix_nano <= step.end_time_unix_nano + 1_000_000
        assert run.start_time_unix_nano <= step.start_time_unix_nano
    count = sum(len(collector.under(step)) for step in steps) + len(
        [each for each in collector.under(run) if each.kind == CLIENT]
    )
    assert count == about["tenantctl.requests"]
    assert collector.resources[0]["service.name"] == "tenantctl"


def test_a_run_that_fails_is_an_error_and_its_spans_end(project, collector):
    project.edit("environments/hearthhollow/dev.yaml", "kind: development", "kind: devlopment")
    assert project.run("plan", "dev").code == 65
    (run,) = collector.spans
    assert run.status.code == ERROR
    assert told(run.attributes)["error.type"] == "FilesError"
    assert run.end_time_unix_nano >= run.start_time_unix_nano


@pytest.mark.thorough
def test_a_collector_that_refuses_or_hangs_fails_no_run_and_is_said(applied, collector):
    collector.status = 400
    ran = applied.run("plan", "dev")
    assert (ran.code, ran.err.count("warning")) == (0, 1)
    assert "spans of this run were not delivered" in ran.err
    collector.status, collector.seconds = 200, 8.0
    began = time.monotonic()
    ran = applied.run("plan", "dev")
    assert ran.code == 0
    assert "the traces of this run were not delivered in time" in ran.err
    assert time.monotonic() - began < 15


def test_nobody_hears_of_opentelemetry_where_it_is_not_asked_for(applied, monkeypatch):
    for name in [each for each in sys.modules if each.startswith("opentelemetry")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "none")
    assert applied.ok("plan", "dev").err == ""
    assert [each for each in sys.modules if each.startswith("opentelemetry")] == []


def test_without_its_extra_the_way_to_install_it_is_said(applied, monkeypatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    assert "pip install 'tenantctl[otel]'" in applied.ok("plan", "dev").err


def test_no_span_and_no_line_holds_a_secret_whatever_the_tenant_says(
    project, collector, monkeypatch
):
    canaries.plant(project)
    for name, value in canaries.VALUES.items():
        monkeypatch.setenv(name, value)
    said = " and ".join(canaries.VALUES.values())
    with project.sandbox() as sandbox:
        sandbox.faults = [Fault("status", "POST", "/actions*", status=400, message=said)]
    into = project.root / "events.jsonl"
    assert project.run("apply", "dev", "--yes", "--json-into", str(into)).code == 4
    secrets = {*canaries.VALUES.values(), *canaries.generated(project)}
    assert "(secret EXTRA_01)" in into.read_text()
    assert canaries.seen(into.read_text(), secrets) == []
    spans = " ".join(str(each) for each in collector.spans)
    assert "(secret EXTRA_01)" in spans
    assert canaries.seen(spans, secrets) == []
    raw = b" ".join(collector.bodies).decode("utf-8", "replace")
    assert canaries.seen(raw, secrets) == []


@pytest.mark.parametrize(
    ("environ", "found", "said"),
    [
        ({}, "", ""),
        ({"OTEL_SERVICE_NAME": "x"}, "", ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}, "otlp", ""),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://x"}, "otlp", ""),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, "otlp", ""),
        ({"OTEL_TRACES_EXPORTER": "console"}, "console", ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_TRACES_EXPORTER": "none"}, "", ""),
        ({"OTEL_TRACES_EXPORTER": "otlp", "OTEL_SDK_DISABLED": "true"}, "", ""),
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "", "OTEL_TRACES_EXPORTER must be otlp or console"),
        (
            {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "",
            "OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf",
        ),
    ],
)
def test_the_usual_variables_say_whether_there_are_traces(environ, found, said, capsys):
    assert asked(environ) == found
    err = capsys.readouterr().err
    assert said in err
    assert bool(err) == bool(said)
