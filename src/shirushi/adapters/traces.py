"""Traces by OpenTelemetry, sent by OTLP over HTTP: one span for each request, where that is configured and installed."""

from __future__ import annotations

import time

from shirushi.core.errors import ShirushiError


class TracesUnavailable(ShirushiError):
    """Traces are configured, and OpenTelemetry is not installed."""

    code = "TRACES_UNAVAILABLE"


class Traces:
    """Sends spans from a thread of its own; what cannot be sent is dropped. No span holds what a client wrote.

    Args:
        address: where the collector takes OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces.
        service: the name under which the spans appear.

    Raises:
        TracesUnavailable: the extra `traces` is not installed.
    """

    def __init__(self, address: str, service: str) -> None:
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
            from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
            from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
            from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
            from opentelemetry.trace import SpanKind  # noqa: PLC0415
            from opentelemetry.trace.propagation.tracecontext import (  # noqa: PLC0415
                TraceContextTextMapPropagator,
            )
        except ImportError as error:  # an optional extra
            raise TracesUnavailable from error
        self._provider = TracerProvider(resource=Resource.create({"service.name": service}))
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=address)))
        self._tracer = self._provider.get_tracer("shirushi")
        self._extract = TraceContextTextMapPropagator().extract
        self._kind = SpanKind.SERVER

    def ended(self, route: str, method: str, status: int, seconds: float, parent: str) -> None:
        """A request was answered; `parent` is the traceparent field that came with it (W3C Trace Context)."""
        end = time.time_ns()
        span = self._tracer.start_span(
            f"{method} {route}",
            context=self._extract({"traceparent": parent}) if parent else None,
            kind=self._kind,
            attributes={
                "http.request.method": method,
                "http.route": route,
                "http.response.status_code": status,
            },
            start_time=end - int(seconds * 1e9),
        )
        span.end(end)

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()
