"""Serves `RevocationSource` from the addresses that certificates name: OCSP (RFC 6960), CRLs, issuers' certificates."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.issue import certificate_id
from shirushi.codecs.asn1.keys import subject_key_bits
from shirushi.codecs.asn1.material import build_material
from shirushi.codecs.asn1.ocsp import parse_ocsp_response
from shirushi.codecs.asn1.pem import certificates_in
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.errors import MalformedInput, ShirushiError
from shirushi.core.evidence import (
    Certificate,
    CertificateIdentifier,
    CertificateStatus,
    DistributionPoint,
    GeneralNameKind,
)
from shirushi.core.instant import Instant
from shirushi.formats.cms.structure import read_signed_data
from shirushi.ports.fetcher import Fetcher, FetchFailed, Inquiry
from shirushi.ports.trust import IssuerUnavailable, RevocationDataUnavailable

_log = logging.getLogger(__name__)

_REQUEST = "application/ocsp-request"
_RESPONSE = "application/ocsp-response"
_LONGEST_GET = 255
"""Requests up to so many bytes after encoding go by GET, which caches understand (RFC 5019 §5, RFC 9111)."""

_MOST_PLACES = 8
"""How many addresses of one kind are tried for one certificate."""


class RemoteRevocation:
    """Asks OCSP responders first, by POST, and by GET where that fails; then fetches CRLs.

    An answer that is not about the certificate, or that nobody entitled signed, is worth nothing: the next address is
    asked. Whether an answer is fresh and its signer in good standing is for the rules to decide.
    """

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def revocation_data(
        self,
        certificate: Certificate,
        issuer: Certificate,
        at: Instant,  # noqa: ARG002  others tell only what is now
    ) -> Iterator[bytes]:
        """OCSP answers, then CRLs, each fetched when it is asked for; raises `RevocationDataUnavailable` at the end."""
        failures: list[str] = []
        answered = False
        for found in (
            self._ocsp_answers(certificate, issuer, failures),
            self._crls(certificate, issuer, failures),
        ):
            for encoding in found:
                answered = True
                yield encoding
        if failures and not answered:
            raise RevocationDataUnavailable(
                certificate=certificate.subject.text or f"#{certificate.serial_number:x}",
                detail="; ".join(failures),
            )

    def issuers(self, certificate: Certificate) -> Iterator[bytes]:
        """What caIssuers names: a certificate, or a certs-only CMS (RFC 5280 §4.2.2.1)."""
        failures: list[str] = []
        answered = False
        for url in certificate.extensions.ca_issuers_urls[:_MOST_PLACES]:
            try:
                data = self._fetcher.fetch(url)
                found = [c for c in _certificates(data) if c.subject == certificate.issuer]
            except (FetchFailed, MalformedInput) as error:
                failures.append(_told(url, error))
                continue
            if not found:
                failures.append(_told(url, None, "no certificate of the issuer"))
            for each in found:
                answered = True
                yield each.der
        if failures and not answered:
            raise IssuerUnavailable(
                certificate=certificate.subject.text or f"#{certificate.serial_number:x}",
                detail="; ".join(failures),
            )

    def _ocsp_answers(
        self, certificate: Certificate, issuer: Certificate, failures: list[str]
    ) -> Iterator[bytes]:
        request = ocsp_request(certificate, issuer)
        for url in certificate.extensions.ocsp_urls[:_MOST_PLACES]:
            try:
                answer = self._ask(url, request)
                response = parse_ocsp_response(answer)
            except (FetchFailed, MalformedInput) as error:
                failures.append(_told(url, error))
                continue
            about = [
                single
                for single in response.responses
                if single.certificate.serial_number == certificate.serial_number
                and single.status is not CertificateStatus.UNKNOWN
            ]
            if not about:
                failures.append(_told(url, None, "the answer does not know the certificate"))
                continue
            material = build_material([issuer, *response.certificates], (), [response])
            signers = [c for c in material.certificates if material.is_signed_by(response.id, c)]
            if not any(c.id == issuer.id or material.is_signed_by(c.id, issuer) for c in signers):
                failures.append(_told(url, None, "the answer is not signed by the issuer or its responder"))
                continue
            yield response.der

    def _ask(self, url: str, request: bytes) -> bytes:
        """By POST; where that fails and the request is short, by GET (RFC 6960 appendix A.1)."""
        try:
            return self._fetcher.fetch(url, Inquiry(request, _REQUEST), accept=_RESPONSE)
        except FetchFailed:
            encoded = quote(base64.b64encode(request).decode(), safe="")
            if len(encoded) > _LONGEST_GET:
                raise
            try:
                return self._fetcher.fetch(f"{url.rstrip('/')}/{encoded}", accept=_RESPONSE)
            except FetchFailed:
                pass
            raise

    def _crls(self, certificate: Certificate, issuer: Certificate, failures: list[str]) -> Iterator[bytes]:
        for url in _crl_urls(certificate.extensions.crl_distribution_points)[:_MOST_PLACES]:
            try:
                crl = parse_crl(_der(self._fetcher.fetch(url)))
            except (FetchFailed, MalformedInput) as error:
                failures.append(_told(url, error))
                continue
            if crl.issuer == issuer.subject:
                material = build_material([issuer], [crl])
                if not material.is_signed_by(crl.id, issuer):
                    failures.append(_told(url, None, "the list is not signed by the issuer"))
                    continue
            yield crl.der


def ocsp_request(certificate: Certificate, issuer: Certificate) -> bytes:
    """An OCSPRequest for one certificate (RFC 6960 §4.1.1).

    The certificate is named by SHA-1, which every responder knows (RFC 5019 §2.1.1): a name, not a proof. No nonce is
    sent: most responders answer from stock, and the answer's own times tell its age.
    """
    digest = DigestAlgorithm.SHA1
    identifier = CertificateIdentifier(
        digest,
        digest.digest(issuer.subject.der),
        digest.digest(subject_key_bits(issuer.public_key.spki)),
        certificate.serial_number,
    )
    single = der.sequence(certificate_id(identifier))
    return der.sequence(der.sequence(der.sequence(single)))


def _certificates(data: bytes) -> tuple[Certificate, ...]:
    """Certificates in DER, PEM or a CMS."""
    try:
        return certificates_in(data)
    except MalformedInput:
        return read_signed_data(data).certificates


def _crl_urls(points: Iterable[DistributionPoint]) -> list[str]:
    names = (name for point in points for name in point.full_name)
    found = (
        name.value
        for name in names
        if name.kind is GeneralNameKind.URI
        and isinstance(name.value, str)
        and name.value.lower().startswith("http")
    )
    return list(dict.fromkeys(found))


def _der(data: bytes) -> bytes:
    """A list in DER; some are published in PEM nevertheless."""
    head, _, rest = data.partition(b"-----BEGIN X509 CRL-----")
    if rest and not head.strip():
        try:
            return base64.b64decode(rest.partition(b"-----END")[0])
        except ValueError:
            return data
    return data


def _told(url: str, error: ShirushiError | None, words: str = "") -> str:
    """An address with what went wrong there, on record as well."""
    if error is not None:
        words = str(error.parameters.get("detail") or error.explain("en"))
    _log.warning("revocation.place-failed", extra={"url": url, "detail": words})
    return f"URL {url}: {words}"
