"""Evidence records that others made (RFC 4998, RFC 6283): alone, in CAdES, in containers, each as its name says."""

import os
from functools import cache
from pathlib import Path

import pytest

from shirushi.codecs.xml.errors import MalformedXml
from shirushi.core.document import Document, document
from shirushi.core.evidence import SignatureEvidence
from shirushi.formats.asic.container import AsicKind
from shirushi.formats.asic.either import Asic
from shirushi.formats.plain.beside import only_proof, with_proofs
from shirushi.formats.plain.files import parse_cms_file, parse_xml_file
from shirushi.formats.plain.records import parse_record
from shirushi.formats.plain.tokens import parse_token
from shirushi.rules.evidence_record import RecordStatus, VerifiedRecord, verify_record

pytestmark = pytest.mark.corpora

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("SHIRUSHI_CORPORA") or ROOT.parent / "shared" / "corpora")
FOLDER = CORPORA / "evidence-records"

INTACT, BROKEN, INCOMPLETE = RecordStatus.INTACT, RecordStatus.BROKEN, RecordStatus.INCOMPLETE

ALONE_BROKEN = {
    "er-asn1-simple-invalid.ers",
    "evidence-record-d233a2d9-a257-40dc-bcdb-bf4516b6d1da-broken-tst.ers",
    "evidence-record-d233a2d9-a257-40dc-bcdb-bf4516b6d1da-wrong-digest-algo.xml",
    "er-chain-renewal-invalid.xml",
    "er-chain-renewal-copied-tst.xml",
    "er-tst-renewal-no-hashtree-invalid.xml",
    "er-tst-renewal-same-tst.xml",
    "er-hashtree-renewal-bad.xml",
    "er-tst-renewal-bad.xml",
    # a renewal does not cover the token before it: DSS 6.4 finds the same digests wrong
    "ER_UCL_01.xml",
    "xmler_1.txt.xml",
    "xmler_2.txt.xml",
    "xmler_2598.txt.xml",
    "xmler_2600.txt.xml",
    # as above, and the first tree does not lead to its token: DSS finds that too
    "xmler_001_renewed.xml",
}
BROKEN_TOKENS = {
    # the digests hold together, and a token's own signature is broken: EN 319 102-1 finds that
    "evidence-record-test-txt-invalid-tst.ers",
    "evidence-record-d233a2d9-a257-40dc-bcdb-bf4516b6d1da_renewed_hashtree-broken-tst.ers",
}
NOT_RECORDS = {"er-within-xades-inclusive.xml", "sample-c14n.xml", "valid-xades-t.xml", "er-malformed.xml"}

WITH_CONTENT = {
    "BIN-1_ER.ers": "BIN-1.bin",
    "BIN-3_ER.ers": "BIN-3.bin",
    "ER-2Chains3ATS.ers": "ER-2Chains3ATS1.bin",
    "bsi_gov_vte-lza_002.ers": "bsi_gov_vte-lza_002.bin",
}

LINE_ENDS_CHANGED = {"bsi_gov_vte-lza_002.bin"}
"""Archived with the line ends of Windows, which the corpus has lost."""

IN_CADES = {
    "C-E-ERS.p7m": (b"", INTACT),
    "CAdEs-BpT+ER-without-reducedHashTree.p7m": (b"", INTACT),
    "Double-C-E-ERS-basic.p7m": (b"", INTACT),
    "C-E-ERS-detached_renewed_hashtree.p7s": (b"Hello World!", INTACT),
    "C-E-ERS-detached_renewed_hashtree_invalid.p7s": (b"Hello World!", BROKEN),
    "C-E-ERS-detached-original-not-covered.p7s": (b"Hello World!", BROKEN),
    "C-B-B-wrong-er-attribute.p7m": (
        b"",
        INTACT,
    ),  # the attribute for detached content, around content inside
}

IN_CONTAINERS_BROKEN = {
    "cades-lt-with-er-chain-renewed-invalid-ref.sce",
    "cades-lt-with-er-chain-renewed-missed-ref.sce",
    "er-asn1-full-renewal-with-invalid-manifest.asice",
    "er-asn1-no-hashtree-wrong-digest.sce",
    "er-asn1-no-hashtree-wrong-manifest-file.sce",
    "er-no-hashtree-xml-manifest-canonicalized.sce",
}
IN_CONTAINERS_INCOMPLETE = {
    "er-asn1-full-renewal-no-manifest.asice",
    "er-asn1-no-hashtree-multiple-files-invalid.scs",
    "er-asn1-no-hashtree-no-manifest.sce",
    "er-asn1-tst-renewal-no-manifest.asice",
    "er-multi-file-data-not-found.asice",
    "er-no-hashtree-xml-manifest-wrong-sig-ref.sce",
}


def file_named(name: str) -> Document:
    path = next(FOLDER.rglob(name))
    return document(path.read_bytes(), name)


def alone(given: Document, *contents: Document) -> VerifiedRecord:
    parse = parse_xml_file if given.name.endswith(".xml") else parse_record
    (found,) = parse(given, contents)
    (record,) = found.evidence_records
    return verify_record(record)


def verified(found: tuple[SignatureEvidence, ...]) -> list[VerifiedRecord]:
    return [verify_record(record) for each in found for record in each.evidence_records]


