"""The object identifiers of extensions, and which of them can be processed here (RFC 5280 §4.2, §5.2; RFC 6960 §4.4)."""

from __future__ import annotations

from collections.abc import Iterator

from shirushi.core.evidence import Certificate, TrustAnchor
from shirushi.core.reason import Reason, reason

_BASIC_CONSTRAINTS = "2.5.29.19"
_NAME_CONSTRAINTS = "2.5.29.30"
_POLICY_CONSTRAINTS = "2.5.29.36"
_INHIBIT_ANY_POLICY = "2.5.29.54"

OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
"""id-kp-OCSPSigning (RFC 6960 §4.2.2.2)."""

PROCESSABLE = frozenset(
    {
        _BASIC_CONSTRAINTS,
        _NAME_CONSTRAINTS,
        _POLICY_CONSTRAINTS,
        _INHIBIT_ANY_POLICY,
        "2.5.29.15",  # key usage
        "2.5.29.17",  # subject alternative name
        "2.5.29.31",  # CRL distribution points
        "2.5.29.32",  # certificate policies
        "2.5.29.33",  # policy mappings
        "2.5.29.37",  # extended key usage: whoever asks for the path knows what it is for
        "1.3.6.1.5.5.7.1.3",  # qualified certificate statements (RFC 3739 §3.2.6)
        "1.3.6.1.5.5.7.48.1.5",  # id-pkix-ocsp-nocheck
        "0.4.0.194121.2.1",  # validity assured, short term (EN 319 412-1 §5.2)
    }
)
"""What a certificate may mark as critical and still be processed.

The identifiers of keys, the freshest CRL and the access to information must never be critical (RFC 5280 §4.2.1.1,
§4.2.1.2, §4.2.1.15, §4.2.2.1): where one is, it is not the extension that we know.
"""

PROCESSABLE_ON_CRL = frozenset(
    {
        "2.5.29.20",  # CRL number
        "2.5.29.27",  # delta CRL indicator
        "2.5.29.28",  # issuing distribution point
        "2.5.29.60",  # expired certificates on CRL (X.509 §9.5.2.8)
    }
)
"""What a revocation list may mark as critical and still be processed (RFC 5280 §5.2)."""

PROCESSABLE_IN_OCSP = frozenset(
    {
        "1.3.6.1.5.5.7.48.1.2",  # nonce: whoever asked has compared it
        "1.3.6.1.5.5.7.48.1.6",  # archive cutoff
        "1.3.36.8.3.13",  # certificate hash (Common PKI part 4 §3.1.2)
    }
)
"""What an OCSP response may mark as critical and still be processed (RFC 6960 §4.4)."""

_LIMITS_OF_ANCHORS = frozenset(
    {_BASIC_CONSTRAINTS, _NAME_CONSTRAINTS, _POLICY_CONSTRAINTS, _INHIBIT_ANY_POLICY}
)


def unusable_extensions(certificate: Certificate) -> Iterator[Reason]:
    """Why `certificate` cannot be relied upon for its extensions: repeated, malformed, critical and unknown (§4.2)."""
    extensions = certificate.extensions
    yield from _reasons("PATH_EXTENSION_REPEATED", certificate, extensions.repeated)
    yield from _reasons("PATH_EXTENSION_MALFORMED", certificate, extensions.malformed)
    yield from _reasons("PATH_EXTENSION_UNKNOWN", certificate, extensions.critical - PROCESSABLE)


def unusable_anchor_extensions(anchor: TrustAnchor) -> Iterator[Reason]:
    """As `unusable_extensions`, of those alone that limit what an anchor is trusted for (RFC 5937 §3.2)."""
    certificate = anchor.certificate
    extensions = certificate.extensions
    yield from _reasons("PATH_EXTENSION_REPEATED", certificate, extensions.repeated & _LIMITS_OF_ANCHORS)
    yield from _reasons("PATH_EXTENSION_MALFORMED", certificate, extensions.malformed & _LIMITS_OF_ANCHORS)
    yield from _reasons("PATH_EXTENSION_UNKNOWN", certificate, extensions.critical - PROCESSABLE)


def _reasons(code: str, certificate: Certificate, oids: frozenset[str]) -> Iterator[Reason]:
    for oid in sorted(oids):
        yield reason(code, subject=certificate.subject.text, oid=oid)
