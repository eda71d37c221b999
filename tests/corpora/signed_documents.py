"""The signed documents of the EU's validation library, each judged once: by content, pinned time, trust and policy."""

import json
import os
import time
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from shirushi.adapters.media_types import media_type_of
from shirushi.codecs.pdf.rebuild import RebuiltPdf
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import DigestedDocument, Document, document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import SignatureEvidence, TrustAnchor
from shirushi.core.verdict import SignatureVerdict
from shirushi.formats.asic.container import AsicKind
from shirushi.formats.asic.either import Asic
from shirushi.formats.jades.parse import parse as parse_jades
from shirushi.formats.pades.parse import parse as parse_pades
from shirushi.formats.plain.beside import only_proof, with_proofs
from shirushi.formats.plain.files import parse_cms_file, parse_xml_file
from shirushi.formats.plain.records import ERS_TYPE, parse_record
from shirushi.formats.plain.tokens import parse_token
from shirushi.rules.ades import EU, Severity, ValidationPolicy, validate_signature
from shirushi.rules.evidence_record import RecordStatus, verify_record
from shirushi.services.validation.service import embedded_material

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("SHIRUSHI_CORPORA") or ROOT.parent / "shared" / "corpora") / "signed-documents"
NOW = datetime(2026, 1, 1, tzinfo=UTC)

_LENIENT = replace(
    EU,
    signer_revocation=Severity.IGNORE,
    ca_revocation=Severity.IGNORE,
    time_stamp_revocation=Severity.IGNORE,
    time_stamp_ca_revocation=Severity.IGNORE,
    cryptography=Severity.IGNORE,
)
_STRICT = replace(_LENIENT, certificate_reference=Severity.FAIL, legacy_certificate_reference=Severity.FAIL)
TRUSTED: dict[str, ValidationPolicy] = {
    # whose tests trust a root: here every self-issued certificate inside, or else every one, a day after the claimed signing time
    "container-signed.adoc": _LENIENT,
    "container-with-xmlns-manifest-namespace.asice": _LENIENT,
    "sig-6_2.odt": _LENIENT,
    "libreoffice.ods": _STRICT,
    "DSS-1683.pdf": _STRICT,
}
LITERALS = {
    "C-E-ERS-detached-original-not-covered.p7s": b"Hello World!",
    "Double-C-E-ERS-detached_hashtree_renewal.p7m": b"Hello World !!!",
    "test.txt.signed_Certipost-2048.detached.old.p7s": b"test",
    "jades-flattened-BpB-detached-objectByURIHash.json": b"TL-039 Test Document",
    "d-trust.tsr": b"Test123",
    "BIN-3_ER.ers": b"some binary content",
}
"""What detached signatures and records are over, where the file's own test writes it out."""
DIGESTS = {
    "cades-double-signing-certificate.p7m": "CPp2OwWzeZg/KAo4QFQuwtYttnH/HlN2xCxgLkrn/7g=",
    "cades-invalid-ocsp-responses-encoding.p7s": "wiaO5sDf+PLlr1A4msw2Z0yiFE+5DIPbMdGpwB3rlNo=",
}
"""SHA-256 of what they are over, where their tests give no more either."""
ELSEWHERE = {
    # another file of the corpora, or one inside a container there
    "C-E-ERS-detached-ber.p7s": "evidence-records/dss-cades/validation/evidence-record/TestDataLogo.png",
    "detached_with_counter_sig.p7m": "signed-documents/dss-asic-cades/validation/"
    "cades-duplicate-orphan-revocation.asice!CMSPKCS7-default.mod",
    **dict.fromkeys(
        (
            "X-E-ERS-DETACHED-LT-data-not-covered-chain-renewal-invalid.xml",
            "X-E-ERS-DETACHED-LT-data-not-covered-chain-renewal.xml",
            "X-E-ERS-DETACHED-LT-sig-invalid-digest.xml",
            "X-E-ERS-DETACHED-LT-sig-not-covered.xml",
        ),
        "signed-documents/dss-asic-xades/validation/no-root-signed-file.asics!hello/sample.xml",
    ),
}
"""What has the digest that was signed."""
RECORD_BESIDE = {
    # what its tests give beside it
    "Signature-C-LTA-d233a2d9-a257-40dc-bcdb-bf4516b6d1da.p7m": "evidence-records/dss-cades/validation/evidence-record/"
    "evidence-record-d233a2d9-a257-40dc-bcdb-bf4516b6d1da.xml",
}
COUNTED = {"xades-500-references.xml", "xades-900-references.xml"}
"""Over files that their test numbers and writes."""
TRUSTED_ELSEWHERE = {"self-issued-qesig.pdf": "dss-asic-xades/validation/libreoffice.ods"}
"""Whose tests trust a CA of which the certificate stands in another file."""

_RECORD_WORDS = {
    RecordStatus.INTACT: {"PASSED"},
    RecordStatus.BROKEN: {"TOTAL_FAILED", "HASH_FAILURE"},
    RecordStatus.INCOMPLETE: {"INDETERMINATE", "SIGNED_DATA_NOT_FOUND"},
}


