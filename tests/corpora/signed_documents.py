"""The signed documents of the EU's validation library, each judged once: by content, pinned time, trust and policy."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from shirushi.adapters.media_types import media_type_of
from shirushi.codecs.pdf.rebuild import RebuiltPdf
from shirushi.core.document import Document, document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import SignatureEvidence, TrustAnchor
from shirushi.core.verdict import SignatureVerdict
from shirushi.formats.asic.container import AsicKind
from shirushi.formats.asic.either import Asic
from shirushi.formats.jades.parse import parse as parse_jades
from shirushi.formats.pades.parse import parse as parse_pades
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
CONTENTS = {
    "C-E-ERS-detached-original-not-covered.p7s": b"Hello World!",
    "BIN-3_ER.ers": b"some binary content",
}
"""What detached signatures and records are over, where that is known."""

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


@cache
def judged() -> tuple[Judged, ...]:
    return tuple(_judged())


def _judged() -> Iterator[Judged]:
    for entry in json.loads((FOLDER / "expected.json").read_text()):
        path = entry["path"]
        data = (FOLDER / path).read_bytes()
        name = path.rpartition("/")[2]
        given = document(data, name, media_type_of(data[:1024], name))
        contents = (document(CONTENTS[name], "content"),) if name in CONTENTS else ()
        one = Judged(path, entry["tests"])
        start = time.process_time()
        try:
            signatures = parsed(one.group, given, contents)
        except MalformedInput as error:
            yield replace(one, refused=error.code)
            continue
        verdicts = tuple(_verdict(each, signatures, name) for each in signatures)
        yield replace(one, verdicts=verdicts, seconds=time.process_time() - start, signatures=signatures)


def _verdict(
    signature: SignatureEvidence, every: tuple[SignatureEvidence, ...], name: str
) -> SignatureVerdict:
    material = embedded_material(every, ())
    policy = TRUSTED.get(name)
    if policy is None:
        return validate_signature(signature, material, (), EU, NOW)
    roots = [c for c in material.certificates if c.self_issued] or material.certificates
    anchors = tuple(TrustAnchor(c) for c in roots)
    at = (signature.claimed_signing_time or NOW) + timedelta(days=1)
    return validate_signature(signature, material, anchors, policy, at)
