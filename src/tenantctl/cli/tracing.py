"""Spans for OpenTelemetry: the run, its phases, their steps, and every request.

Configured by OpenTelemetry's own variables, and off without them. A collector that does not answer
delays the end of a run by a few seconds at most, and changes nothing else.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from tenantctl import __version__
from tenantctl.cli import terminal
from tenantctl.cli.run import End, Run, Seen
from tenantctl.model import Event, Exchange, Noted, Plan, Receipt, StepId

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
HTTP = "http/protobuf"
EXPORTERS = ("otlp", "console")
PATIENCE = 5.0
"""Seconds that the last spans may take to be delivered."""
QUEUE = 65_536
"""Spans that wait for a slow collector before some are lost."""
GOOD = (0, 2)


def traces(run: Run, environ: Mapping[str, str]) -> Iterator[Traces]:
    """What sends spans of *run*, if *environ* asks for it; what stands in the way is said once."""
    exporter = asked(environ)
    if not exporter:
        return
    lost: list[int] = []
    try:
        import_module("opentelemetry.sdk.trace")
        provider = _provider(_counted(_exporter(exporter), lost.append), environ)
    except ImportError:
        terminal.say("warning: traces are asked for: pip install 'tenantctl[otel]'")
        return
    except Exception as error:  # noqa: BLE001 - what is configured wrongly stops no run
        terminal.say(f"warning: no traces: OpenTelemetry says {type(error).__name__}")
        return
    yield Traces(provider, run, environ, lost)


def asked(environ: Mapping[str, str]) -> str:
    """The exporter that *environ* asks for; empty for none. What we do not have is said."""
    if environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return ""
    default = "otlp" if any(environ.get(name) for name in ENDPOINTS) else "none"
    found = (environ.get("OTEL_TRACES_EXPORTER") or default).strip()
    if found == "none":
        return ""
    if found not in EXPORTERS:
        terminal.say(f"warning: no traces: OTEL_TRACES_EXPORTER must be {' or '.join(EXPORTERS)}")
        return ""
    protocol = next((environ[name] for name in PROTOCOLS if environ.get(name)), HTTP)
    if found == "otlp" and protocol != HTTP:
        terminal.say(f"warning: no traces: {PROTOCOLS[1]} must be {HTTP}")
        return ""
    return found


def _provider(exporter: SpanExporter, environ: Mapping[str, str]) -> TracerProvider:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    log = logging.getLogger("opentelemetry")  # it would tell its troubles on the terminal
    log.addHandler(logging.NullHandler())
    log.propagate = False
    named = "OTEL_SERVICE_NAME" in environ or "service.name=" in environ.get(
        "OTEL_RESOURCE_ATTRIBUTES", ""
    )
    about = {"service.version": __version__, **({} if named else {"service.name": "tenantctl"})}
    provider = TracerProvider(resource=Resource.create(about), shutdown_on_exit=False)
    provider.add_span_processor(
        BatchSpanProcessor(exporter, max_queue_size=QUEUE, schedule_delay_millis=1000)
    )
    return provider


def _exporter(name: str) -> SpanExporter:
    if name == "console":
        import sys

        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return ConsoleSpanExporter(out=sys.stderr)
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()


def _counted(exporter: SpanExporter, lost: Callable[[int], None]) -> SpanExporter:
    """*exporter*, which tells how many spans it could not deliver."""
    from collections.abc import Sequence

    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

    class Counted(SpanExporter):
        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            result = exporter.export(spans)
            if result is not SpanExportResult.SUCCESS:
                lost(len(spans))
            return result

        def shutdown(self) -> None:
            exporter.shutdown()

    return Counted()


class Traces:
    """Turns what is noted into spans; a span ends where what it is about does."""

    def __init__(
        self, provider: TracerProvider, run: Run, environ: Mapping[str, str], lost: list[int]
    ) -> None:
        self._provider = provider
        self._lost = lost
        self._tracer = provider.get_tracer("tenantctl", __version__)
        self._run = self._begun(f"tenantctl {run.verb}", None, time.time(), parent(environ))
        self._run.set_attributes({"tenantctl.verb": run.verb, "tenantctl.target": run.target})
        self._phases: dict[int, Span] = {}
        self._steps: dict[StepId, Span] = {}

    def note(self, noted: Noted, seen: Seen) -> None:
        """Begin or end the spans that *noted* is about."""
        match noted:
            case Plan():
                self._run.set_attributes(
                    {
                        "tenantctl.environment": f"{noted.tenant}/{noted.environment}",
                        "tenantctl.domain": noted.domain,
                        "tenantctl.digest": noted.digest,
                        "tenantctl.steps": len(noted.steps),
                    }
                )
            case Exchange():
                self._exchange(noted)
            case Event(type="settled"):
                self._settled(noted, seen)
            case Event():
                self._started(noted, seen)
            case Receipt():
                self._run.set_attribute("tenantctl.status", noted.status)

    def finish(self, end: End, seen: Seen) -> None:
        """End every span, and give the last ones a few seconds to be delivered."""
        for span in (*self._steps.values(), *self._phases.values()):
            span.end(_nanoseconds(seen.now))
        total = seen.account.total
        self._run.set_attributes(
            {
                "tenantctl.exit_code": end.code,
                "tenantctl.requests": total.requests,
                "tenantctl.limited": total.limited,
                "tenantctl.wait_ms": round(total.waited * 1000),
            }
        )
        if end.error is not None:
            self._run.set_attribute("error.type", type(end.error).__name__)
        _mark(self._run, good=end.code in GOOD)
        self._run.end(_nanoseconds(seen.now))
        self._deliver()

    def _deliver(self) -> None:
        thread = threading.Thread(target=self._provider.shutdown, daemon=True)
        thread.start()
        thread.join(PATIENCE)
        if thread.is_alive():
            terminal.say("warning: the traces of this run were not delivered in time")
        elif self._lost:
            terminal.say(f"warning: {sum(self._lost)} spans of this run were not delivered")

    def _started(self, event: Event, seen: Seen) -> None:
        step = seen.account.known.get(event.step)
        number = step.place.phase if step else 0
        phase = self._phases.get(number)
        if phase is None:
            phase = self._phases[number] = self._begun(f"phase {number}", self._run, seen.now)
            phase.set_attribute("tenantctl.phase", number)
        verb = type(step.change).__name__.lower() if step else "step"
        span = self._begun(f"{verb} {event.step.address.kind}", phase, seen.now)
        span.set_attributes({"tenantctl.step": seen.clean(str(event.step)), "tenantctl.verb": verb})
        span.set_attribute("tenantctl.address", seen.clean(str(event.step.address)))
        if step:
            place = {"workstream": step.place.workstream, "topic": step.place.topic}
            span.set_attributes({f"tenantctl.{name}": value for name, value in place.items()})
        self._steps[event.step] = span

    def _settled(self, event: Event, seen: Seen) -> None:
        span, outcome = self._steps.pop(event.step, None), event.outcome
        if span is not None and outcome is not None:
            tally = seen.account.steps.get(event.step)
            span.set_attribute("tenantctl.status", outcome.status)
            if tally:
                span.set_attribute("tenantctl.requests", tally.requests)
                span.set_attribute("tenantctl.limited", tally.limited)
                span.set_attribute("tenantctl.wait_ms", round(tally.waited * 1000))
            _mark(span, seen.clean(outcome.detail), good=outcome.status not in {"failed", "moved"})
            span.end(_nanoseconds(seen.now))
        for ended in seen.ended:
            number, workstream = ended.group
            if not workstream and (phase := self._phases.pop(number, None)):
                phase.end(_nanoseconds(seen.now))

    def _exchange(self, exchange: Exchange) -> None:
        above = self._steps.get(exchange.step, self._run) if exchange.step else self._run
        span = self._begun(f"{exchange.method} {exchange.path}", above, exchange.began)
        span.set_attributes(
            {
                "http.request.method": exchange.method,
                "url.template": exchange.path,
                "http.request.resend_count": exchange.attempt - 1,
                "tenantctl.wait_ms": round(exchange.waited * 1000),
                "tenantctl.bucket": exchange.bucket,
            }
        )
        if exchange.status:
            span.set_attribute("http.response.status_code", exchange.status)
        if exchange.remaining is not None:
            span.set_attribute("tenantctl.remaining", exchange.remaining)
        _mark(span, good=0 < exchange.status < 400)
        span.end(_nanoseconds(exchange.began + exchange.seconds))

    def _begun(
        self, name: str, above: Span | None, at: float, context: Context | None = None
    ) -> Span:
        from opentelemetry.trace import SpanKind, set_span_in_context

        kind = SpanKind.CLIENT if name.partition(" ")[0].isupper() else SpanKind.INTERNAL
        context = set_span_in_context(above) if above is not None else context
        return self._tracer.start_span(name, context, kind, start_time=_nanoseconds(at))


def parent(environ: Mapping[str, str]) -> Context:
    """What the run is part of, by TRACEPARENT and TRACESTATE of whoever called us."""
    from opentelemetry.context import Context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    names = ("traceparent", "tracestate")
    carrier = {name: environ[name.upper()] for name in names if environ.get(name.upper())}
    return TraceContextTextMapPropagator().extract(carrier, Context())


def _mark(span: Span, why: str = "", *, good: bool) -> None:
    from opentelemetry.trace import Status, StatusCode

    if not good:
        span.set_status(Status(StatusCode.ERROR, why or None))


def _nanoseconds(seconds: float) -> int:
    return int(seconds * 1_000_000_000)
