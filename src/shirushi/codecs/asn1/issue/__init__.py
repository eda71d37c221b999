"""Build what a certification authority signs: certificates (RFC 5280 §4), CRLs (RFC 5280 §5), OCSP answers (RFC 6960).

Each builder gives the bytes to be signed; `signed` and `basic_response` put the value to them. What repeats (a name, an
extension, the entry of a CRL) is encoded once by its owner and spliced in as bytes.
"""

from shirushi.codecs.asn1.issue.certificate import key_identifier, signed, tbs_certificate
from shirushi.codecs.asn1.issue.crl import crl_entry, tbs_cert_list
from shirushi.codecs.asn1.issue.name import ATTRIBUTE_TYPES, encode_name
from shirushi.codecs.asn1.issue.ocsp import (
    OcspRequest,
    OcspResponseStatus,
    RequestedStatus,
    ResponseFrame,
    basic_response,
    certificate_id,
    certificate_status,
    ocsp_failure,
    ocsp_response,
    parse_ocsp_request,
    response_data,
    response_extensions,
    response_head,
    single_response,
    status_times,
)

__all__ = [
    "ATTRIBUTE_TYPES",
    "OcspRequest",
    "OcspResponseStatus",
    "RequestedStatus",
    "ResponseFrame",
    "basic_response",
    "certificate_id",
    "certificate_status",
    "crl_entry",
    "encode_name",
    "key_identifier",
    "ocsp_failure",
    "ocsp_response",
    "parse_ocsp_request",
    "response_data",
    "response_extensions",
    "response_head",
    "signed",
    "single_response",
    "status_times",
    "tbs_cert_list",
    "tbs_certificate",
]
