"""The OpenAPI description says everything that is answered, and nothing else."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.routing import Route

from shirushi.core.actor import Role
from tests.http.conftest import calling, configure

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]


@schemathesis.serializer(
    "application/timestamp-query",
    "application/ocsp-request",
    "application/pkcs10",
    "application/pkcs7-mime",
    "application/jose+json",
)
def _octets(_context, value):
    return (
        getattr(value, "data", value)
        if isinstance(value, bytes) or hasattr(value, "data")
        else str(value).encode()
    )


def test_every_route_is_described(caller):
    described = caller.get("/openapi.json").json()
    said = {(p, m.upper()) for p, methods in described["paths"].items() for m in methods}
    routes = {
        (route.path.replace(":path}", "}"), method)
        for route in caller.app.routes
        if isinstance(route, Route)
        for method in route.methods - {"HEAD"}
    }
    assert said == routes
    for path, methods in described["paths"].items():
        for operation in methods.values():
            problems = [
                status
                for status, answer in operation["responses"].items()
                if "application/problem+json" in answer.get("content", {})
            ]
            assert {"400", "429", "500", "503"} <= set(problems), path
            if operation["security"] == [{"token": []}]:
                assert {"401", "403"} <= set(problems), path


def test_no_schema_is_referred_to_that_is_not_there(caller):
    described = caller.get("/openapi.json")
    names = {part.split('"')[0] for part in described.text.split("#/components/schemas/")[1:]}
    assert names <= set(described.json()["components"]["schemas"])


def run(data, examples):
    """Send what the description allows and what it does not, as an operator, and hold every answer against it."""
    configure(data, requests_per_second=1e9, burst=1_000_000)
    with calling(data) as caller:
        token = caller.token("ops", Role.OPERATOR, Role.AUDITOR)
        schema = schemathesis.openapi.from_asgi("/openapi.json", caller.app)
        answered = set()

        for operation in (found.ok() for found in schema.get_all_operations()):

            @settings(
                max_examples=examples,
                derandomize=True,
                deadline=None,
                database=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(
                operation.as_strategy(GenerationMode.POSITIVE)
                | operation.as_strategy(GenerationMode.NEGATIVE)
            )
            def hold(case):
                response = case.call(headers={"Authorization": f"Bearer {token}"})
                case.validate_response(response, checks=CHECKS)
                answered.add((operation.label, response.status_code))  # noqa: B023  it is called in this round

            hold()
        return answered


def test_a_few_requests_of_each_kind(data):
    answered = run(data, 8)
    assert {status for _, status in answered} >= {200, 400, 404}


@pytest.mark.long
def test_many_requests_of_each_kind(data):
    assert run(data, 100)
