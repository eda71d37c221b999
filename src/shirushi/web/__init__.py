"""The web application of a trust domain: it mounts each service's operations and pages, and decides nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cache
from importlib.metadata import version
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware

from shirushi.adapters.metrics import Metrics
from shirushi.adapters.traces import Traces
from shirushi.domain import Domain
from shirushi.faces.http import Kit, Limits, Observing, Router, TlsProxies, describe, mount
from shirushi.faces.http.observing import refused
from shirushi.services.assurance import http as assurance
from shirushi.services.audit import http as audit
from shirushi.services.ca import http as ca
from shirushi.services.clock import http as clock
from shirushi.services.signing import http as signing
from shirushi.services.trustlist import http as trustlist
from shirushi.services.tsa import http as tsa
from shirushi.services.validation import http as validation
from shirushi.web.portal import portal
from shirushi.web.watching import watching


def application(domain: Domain, metrics: Metrics | None = None) -> Starlette:
    """The ASGI application that answers for `domain`, which it does not close."""
    metrics = metrics or Metrics()
    said = domain.configuration.serve
    threads = ThreadPoolExecutor(said.threads, thread_name_prefix="use-case")

    @cache
    def description() -> dict[str, Any]:
        address = domain.configuration.domain.address
        return describe(operations, title=domain.name, version=version("shirushi"), address=address)

    operations: Router = (*_services(domain), *watching(domain, metrics, description))
    proxies = TlsProxies(said.proxies, said.client_certificate_header)
    ports = domain.ports
    kit = Kit(ports.tokens, ports.replies, ports.uploads, limits(domain), threads, proxies)

    traces = Traces(said.traces, domain.name) if said.traces else None

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        threads.shutdown(wait=True)
        if traces is not None:
            traces.close()

    app = Starlette(
        routes=[*mount(operations, kit), portal(domain, limits(domain))],
        middleware=[Middleware(Observing, meter=metrics, at_once=said.at_once, tracer=traces)],
        exception_handlers={404: refused, 405: refused},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app


def limits(domain: Domain) -> Limits:
    """What one process grants, by the configuration."""
    said = domain.configuration.serve
    return Limits(
        document_bytes=said.document_megabytes * 1_000_000,
        requests_per_second=said.requests_per_second,
        burst=said.burst,
        idle_seconds=said.idle_seconds,
        at_once=said.at_once,
    )


def _services(domain: Domain) -> Router:
    services = domain.services
    return (
        *tsa.router(services.tsa),
        *ca.router(services.ca, services.enrolment),
        *signing.router(services.signing, services.batches),
        *validation.router(services.validation),
        *trustlist.router(services.trusted_lists, services.validation),
        *assurance.router(services.assurance),
        *audit.router(services.audit),
        *clock.router(services.clock),
    )
