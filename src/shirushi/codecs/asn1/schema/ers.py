"""ERS (RFC 4998 appendix B, the module with implicit tags)."""

from __future__ import annotations

from typing import Annotated

from cryptography.hazmat.asn1 import Implicit, sequence

from shirushi.codecs.asn1.schema import Any
from shirushi.codecs.asn1.schema.cms import Attribute
from shirushi.codecs.asn1.schema.x509 import AlgorithmIdentifier


@sequence
class EncryptionInfo:
    """RFC 4998 §6.1: how to get back the encrypted data as it was hashed."""

    encryption_info_type: Any
    encryption_info_value: Any


@sequence
class ArchiveTimeStampSyntax:
    """ArchiveTimeStamp (RFC 4998 §4.1). The timeStamp is a ContentInfo, kept as found."""

    digest_algorithm: Annotated[AlgorithmIdentifier | None, Implicit(0)] = None
    attributes: Annotated[list[Any] | None, Implicit(1)] = None  # SET OF Attribute
    reduced_hashtree: Annotated[list[list[bytes]] | None, Implicit(2)] = None
    time_stamp: Any


@sequence
class EvidenceRecordSyntax:
    """EvidenceRecord (RFC 4998 §3.1)."""

    version: int
    digest_algorithms: list[AlgorithmIdentifier]
    crypto_infos: Annotated[list[Attribute] | None, Implicit(0)] = None
    encryption_info: Annotated[EncryptionInfo | None, Implicit(1)] = None
    archive_time_stamp_sequence: list[list[ArchiveTimeStampSyntax]]
