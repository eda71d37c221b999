"""What is counted, in Prometheus' text format.

With PROMETHEUS_MULTIPROC_DIR in the environment the counts of all processes that share the folder are told as one;
without it those of this process alone. No label holds what a client wrote.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The counts of one process. Thread-safe."""

    def __init__(self) -> None:
        shared = FOLDER_VARIABLE in os.environ
        self._registry = None if shared else CollectorRegistry()
        common: dict[str, Any] = {"registry": self._registry}
        self._requests = Counter(
            "shirushi_http_requests", "Requests answered", ["route", "method", "status"], **common
        )
        self._seconds = Histogram(
            "shirushi_http_seconds", "From request to answer", ["route"], buckets=_BUCKETS, **common
        )
        self._in_hand = Gauge(
            "shirushi_http_in_hand", "Requests in hand", multiprocess_mode="livesum", **common
        )
        self._children = Gauge(
            "shirushi_children", "Processes that run", ["kind"], multiprocess_mode="livemostrecent", **common
        )
        self._restarts = Counter("shirushi_child_restarts", "Processes started anew", ["kind"], **common)
        self._signatures = Counter(
            "shirushi_token_signatures", "Signatures asked of PKCS#11 tokens", ["token", "outcome"], **common
        )
        self._token = Gauge(
            "shirushi_token_usable",
            "Whether a PKCS#11 token can be used",
            ["token"],
            multiprocess_mode="livemostrecent",
            **common,
        )
        self._recoveries = Counter(
            "shirushi_token_recoveries", "Sessions lost and opened anew", ["token"], **common
        )
        self._jobs = Counter("shirushi_jobs", "Jobs run", ["job", "outcome"], **common)
        self._job_seconds = Histogram(
            "shirushi_job_seconds", "How long jobs ran", ["job"], buckets=_BUCKETS, **common
        )

        self._lane = {
            name: Counter(f"shirushi_lane_{name}", told, **common)
            for name, told in (
                ("tokens", "Time-stamp tokens that left a lane"),
                ("lost", "Tokens whose audit record could not be kept"),
                ("batches", "Turns in which a lane answered what had arrived together"),
                ("commits", "Writes of audit records to a lane's chain"),
                ("commit_seconds", "What those took, waiting included"),
                ("cpu_seconds", "CPU that lanes have spent"),
            )
        }
        self._lane_refusals = Counter(
            "shirushi_lane_refusals", "Time-stamp requests refused, by PKIFailureInfo", ["failure"], **common
        )
        self._lane_connections = Gauge(
            "shirushi_lane_connections", "Connections of lanes", multiprocess_mode="livesum", **common
        )
        self._ocsp = Counter("shirushi_ocsp_answers", "Answers of OCSP lanes", ["kind"], **common)
        self._ocsp_connections = Gauge(
            "shirushi_ocsp_connections", "Connections of OCSP lanes", multiprocess_mode="livesum", **common
        )

    def ocsp(self, grown: Mapping[str, int], connections: int) -> None:
        """What an OCSP lane answered since this was last said, and how many connections it holds."""
        for kind, by in grown.items():
            self._ocsp.labels(kind).inc(by)
        self._ocsp_connections.set(connections)

    def lane(self, grown: Mapping[str, float], refusals: Mapping[str, int], connections: int) -> None:
        """What a lane did since this was last said, and how many connections it holds."""
        for name, by in grown.items():
            self._lane[name].inc(by)
        for failure, by in refusals.items():
            self._lane_refusals.labels(failure).inc(by)
        self._lane_connections.set(connections)

    def began(self) -> None:
        """A request is in hand."""
        self._in_hand.inc()

    def ended(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request was answered; status 499 where the client went away before."""
        self._in_hand.dec()
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def children(self, kind: str, count: int) -> None:
        """So many processes of the kind run."""
        self._children.labels(kind).set(count)

    def restarted(self, kind: str) -> None:
        """A process that died was started anew."""
        self._restarts.labels(kind).inc()

    def signed(self, token: str, outcome: str) -> None:
        """A token was asked to sign; the outcome is `done` or a code."""
        self._signatures.labels(token, outcome).inc()

    def token(self, token: str, *, usable: bool, recoveries: int) -> None:
        """Whether a token can be used; so many of its sessions were recovered since this was last said."""
        self._token.labels(token).set(usable)
        self._recoveries.labels(token).inc(recoveries)

    def job(self, name: str, outcome: str, seconds: float) -> None:
        """A job ran; the outcome is `done` or a code."""
        self._jobs.labels(name, outcome).inc()
        self._job_seconds.labels(name).observe(seconds)

    def text(self) -> bytes:
        """All counts."""
        registry = self._registry
        if registry is None:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)


def forget_process(process: int) -> None:
    """A process has ended: what it held at the time is held no more."""
    if FOLDER_VARIABLE in os.environ:
        mark_process_dead(process)  # type: ignore[no-untyped-call]  # the library leaves it untyped
