"""EST over HTTP (RFC 7030 §3.2.2), with and without a label in the address."""

from __future__ import annotations

from base64 import encodebytes
from collections.abc import Callable
from typing import Annotated

from pydantic import StringConstraints

from shirushi.codecs.jose.writing import write_json
from shirushi.core.errors import ShirushiError
from shirushi.faces.http import Answer, Call, Operation, Outcome, Raw, Router, Words
from shirushi.faces.http.problems import MEDIA_TYPE, problem
from shirushi.services.ca.model import SubjectKeyReused, SubjectKeyWeak, SubjectNameRefused
from shirushi.services.ca.model.est import (
    EstCmcRefused,
    EstCredentialsRefused,
    EstKeysNotMade,
    EstLabelUnknown,
    EstReenrolRefused,
)
from shirushi.services.ca.service.est import EstServer, Shown

CERTS_ONLY = "application/pkcs7-mime"
PKCS10 = "application/pkcs10"
_REQUEST = Raw(PKCS10, "a PKCS#10 request in Base64")
_BASE64 = {"Content-Transfer-Encoding": "base64"}


class LabelPath(Words):
    """Under which label."""

    label: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]


def est(server: EstServer) -> Router:
    """The operations of EST, for the label "" and for every other."""
    operations: list[Operation] = []
    for prefix, parameters in (("", None), ("/{label}", LabelPath)):
        operations += _operations(server, prefix, parameters)
    return tuple(operations)


def _operations(server: EstServer, prefix: str, parameters: type[Words] | None) -> list[Operation]:
    def label(call: Call) -> str:
        return call.parameters.label if call.parameters else ""

    def shown(call: Call) -> Shown:
        return Shown(call.credentials.certificate, call.credentials.authorization)

    def given(content: bytes, kind: str) -> Answer:
        return Answer(encodebytes(content), media_type=kind, headers=_BASE64)

    def guarded(run: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
        """Ask for credentials where they are missing (RFC 7030 §3.2.3)."""

        def answer(call: Call) -> Answer:
            try:
                return run(call)
            except EstCredentialsRefused as error:
                told = problem(error, call.language)
                asked = {"WWW-Authenticate": 'Basic realm="est", charset="UTF-8"'}
                return Answer(write_json(told), 401, MEDIA_TYPE, asked)

        return answer

    def ca_certificates(call: Call) -> Answer:
        return given(server.ca_certificates(call.actor, label(call)), CERTS_ONLY)

    def attributes(call: Call) -> Answer:
        return given(server.attributes(call.actor, label(call)), "application/csrattrs")

    def enrol(call: Call) -> Answer:
        found = server.enrol(call.actor, label(call), shown(call), call.body)
        return given(found, f"{CERTS_ONLY}; smime-type=certs-only")

    def reenrol(call: Call) -> Answer:
        found = server.reenrol(call.actor, label(call), shown(call), call.body)
        return given(found, f"{CERTS_ONLY}; smime-type=certs-only")

    def make_keys(call: Call) -> Answer:
        return given(server.make_keys(call.actor, label(call)), CERTS_ONLY)

    def full_cmc(call: Call) -> Answer:
        return given(server.full_cmc(call.actor, label(call)), CERTS_ONLY)

    id_ = ".labelled" if prefix else ""
    refusals: tuple[type[ShirushiError] | str, ...] = (
        EstLabelUnknown,
        EstCredentialsRefused,
        EstReenrolRefused,
        EstKeysNotMade,
        EstCmcRefused,
        SubjectKeyWeak,
        SubjectKeyReused,
        SubjectNameRefused,
        "SUBJECT_KEY_REFUSED",
        "SUBJECT_KEY_COMPROMISED",
        "SUBJECT_NAME_CONFUSABLE",
        "CSR_MALFORMED",
        "CSR_SIGNATURE_WRONG",
        "CSR_ATTRIBUTE_REFUSED",
        "CSR_EXTENSION_REFUSED",
    )

    def operation(
        name: str,
        method: str,
        summary: str,
        run: Callable[[Call], Answer],
        *,
        kind: str = CERTS_ONLY,
        taken: Raw = _REQUEST,
    ) -> Operation:
        return Operation(
            id=f"est.{name}{id_}",
            method=method,
            path=f"/.well-known/est{prefix}/{name}",
            summary=summary,
            run=guarded(run),
            outcomes=(Outcome("as RFC 7030 has it, in Base64", media_type=kind),),
            parameters=parameters,
            body=taken if method == "POST" else None,
            errors=refusals,
            public=True,
            own_credentials=True,
            tag="est",
        )

    return [
        operation("cacerts", "GET", "The authority's certificates (RFC 7030 §4.1)", ca_certificates),
        operation(
            "csrattrs",
            "GET",
            "What requests should hold (RFC 7030 §4.5)",
            attributes,
            kind="application/csrattrs",
        ),
        operation("simpleenroll", "POST", "Enrol a device (RFC 7030 §4.2.1)", enrol),
        operation("simplereenroll", "POST", "Renew its certificate (RFC 7030 §4.2.2)", reenrol),
        operation("serverkeygen", "POST", "Refused: devices make their keys", make_keys),
        operation(
            "fullcmc",
            "POST",
            "Refused: requests are PKCS#10 alone",
            full_cmc,
            taken=Raw(CERTS_ONLY, "a CMC request in Base64"),
        ),
    ]
