"""The jobs runner: what the services do later, one after another."""

from __future__ import annotations

import logging
import os
import select
import signal
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from shirushi.adapters.metrics import Metrics
from shirushi.core.errors import ShirushiError
from shirushi.domain import Domain
from shirushi.ports.jobs import Job
from shirushi.services.audit.jobs import jobs as audit_jobs
from shirushi.services.ca.jobs import enrolment_jobs
from shirushi.services.ca.jobs import jobs as ca_jobs
from shirushi.services.signing.jobs import jobs as signing_jobs
from shirushi.services.trustlist.jobs import jobs as trustlist_jobs
from shirushi.services.tsa.jobs import jobs as tsa_jobs

_log = logging.getLogger(__name__)


def jobs_of(domain: Domain) -> tuple[Job, ...]:
    """All jobs of the domain."""
    every = timedelta(minutes=domain.configuration.serve.checkpoint_minutes)
    hours = timedelta(hours=domain.configuration.trust.refresh_hours)
    return (
        *audit_jobs(domain.services.audit, every),
        *ca_jobs(domain.services.ca),
        *enrolment_jobs(domain.services.enrolment),
        *signing_jobs(domain.services.signing, domain.services.batches),
        *tsa_jobs(domain.services.tsa),
        *trustlist_jobs(domain.services.trusted_lists, hours),
        *domain.ports.replies.jobs(),
    )


def run_jobs(domain: Domain, lifeline: int, ready: Callable[[], None]) -> None:
    """Run the jobs until SIGTERM, or until the supervisor is gone; then those that belong to the end."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: None)
    rounds = Rounds(jobs_of(domain), Metrics())
    ready()
    while not select.select([lifeline, woken], [], [], rounds.run_due())[0]:
        pass
    rounds.finish()


class Rounds:
    """Runs each job when it is due, the first time at once. A job that fails is run again at its next time."""

    def __init__(
        self, jobs: Sequence[Job], metrics: Metrics, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._jobs = tuple(jobs)
        self._metrics = metrics
        self._clock = clock
        self._due = [clock()] * len(self._jobs)

    def run_due(self) -> float:
        """Run what is due; how many seconds until something is."""
        for index, job in enumerate(self._jobs):
            if self._due[index] <= self._clock():
                self._run(job)
                self._due[index] = self._clock() + job.every.total_seconds()
        return max(0.0, min(self._due, default=self._clock() + 60.0) - self._clock())

    def finish(self) -> None:
        """Run what belongs to the end."""
        for job in self._jobs:
            if job.at_stop:
                self._run(job)

    def _run(self, job: Job) -> None:
        began, outcome = time.perf_counter(), "done"
        try:
            job.run()
        except ShirushiError as error:
            outcome = error.code
            _log.error("job.failed", extra={"job": job.name, "code": error.code})
        except Exception:  # noqa: BLE001  the next job still runs
            outcome = "INTERNAL_ERROR"
            _log.exception("job.failed", extra={"job": job.name, "code": outcome})
        seconds = time.perf_counter() - began
        self._metrics.job(job.name, outcome, seconds)
        _log.debug("job.done", extra={"job": job.name, "duration_ms": round(seconds * 1000, 1)})
