"""A collector of OpenTelemetry on this machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass
class Collector:
    """A collector on this machine, and the spans that it was given."""

    url: str = ""
    status: int = 200
    seconds: float = 0.0
    spans: list[object] = field(default_factory=list)
    resources: list[dict[str, object]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def named(self, start):
        return [span for span in self.spans if span.name.startswith(start)]

    def under(self, span):
        return [each for each in self.spans if each.parent_span_id == span.span_id]


def told(attributes):
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector until the block ends."""
    found = Collector()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            time.sleep(found.seconds)
            if found.status == 200:
                found.bodies.append(body)
                for each in ExportTraceServiceRequest.FromString(body).resource_spans:
                    found.resources.append(told(each.resource.attributes))
                    for scope in each.scope_spans:
                        found.spans.extend(scope.spans)
            self.send_response(found.status)
            self.send_header("content-length", "0")
            self.end_headers()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        found.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield found
        finally:
            server.shutdown()
            thread.join(5)
