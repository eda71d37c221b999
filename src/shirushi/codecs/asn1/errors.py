"""What can be wrong with bytes that should be ASN.1."""

from __future__ import annotations

from shirushi.core.errors import MalformedInput


class MalformedAsn1(MalformedInput):
    """Bytes that are not the encoding their place demands."""

    code = "ASN1_MALFORMED"


class Asn1TooComplex(MalformedInput):
    """An encoding nested deeper, or longer, than is ever needed."""

    code = "ASN1_TOO_COMPLEX"


class MalformedCertificate(MalformedInput):
    """Bytes that are no certificate (RFC 5280 §4.1)."""

    code = "CERTIFICATE_MALFORMED"


class MalformedCrl(MalformedInput):
    """Bytes that are no certificate revocation list (RFC 5280 §5.1)."""

    code = "CRL_MALFORMED"


class MalformedOcsp(MalformedInput):
    """Bytes that are no OCSP request or response (RFC 6960 §4)."""

    code = "OCSP_MALFORMED"


class OcspUnsuccessful(MalformedInput):
    """An OCSP response whose status is not successful: it tells nothing (RFC 6960 §4.2.1)."""

    code = "OCSP_UNSUCCESSFUL"


class MalformedCms(MalformedInput):
    """Bytes that are no SignedData (RFC 5652 §5.1)."""

    code = "CMS_MALFORMED"


class MalformedTimeStamp(MalformedInput):
    """Bytes that are no time-stamp request, response or token (RFC 3161 §2.4)."""

    code = "TIMESTAMP_MALFORMED"


class MalformedEvidenceRecord(MalformedInput):
    """Bytes that are no evidence record (RFC 4998 §3.1, RFC 6283 §2.1)."""

    code = "EVIDENCE_RECORD_MALFORMED"