@dataclass(frozen=True)
class Judged:
    """A file with what its tests assert and what we say."""

    path: str
    tests: list[dict]
    verdicts: tuple[SignatureVerdict, ...] = ()
    refused: str = ""
    seconds: float = 0.0
    """Of this process."""
    signatures: tuple[SignatureEvidence, ...] = field(default=())

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def group(self) -> str:
        return self.path.partition("/")[0]

    @property
    def control(self) -> bool:
        """Whether every test keeps the base assertion: references found and intact, value verified."""
        return all("checkBLevelValid" not in test["overrides"] for test in self.tests)

    @property
    def told(self) -> list[set[str]]:
        """The indication and sub-indication of each signature, time-stamp and record."""
        found = []
        for verdict in self.verdicts:
            for each in (verdict, *verdict.time_stamps):
                sub = {each.sub_indication.value} if each.sub_indication else set()
                found.append({each.indication.value, *sub})
            found += [_RECORD_WORDS[verify_record(r).status] for r in verdict.signature.evidence_records]
        return found


def parsed(group: str, given: Document, contents: tuple[Document, ...] = ()) -> tuple[SignatureEvidence, ...]:
    if group.startswith("dss-asic"):
        return Asic(AsicKind.E).parse(given)
    if group == "dss-jades":
        return parse_jades(given, contents)
    match given.media_type:
        case "application/pdf":
            return parse_pades(given, RebuiltPdf)
        case "application/timestamp-reply" | "application/vnd.etsi.timestamp-token":
            return parse_token(given, contents)
        case kind if kind == ERS_TYPE:
            return parse_record(given, contents)
        case "application/xml":
            return parse_xml_file(given, contents)
        case _ if group == "dss-xades":
            return parse_xml_file(given, contents)
        case _:
            return parse_cms_file(given, contents)


def contents_of(name: str) -> tuple[Document, ...]:
    """What the file is over, besides what it holds."""
    if name in LITERALS:
        return (document(LITERALS[name], "TEST-DOC.txt"),)
    if name in DIGESTS:
        return (
            DigestedDocument(
                digests=(Digest(DigestAlgorithm.SHA256, b64decode(DIGESTS[name])),), name="content"
            ),
        )
    if name in COUNTED:
        return tuple(document(b"test content %d" % n, f"testFile_{n}.txt") for n in range(1, 901))
    if name in ELSEWHERE:
        path, _, member = ELSEWHERE[name].partition("!")
        data = (FOLDER.parent / path).read_bytes()
        if member:
            data = ZipFile(BytesIO(data)).read(member)
        return (document(data, (member or path).rpartition("/")[2]),)
    return ()


def with_records(
    name: str, given: Document, signatures: tuple[SignatureEvidence, ...]
) -> tuple[SignatureEvidence, ...]:
    """The signatures with the evidence record that the file's tests give beside it."""
    if name not in RECORD_BESIDE:
        return signatures
    record = document((FOLDER.parent / RECORD_BESIDE[name]).read_bytes(), RECORD_BESIDE[name])
    return with_proofs(signatures, [only_proof(parse_xml_file(record, [given]))])


@cache
def judged() -> tuple[Judged, ...]:
    return tuple(_judged())


def _judged() -> Iterator[Judged]:
    for entry in json.loads((FOLDER / "expected.json").read_text()):
        path = entry["path"]
        data = (FOLDER / path).read_bytes()
        name = path.rpartition("/")[2]
        given = document(data, name, media_type_of(data[:1024], name))
        contents = contents_of(name)
        one = Judged(path, entry["tests"])
        start = time.process_time()
        try:
            signatures = with_records(name, given, parsed(one.group, given, contents))
        except MalformedInput as error:
            yield replace(one, refused=error.code)
            continue
        verdicts = tuple(_verdict(each, signatures, name) for each in signatures)
        yield replace(one, verdicts=verdicts, seconds=time.process_time() - start, signatures=signatures)


def _verdict(
    signature: SignatureEvidence, every: tuple[SignatureEvidence, ...], name: str
) -> SignatureVerdict:
    if name in TRUSTED_ELSEWHERE:
        given = FOLDER / TRUSTED_ELSEWHERE[name]
        held = embedded_material(parsed("dss-asic", document(given.read_bytes(), given.name)), ())
        issuers = {c.issuer for each in every for c in each.certificates}
        anchors = tuple(TrustAnchor(c) for c in held.certificates if c.subject in issuers)
        at = (signature.claimed_signing_time or NOW) + timedelta(days=1)
        return validate_signature(signature, embedded_material(every, anchors), anchors, _LENIENT, at)
    material = embedded_material(every, ())
    policy = TRUSTED.get(name)
    if policy is None:
        return validate_signature(signature, material, (), EU, NOW)
    roots = [c for c in material.certificates if c.self_issued] or material.certificates
    anchors = tuple(TrustAnchor(c) for c in roots)
    at = (signature.claimed_signing_time or NOW) + timedelta(days=1)
    return validate_signature(signature, material, anchors, policy, at)
