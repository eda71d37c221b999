"""What relying parties ask: OCSP (RFC 6960 appendix A), lists, the authorities' certificates."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from typing import Annotated

from pydantic import Field, StringConstraints

from shirushi.core.instant import Instant
from shirushi.faces.caching import caching
from shirushi.faces.http import (
    Answer,
    Call,
    Operation,
    Outcome,
    Raw,
    Router,
    Words,
)
from shirushi.ports.keys import KeyUnknown
from shirushi.services.ca.model import (
    AuthorityUnknown,
    CrlUnknown,
)
from shirushi.services.ca.service import CertificateAuthority

OCSP_REQUEST = "application/ocsp-request"
OCSP_RESPONSE = "application/ocsp-response"
CRL_AGE = 300
"""Seconds for which a CRL may be kept by caches: what is revoked meanwhile is on the next one."""
DELTA_AGE = 60
CERTIFICATE_AGE = 86_400


class OcspPath(Words):
    """An OCSPRequest in the path."""

    request: str = Field(min_length=1, max_length=4096, description="an OCSPRequest in DER, in Base64")


class AuthorityPath(Words):
    """Which authority."""

    authority: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]


class PartitionPath(AuthorityPath):
    """Which of an authority's lists."""

    partition: int = Field(ge=0, lt=256)


def public(service: CertificateAuthority) -> Router:
    """What relying parties ask."""

    def answered_with(call: Call, request: bytes) -> Answer:
        (found,) = service.answers(call.actor, [request])
        headers = {}
        if found.produced_at is not None and found.next_update is not None:
            headers = caching(found.etag, found.produced_at, found.age, found.next_update)
        return Answer(found.response, media_type=OCSP_RESPONSE, headers=headers)

    def ocsp(call: Call) -> Answer:
        return answered_with(call, call.body)

    def ocsp_by_path(call: Call) -> Answer:
        try:
            request = b64decode(call.parameters.request.encode(), validate=True)
        except ValueError:
            request = b""  # answered as malformedRequest
        return answered_with(call, request)

    def crl(call: Call) -> Answer:
        found = service.current_crl(call.actor, call.parameters.authority)
        headers = _caching(found.der, found.this_update, CRL_AGE)
        return Answer(found.der, media_type="application/pkix-crl", headers=headers)

    def partition(call: Call) -> Answer:
        found = service.current_crl(call.actor, call.parameters.authority, call.parameters.partition)
        headers = _caching(found.der, found.this_update, CRL_AGE)
        return Answer(found.der, media_type="application/pkix-crl", headers=headers)

    def delta(call: Call) -> Answer:
        found = service.current_delta(call.actor, call.parameters.authority, call.parameters.partition)
        headers = _caching(found.der, found.this_update, DELTA_AGE)
        return Answer(found.der, media_type="application/pkix-crl", headers=headers)

    def certificate(call: Call) -> Answer:
        found = service.authority(call.actor, call.parameters.authority).certificate
        headers = _caching(found.der, found.not_before, CERTIFICATE_AGE)
        return Answer(found.der, media_type="application/pkix-cert", headers=headers)

    answered = Outcome("an OCSPResponse in DER", media_type=OCSP_RESPONSE)
    unchanged = Outcome("the copy at hand is the present one", 304)
    return (
        Operation(
            id="ocsp.answer",
            method="POST",
            path="/ocsp",
            summary="Answer an OCSPRequest (RFC 6960 appendix A)",
            run=ocsp,
            outcomes=(answered,),
            body=Raw(OCSP_REQUEST, "an OCSPRequest in DER"),
            public=True,
            tag="ca",
        ),
        Operation(
            id="ocsp.answer_by_path",
            method="GET",
            path="/ocsp/{request:path}",
            summary="Answer an OCSPRequest that stands in the path, as Base64 (RFC 6960 appendix A)",
            run=ocsp_by_path,
            outcomes=(answered, unchanged),
            parameters=OcspPath,
            public=True,
            tag="ca",
        ),
        Operation(
            id="crl.get",
            method="GET",
            path="/crl/{authority}.crl",
            summary="An authority's certificate revocation list",
            run=crl,
            outcomes=(Outcome("the CRL in DER", media_type="application/pkix-crl"), unchanged),
            parameters=AuthorityPath,
            errors=(AuthorityUnknown, KeyUnknown),
            public=True,
            tag="ca",
        ),
        Operation(
            id="crl.get_partition",
            method="GET",
            path="/crl/{authority}/{partition}.crl",
            summary="One of the lists over which an authority's certificates are spread",
            run=partition,
            outcomes=(Outcome("the CRL in DER", media_type="application/pkix-crl"), unchanged),
            parameters=PartitionPath,
            errors=(AuthorityUnknown, CrlUnknown, KeyUnknown),
            public=True,
            tag="ca",
        ),
        Operation(
            id="crl.get_delta",
            method="GET",
            path="/crl/{authority}/{partition}/delta.crl",
            summary="What has changed since that list was published (RFC 5280 §5.2.4)",
            run=delta,
            outcomes=(Outcome("the delta CRL in DER", media_type="application/pkix-crl"), unchanged),
            parameters=PartitionPath,
            errors=(AuthorityUnknown, CrlUnknown, KeyUnknown),
            public=True,
            tag="ca",
        ),
        Operation(
            id="authorities.certificate",
            method="GET",
            path="/certificates/{authority}.cer",
            summary="An authority's certificate, as authority information access names it",
            run=certificate,
            outcomes=(Outcome("the certificate in DER", media_type="application/pkix-cert"), unchanged),
            parameters=AuthorityPath,
            errors=(AuthorityUnknown,),
            public=True,
            tag="ca",
        ),
    )


def _caching(content: bytes, since: Instant, age: int) -> dict[str, str]:
    return caching(hashlib.sha256(content).hexdigest()[:32], since, age)
