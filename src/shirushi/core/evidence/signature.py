"""What a signature says, and what cryptography says about it, apart from any trust."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from shirushi.core.algorithms import Digest, DigestAlgorithm, SignatureAlgorithm
from shirushi.core.evidence.certificate import Certificate, GeneralName
from shirushi.core.evidence.record import EvidenceRecord, RecordObject
from shirushi.core.evidence.revocation import Crl, OcspResponse
from shirushi.core.instant import Instant
from shirushi.core.reason import Reason


class SignatureFormat(Enum):
    """The format a signature was found in."""

    PADES = "PAdES"
    CADES = "CAdES"
    XADES = "XAdES"
    JADES = "JAdES"
    PDF_PKCS7 = "PDF-PKCS7"
    """A PDF signature older than PAdES: adbe.pkcs7.detached, adbe.pkcs7.sha1."""
    CMS = "CMS"
    """A CMS signature that is no AdES, and the signature of a time-stamp token."""
    XMLDSIG = "XMLDSig"
    """An XML signature that is no AdES: it has no signed properties."""
    TIME_STAMP = "RFC 3161"
    """A time-stamp token in a file of its own."""
    ERS = "RFC 4998"
    """An evidence record in a file of its own."""
    XMLERS = "RFC 6283"
    """The same in XML."""


class Level(Enum):
    """A baseline level (EN 319 142-1 §6, EN 319 122-1 §6, …), lowest first."""

    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"
    B_LTA = "B-LTA"

    @classmethod
    def parse(cls, text: str) -> Level:
        """Read `B`, `T`, `LT`, `LTA` or the whole name, in any case; raises ValueError."""
        name = text.upper()
        return cls(name if name.startswith("B-") else f"B-{name}")


class ReferenceKind(Enum):
    """What a reference is to: data, a manifest, or what a signed manifest lists and the signature covers through it."""

    DATA = "data"
    MANIFEST = "manifest"
    MANIFEST_ENTRY = "manifest-entry"


@dataclass(frozen=True, slots=True)
class Reference:
    """One thing that the signature covers: the message digest of a CMS, or a reference of XAdES and JAdES.

    `found` is whether the data is at hand, `intact` whether its digest is the signed one (None while not found).
    `name_matches` is whether what is at hand has the name that was signed, None where it need not have one.
    """

    name: str
    found: bool
    intact: bool | None
    digest_algorithm: DigestAlgorithm | None = None
    kind: ReferenceKind = ReferenceKind.DATA
    name_matches: bool | None = None


@dataclass(frozen=True, slots=True)
class CertificateReference:
    """The signed reference to the signing certificate (ESSCertIDv2, SigningCertificateV2, x5t#S256).

    `matches` is whether its digest is that of the certificate used; `issuer_serial_matches` is None where the
    reference names no issuer and serial number.
    """

    digest: Digest
    matches: bool
    issuer_serial_matches: bool | None = None


@dataclass(frozen=True, slots=True)
class SignaturePolicyIdentifier:
    """The signature policy that the signer named (EN 319 122-1 §5.2.9); `oid` is empty for the implied policy.

    `uri` is where its document is found, `notice` what is to be shown to whoever relies on the signature.
    """

    oid: str
    digest: Digest | None = None
    uri: str | None = None
    notice: str | None = None


class TimeStampKind(Enum):
    """What a time-stamp covers."""

    CONTENT = "content"
    SIGNATURE = "signature"
    DOCUMENT = "document"
    ARCHIVE = "archive"
    EVIDENCE_RECORD = "evidence-record"
    """A tree of digests, among them that of a document or of an older time-stamp (RFC 4998 §4)."""


@dataclass(frozen=True, slots=True)
class TstInfo:
    """TSTInfo (RFC 3161 §2.4.2). `accuracy` is the declared one, zero where it is not stated."""

    policy_oid: str
    imprint: Digest
    serial_number: int
    gen_time: Instant
    accuracy: timedelta = timedelta(0)
    ordering: bool = False
    nonce: int | None = None
    tsa: GeneralName | None = None


@dataclass(frozen=True, slots=True)
class TimeStampEvidence:
    """A time-stamp token where it was found. `imprint_intact` is whether it covers what it should; None: data missing.

    `signature` is the token's own CMS signature; its single reference is the TSTInfo. `covers` holds the ids of the
    signatures, time-stamps, certificates, CRLs and OCSP responses whose bytes it covers, and so proves to have existed;
    None where the parser did not find that out.
    """

    id: str
    kind: TimeStampKind
    info: TstInfo
    imprint_intact: bool | None
    signature: SignatureEvidence
    der: bytes = field(repr=False, default=b"")
    covers: frozenset[str] | None = None

    @property
    def identifiers(self) -> frozenset[str]:
        """The ids of the token and of everything inside it."""
        return self.signature.identifiers | {self.id}


@dataclass(frozen=True, slots=True)
class RecordEvidence:
    """An evidence record where it was found, and what is at hand of that which it should cover.

    `stamps` are the tokens of its archive time-stamps in their order; whether an imprint is the right one, and what it
    covers, is for the rules to find out. `structure` lists what is wrong with the record as a format.
    """

    record: EvidenceRecord
    stamps: tuple[TimeStampEvidence, ...]
    objects: tuple[RecordObject, ...] = ()
    structure: tuple[Reason, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    crls: tuple[Crl, ...] = ()
    ocsp_responses: tuple[OcspResponse, ...] = ()
    name: str = ""

    @property
    def identifiers(self) -> frozenset[str]:
        """The ids of its tokens, and of everything that they and the record carry."""
        held = (self.certificates, self.crls, self.ocsp_responses)
        own = {each.id for kind in held for each in kind}
        return frozenset(own.union(*(stamp.identifiers for stamp in self.stamps)))


class ChangeKind(Enum):
    """What an update after a signature did."""

    SIGNATURE_ADDED = "signature-added"
    TIMESTAMP_ADDED = "timestamp-added"
    VALIDATION_DATA_ADDED = "validation-data-added"
    FORM_FILLED = "form-filled"
    ANNOTATION = "annotation"
    METADATA = "metadata"
    CONTENT_CHANGED = "content-changed"
    UNEXPLAINED_BYTES = "unexplained-bytes"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was changed after a signature. `allowed` is whether the signature permitted it (DocMDP, FieldMDP).

    `where` names the place for a person: a field, a page, an object number.
    """

    kind: ChangeKind
    allowed: bool
    where: str = ""


@dataclass(frozen=True, slots=True)
class SignatureEvidence:
    """One signature. `id` is the hexadecimal SHA-256 of its signature value.

    `value_intact` is whether the signature value verifies under the signing certificate's key, None where there is no
    certificate or the algorithm is not supported. `structure` lists what is wrong with the format itself (EN 319 102-1
    §5.2.2); `level` is the level its attributes claim, before any validation, None where it is not even B-B, and
    `level_failings` says why. `changes` and `covers_whole_document` speak of formats that can be updated in place.
    `attributes_digest_algorithms` are further digest algorithms on which the signature depends.
    """

    id: str
    format: SignatureFormat
    references: tuple[Reference, ...]
    value_intact: bool | None
    signature_oid: str
    signature_algorithm: SignatureAlgorithm | None
    signing_certificate: Certificate | None
    certificate_reference: CertificateReference | None
    certificates: tuple[Certificate, ...] = ()
    crls: tuple[Crl, ...] = ()
    ocsp_responses: tuple[OcspResponse, ...] = ()
    claimed_signing_time: Instant | None = None
    policy: SignaturePolicyIdentifier | None = None
    content_timestamps: tuple[TimeStampEvidence, ...] = ()
    signature_timestamps: tuple[TimeStampEvidence, ...] = ()
    archive_timestamps: tuple[TimeStampEvidence, ...] = ()
    evidence_records: tuple[RecordEvidence, ...] = ()
    time_stamp: TimeStampEvidence | None = None
    """The token whose signature this is, where the token stands alone."""
    structure: tuple[Reason, ...] = ()
    level: Level | None = None
    level_failings: tuple[Reason, ...] = ()
    changes: tuple[Change, ...] = ()
    covers_whole_document: bool = True
    name: str = ""
    """The name of the place that holds it: a PDF signature field, an XML Id."""
    signature_value: bytes = field(repr=False, default=b"")
    attributes_digest_algorithms: tuple[DigestAlgorithm, ...] = ()
    claims: tuple[tuple[str, str], ...] = ()
    """What the signer says and nobody checked: a PDF's Name, Reason, Location, ContactInfo."""
    countersigns: str = ""
    """The id of the signature that this one countersigns; empty where it is over the document."""

    @property
    def stands_alone(self) -> bool:
        """Whether it is a time-stamp token or an evidence record by itself: it proves existence, and nobody's will."""
        return self.format in {SignatureFormat.TIME_STAMP, SignatureFormat.ERS, SignatureFormat.XMLERS}

    @property
    def time_stamps(self) -> tuple[TimeStampEvidence, ...]:
        """Its time-stamps of every kind but those of evidence records."""
        return (*self.content_timestamps, *self.signature_timestamps, *self.archive_timestamps)

    @property
    def every_time_stamp(self) -> tuple[TimeStampEvidence, ...]:
        """Those of its evidence records as well, and the one that it is."""
        recorded = (stamp for record in self.evidence_records for stamp in record.stamps)
        return (*self.time_stamps, *recorded, *([self.time_stamp] if self.time_stamp else ()))

    @property
    def identifiers(self) -> frozenset[str]:
        """The ids of the signature, and of everything that it carries but evidence records."""
        held = (self.certificates, self.crls, self.ocsp_responses)
        own = {self.id, *(each.id for kind in held for each in kind)}
        return frozenset(own.union(*(stamp.identifiers for stamp in self.time_stamps)))

    @property
    def integrity(self) -> bool | None:
        """Whether references and value are both intact; None when that could not be found out. Apart from any trust."""
        if self.value_intact is False or any(r.intact is False for r in self.references):
            return False
        if self.value_intact is None or not self.references or any(r.intact is None for r in self.references):
            return None
        return True
