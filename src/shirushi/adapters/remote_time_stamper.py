"""Serves the port `TimeStamper` from an authority elsewhere (RFC 3161 over HTTP); what it answers is checked before use."""

from __future__ import annotations

from shirushi.codecs.asn1.tsp import (
    TimeStampRequest,
    encode_timestamp_request,
    parse_timestamp_response,
)
from shirushi.core.actor import Actor
from shirushi.core.algorithms import Digest
from shirushi.core.errors import MalformedInput, ShirushiError
from shirushi.core.evidence import TimeStampKind
from shirushi.formats.cms.evidence import parse_timestamp_token
from shirushi.ports.clock import Entropy
from shirushi.ports.fetcher import Fetcher, Inquiry

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
TOKEN_SPACE = 16_384
"""Bytes reserved for a token of an authority that does not say how long its tokens are."""
_TIME_STAMPING = "1.3.6.1.5.5.7.3.8"


class RemoteStampRefused(ShirushiError):
    """The authority at `url` did not give a time-stamp that can be used: `detail`."""

    code = "REMOTE_STAMP_REFUSED"


class RemoteTimeStamper:
    """Asks one authority. Thread-safe, as its fetcher is."""

    def __init__(self, url: str, fetcher: Fetcher, entropy: Entropy) -> None:
        self._url = url
        self._fetcher = fetcher
        self._entropy = entropy

    def stamp(self, actor: Actor, imprint: Digest) -> bytes:  # noqa: ARG002  the authority does not know our actors
        """A token over `imprint`, of the authority's key, for this very request.

        Raises a `FetchFailed` that names the address, or `RemoteStampRefused` for a refusal and for an answer that is
        wrong: another imprint or nonce, a signature that does not verify, a certificate that is not for time-stamps.
        """
        nonce = bytes([self._entropy.bytes(1)[0] & 0x7F | 0x40]) + self._entropy.bytes(7)
        request = TimeStampRequest(imprint, nonce=nonce, certificates_requested=True)
        inquiry = Inquiry(encode_timestamp_request(request), QUERY)
        answer = self._fetcher.fetch(self._url, inquiry, accept=REPLY)
        try:
            response = parse_timestamp_response(answer)
            if not response.granted or response.token is None:
                raise self._refused(f"status {int(response.status)} {response.text[:200]}".strip())
            self._check(response.token, imprint, int.from_bytes(nonce))
        except MalformedInput as error:
            raise self._refused(error.explain("en")) from error
        return response.token

    def token_size(self) -> int:
        """An upper bound of a token's length in bytes."""
        return TOKEN_SPACE

    def _check(self, token: bytes, imprint: Digest, nonce: int) -> None:
        evidence = parse_timestamp_token(token, TimeStampKind.SIGNATURE, lambda _: imprint)
        certificate = evidence.signature.signing_certificate
        if evidence.info.imprint != imprint:
            raise self._refused("the token is over another imprint")
        if evidence.info.nonce != nonce:
            raise self._refused("the token is for another request: its nonce differs")
        if certificate is None:
            raise self._refused("the token has no certificate")
        if evidence.signature.integrity is not True:
            raise self._refused("the token's signature does not verify")
        if _TIME_STAMPING not in (certificate.extensions.extended_key_usage or ()):
            raise self._refused("the token's certificate is not for time-stamps")
        if len(token) > TOKEN_SPACE:
            raise self._refused(f"the token has {len(token)} bytes")

    def _refused(self, detail: str) -> RemoteStampRefused:
        return RemoteStampRefused(url=self._url, detail=detail)
