"""What certificates, signatures and time-stamps are qualified as by trusted lists (ETSI TS 119 615)."""

from shirushi.rules.qualification.certificate import qualify_certificate
from shirushi.rules.qualification.index import ServiceIndex, SourceList
from shirushi.rules.qualification.model import (
    CertificateQualification,
    Ground,
    Purpose,
    ServiceSource,
    SignatureQualification,
    Step,
    TimeStampQualification,
)
from shirushi.rules.qualification.signature import qualify_signature, qualify_time_stamp

__all__ = [
    "CertificateQualification",
    "Ground",
    "Purpose",
    "ServiceIndex",
    "ServiceSource",
    "SignatureQualification",
    "SourceList",
    "Step",
    "TimeStampQualification",
    "qualify_certificate",
    "qualify_signature",
    "qualify_time_stamp",
]