@cache
def alone_files() -> tuple[str, ...]:
    endings = (".er", ".ers", ".xml")
    every = (path.name for path in FOLDER.rglob("*") if path.suffix in endings)
    return tuple(sorted(set(every) - NOT_RECORDS))


def test_records_alone_hold_together_or_not_as_they_are_named(corpora):
    assert len(alone_files()) > 70
    broken = {name for name in alone_files() if alone(file_named(name)).status is BROKEN}
    assert broken == ALONE_BROKEN


def test_tokens_of_good_records_are_intact_but_those_named_broken(corpora):
    wrong = {
        name
        for name in alone_files()
        for stamp in alone(file_named(name)).stamps
        if stamp.signature.integrity is not True
    }
    assert wrong == BROKEN_TOKENS


@pytest.mark.parametrize(("name", "content"), WITH_CONTENT.items())
def test_records_over_files_that_are_at_hand(corpora, name, content):
    given = file_named(content)
    if content in LINE_ENDS_CHANGED:
        given = document(given.read().replace(b"\n", b"\r\n"), content)
    record = alone(file_named(name), given)
    assert record.status is INTACT
    assert [(each.name, each.intact) for each in record.references] == [(content, True)]
    other = document(given.read() + b"!", content)
    changed = alone(file_named(name), other)
    assert changed.status is BROKEN
    assert not any(stamp.covers for stamp in changed.stamps)


def test_what_is_no_record_is_refused(corpora):
    with pytest.raises(MalformedXml):
        parse_xml_file(file_named("er-malformed.xml"))


@pytest.mark.parametrize(("name", "expected"), IN_CADES.items())
def test_records_in_cades(corpora, name, expected):
    content, status = expected
    contents = [document(content, "content")] if content else []
    (record,) = verified(parse_cms_file(file_named(name), contents))
    assert record.status is status, record.reasons


def test_a_record_in_cades_covers_the_signature_with_its_indefinite_lengths(corpora):
    given = file_named("C-E-ERS-detached-ber.p7s")
    (found,) = parse_cms_file(given, [file_named("TestDataLogo.png")])
    (record,) = verified((found,))
    assert record.status is INTACT
    assert found.id in record.stamps[0].covers


def test_a_record_in_xades(corpora):
    (found,) = parse_xml_file(file_named("er-within-xades-inclusive.xml"))
    (record,) = verified((found,))
    assert record.status is INTACT
    assert found.id in record.stamps[0].covers


def test_records_in_containers(corpora):
    statuses: dict[str, set[RecordStatus]] = {}
    folder = FOLDER / "dss-asic-cades" / "validation" / "evidencerecord"
    for path in sorted(folder.glob("*.[as]*")):
        found = Asic(AsicKind.E).parse(document(path.read_bytes(), path.name))
        statuses[path.name] = {each.status for each in verified(found)}
    assert len(statuses) == 38
    assert all(len(each) == 1 for each in statuses.values())
    assert {name for name, each in statuses.items() if BROKEN in each} == IN_CONTAINERS_BROKEN
    assert {name for name, each in statuses.items() if INCOMPLETE in each} == IN_CONTAINERS_INCOMPLETE


BESIDE = {
    # a record in a file of its own, over a signed file or a token, which may hold records as well
    "CAdEs-BpT-with-reducedHashTree.ers": ("CAdES-BpT.p7m", INTACT),
    "CAdEs-BpT-without-reducedHashTree.ers": ("CAdES-BpT.p7m", INTACT),
    "evidence-record-C-E-ERS.ers": ("C-E-ERS.p7m", INTACT),
    "evidence-record-Double-C-B-B-basic.ers": ("Double-C-B-B-basic.p7m", INTACT),
    "evidence-record-Double-C-E-ERS-basic.ers": ("Double-C-E-ERS-basic.p7m", INTACT),
    "evidence-record-d233a2d9-a257-40dc-bcdb-bf4516b6d1da.xml": ("Signature-C-LT.p7m", INTACT),
    "evidence-record-d233a2d9-a257-40dc-bcdb-bf4516b6d1da_renewed_hashtree.ers": (
        "Signature-C-LT.p7m",
        INTACT,
    ),
    "evidence-record-d233a2d9-a257-40dc-bcdb-bf4516b6d1da-broken-tst.ers": ("Signature-C-LT.p7m", BROKEN),
    "er-on-tst.xml": ("d-trust.tsr", INTACT),
}


@pytest.mark.parametrize(("name", "signed"), [(name, over) for name, (over, _) in BESIDE.items()])
def test_records_beside_a_signed_file(corpora, name, signed):
    given = file_named(signed)
    parse = parse_xml_file if name.endswith(".xml") else parse_record
    proof = only_proof(parse(file_named(name), [given]))
    before = parse_token(given) if signed.endswith(".tsr") else parse_cms_file(given)
    found = with_proofs(before, [proof])
    assert len(found) == len(before) > 0
    for each, bare in zip(found, before, strict=True):
        assert each.evidence_records[: len(bare.evidence_records)] == bare.evidence_records
        record = verify_record(each.evidence_records[-1])
        assert record.status is BESIDE[name][1]
        covered = record.stamps[0].covers
        inside = {bare.time_stamp.id} if bare.time_stamp else bare.identifiers
        assert (covered >= inside) == (record.status is INTACT)
        carried = {stamp.id for own in bare.evidence_records for stamp in own.stamps}
        assert carried <= covered or record.status is BROKEN
