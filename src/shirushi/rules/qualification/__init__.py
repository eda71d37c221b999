"""What certificates, signatures and time-stamps are qualified as by trusted lists (ETSI TS 119 615)."""

from shirushi.rules.qualification.alternatives import alternatives
from shirushi.rules.qualification.anchors import listed_anchors
from shirushi.rules.qualification.certificate import qualify_certificate
from shirushi.rules.qualification.index import ServiceIndex, SourceList
from shirushi.rules.qualification.native import native_qualifications
from shirushi.rules.qualification.signature import qualify, qualify_signature, qualify_time_stamp

__all__ = [
    "ServiceIndex",
    "SourceList",
    "alternatives",
    "listed_anchors",
    "native_qualifications",
    "qualify",
    "qualify_certificate",
    "qualify_signature",
    "qualify_time_stamp",
]
