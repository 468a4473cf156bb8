"""An OTLP collector on loopback that keeps what it is sent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SentSpan


class Collector(ThreadingHTTPServer):
    """Receives OTLP over HTTP."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiver)
        self.bodies: list[bytes] = []
        self.paths: set[str] = set()

    @property
    def address(self) -> str:
        """What OTEL_EXPORTER_OTLP_ENDPOINT takes."""
        return f"http://127.0.0.1:{self.server_port}"

    def resources(self) -> list[ResourceSpans]:
        """Return what came, process by process."""
        requests = [ExportTraceServiceRequest.FromString(body) for body in list(self.bodies)]
        return [resource for request in requests for resource in request.resource_spans]

    def spans(self) -> dict[str, SentSpan]:
        """Return the newest span of each name."""
        return {sent.name: sent for _, sent in self.sent()}

    def sent(self) -> list[tuple[str, SentSpan]]:
        """Return every span, beside the name of the service that sent it."""
        return [
            (_service(resource), sent)
            for resource in self.resources()
            for scope in resource.scope_spans
            for sent in scope.spans
        ]


class _Receiver(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        """Keep what is posted."""
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.paths.add(self.path)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Print nothing."""


@contextmanager
def running_collector() -> Iterator[Collector]:
    """Run a collector while the block lasts."""
    server = Collector()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _service(resource: ResourceSpans) -> str:
    return next(item.value.string_value for item in resource.resource.attributes if item.key == "service.name")
