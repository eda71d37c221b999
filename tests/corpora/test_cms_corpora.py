"""Every CMS signature of the corpora: read without surprise, judged as DSS judges it, and as asn1crypto reads it."""

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import asn1crypto.tsp
import pytest
from asn1crypto import cms as judge

from shirushi.codecs.asn1 import ber, der
from shirushi.codecs.asn1.material import build_material
from shirushi.codecs.asn1.tsp import parse_timestamp_response
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import SignatureEvidence, SignatureFormat, TimeStampKind
from shirushi.formats.cms import oids
from shirushi.formats.cms.evidence import cms_evidences, parse_timestamp_token
from shirushi.formats.cms.structure import read_signed_data

pytestmark = pytest.mark.corpora

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("SHIRUSHI_CORPORA") or ROOT.parent / "shared" / "corpora") / "signed-documents"

_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")

NOT_INTACT = {
    "BadEncodedCMS.pdf": "its value verifies under no reading; DSS finds no signature in it",
    "PAdES-BpB-att-SHA256-SHA3_224withRSA.pdf": "names SHA3-224 for a value over SHA-256; DSS: B level not valid",
    "PAdES-BpB-att-SHA256-SHA3_256withRSA.pdf": "names SHA3-256 for a value over SHA-256; DSS: B level not valid",
    "pdf-signed-corrupted.pdf": "a byte of the document was changed",
    "CAdES-BpB-att-SHA3_224-SHA256withRSA.p7m": "names SHA-256 for a value over SHA3-224; DSS: B level not valid",
    "cades-enveloping-broken.pkcs7": "the content was changed",
}
NOT_TOLD = {
    "pades-bes-no-certificates.pdf": "holds no certificate",
    "cms-no-sign-cert.p7m": "holds no certificate of the signer",
    "no-key-info-cert.pkcs7": "holds no certificate",
}
UNREADABLE = {
    "pdf-signed-out-of-byteRange.pdf": "the ByteRange ends where /Contents begins: it holds nothing"
}


@cache
def pades() -> tuple[tuple[str, bytes, bytes], ...]:
    """File name, the bytes of /Contents, the bytes that the ByteRange covers."""
    return tuple(_pades())


def _pades() -> Iterator[tuple[str, bytes, bytes]]:
    for path in sorted(FOLDER.glob("dss-pades/**/*.pdf")):
        data = path.read_bytes()
        for match in _BYTE_RANGE.finditer(data):
            a, b, c, d = (int(number) for number in match.groups())
            digits = data[a + b : c].strip(b"<> \r\n\0")
            if re.fullmatch(rb"[0-9a-fA-F]*", digits) and len(digits) % 2 == 0:
                yield path.name, bytes.fromhex(digits.decode()), data[a : a + b] + data[c : c + d]


@cache
def cades() -> tuple[tuple[str, bytes], ...]:
    found = (
        (path.name, path.read_bytes()) for path in sorted(FOLDER.glob("dss-cades/**/*")) if path.is_file()
    )
    return tuple((name, data) for name, data in found)


def digester(content: bytes | None):
    return lambda algorithm: None if content is None else Digest(algorithm, algorithm.digest(content))


@cache
def examined() -> tuple[tuple[str, SignatureEvidence], ...]:
    return tuple(_examined())


def _examined() -> Iterator[tuple[str, SignatureEvidence]]:
    for name, encoding, covered in pades():
        if name in UNREADABLE:
            continue
        for evidence in cms_evidences(encoding, digester(covered), signature_format=SignatureFormat.PADES):
            yield name, evidence
    for name, encoding in cades():
        for evidence in cms_evidences(encoding, digester(None), signature_format=SignatureFormat.CADES):
            yield name, evidence


def test_there_is_something_to_read(corpora):
    assert len(pades()) > 100
    assert len(cades()) > 50


def test_every_signature_is_intact_but_those_that_are_known_not_to_be(corpora):
    broken, untold = set(), set()
    for name, evidence in examined():
        if evidence.value_intact is False or evidence.references[0].intact is False:
            broken.add(name)
        elif evidence.value_intact is None:
            untold.add(name)
    assert broken == set(NOT_INTACT)
    assert untold == set(NOT_TOLD)


def test_what_dss_holds_for_intact_is_intact_here(corpora):
    """A class that does not override checkBLevelValid asserts references found and intact, and the value verified."""
    listed = json.loads((FOLDER / "expected.json").read_text())
    # BadEncodedCMS asserts that no signature is found at all, so that no check of it is ever run
    controls = {
        Path(entry["path"]).name
        for entry in listed
        if entry["tests"] and all("checkBLevelValid" not in test["overrides"] for test in entry["tests"])
    } - {"BadEncodedCMS.pdf"}
    found = {name: e for name, e in examined() if name in controls}
    assert len(found) > 60
    assert {name for name, e in found.items() if e.value_intact is not True} <= set(NOT_TOLD)
    assert {name for name, e in found.items() if e.references[0].intact is False} == set()


def test_bytes_that_are_no_signature_are_refused_by_name(corpora):
    refused = set()
    for name, encoding, covered in pades():
        try:
            cms_evidences(encoding, digester(covered))
        except MalformedInput as error:
            refused.add((name, error.code))
    assert refused == {(name, "CMS_MALFORMED") for name in UNREADABLE}


def test_failings_of_the_structure_are_those_that_the_files_were_made_for(corpora):
    failings = {(name, reason.code) for name, evidence in examined() for reason in evidence.structure}
    assert failings == {
        ("DSS-1683.pdf", "CMS_SIGNED_ATTRIBUTES_MISSING"),  # of the older kind, adbe.pkcs7, which allows that
        ("pkcs7-no-message-digest.pdf", "CMS_SIGNED_ATTRIBUTES_MISSING"),
        ("pkcs7_sha1.pdf", "CMS_SIGNED_ATTRIBUTES_MISSING"),
        ("cades-double-signing-certificate.p7m", "CMS_ATTRIBUTE_REPEATED"),
        ("cades-duplicated-signed-attrs.p7m", "CMS_ATTRIBUTE_REPEATED"),
    }


def test_time_stamps_cover_what_they_should_but_the_copied_and_the_broken(corpora):
    wrong = set()
    count = 0
    for name, evidence in examined():
        for stamp in (*evidence.signature_timestamps, *evidence.content_timestamps):
            count += 1
            if stamp.imprint_intact is False or not stamp.signature.integrity:
                wrong.add(name)
    assert count > 70
    assert wrong == {
        "BadEncodedCMS.pdf",  # its token, too, names RSA for a value of ECDSA
        "cades-t-copied-sigtst.p7m",  # copied from another signature, as its name says
    }


def test_document_time_stamps_are_intact_but_the_copied(corpora):
    wrong = set()
    count = 0
    for name, encoding, covered in pades():
        if name not in UNREADABLE and read_signed_data(encoding).content_type == oids.TST_INFO:
            count += 1
            found = parse_timestamp_token(encoding, TimeStampKind.DOCUMENT, digester(covered))
            assert found.signature.integrity, name
            if not found.imprint_intact:
                wrong.add(name)
    assert count > 20
    assert wrong == {"pades-lta-copied-doctst.pdf", "pades-t-duplicated-doctst.pdf"}


def test_the_facts_are_those_of_another_reader(corpora):
    compared = 0
    encodings = [*((n, e) for n, e, _ in pades() if n not in UNREADABLE), *cades()]
    for name, encoding in encodings:
        theirs = judge.ContentInfo.load(ber.definite_prefix(encoding)[0])["content"]
        ours = read_signed_data(encoding)
        assert ours.content_type == theirs["encap_content_info"]["content_type"].dotted, name
        by_value = {info["signature"].native: info for info in theirs["signer_infos"]}
        for signer in ours.signers:
            info = by_value[signer.value]
            sid = info["sid"].chosen
            if signer.issuer is not None:
                assert signer.issuer.der == sid["issuer"].dump(), name
                assert signer.serial_number == sid["serial_number"].native, name
            assert signer.signature_oid == info["signature_algorithm"]["algorithm"].dotted, name
            assert [a.oid for a in signer.signed] == [a["type"].dotted for a in info["signed_attrs"]], name
            assert [a.oid for a in signer.unsigned] == [a["type"].dotted for a in info["unsigned_attrs"]], (
                name
            )
            digests = [v for a in signer.signed if a.oid == oids.MESSAGE_DIGEST for v in a.values]
            found = [
                v.native
                for a in info["signed_attrs"]
                if a["type"].dotted == oids.MESSAGE_DIGEST
                for v in a["values"]
            ]
            assert [der.single(d).value for d in digests] == found, name
            compared += 1
    assert compared > 150


def test_certificates_and_revocation_data_are_those_of_another_reader(corpora):
    certificates = {c.id: c for _, evidence in examined() for c in evidence.certificates}
    assert len(certificates) > 100
    for certificate in certificates.values():
        theirs = asn1crypto.x509.Certificate.load(certificate.der)
        validity = theirs["tbs_certificate"]["validity"]
        assert certificate.serial_number == theirs.serial_number
        assert (certificate.not_before, certificate.not_after) == (
            validity["not_before"].native,
            validity["not_after"].native,
        )
        assert certificate.subject.der == theirs.subject.dump()
        assert certificate.public_key.spki == theirs.public_key.dump()
        assert certificate.extensions.present == {
            e["extn_id"].dotted for e in theirs["tbs_certificate"]["extensions"]
        }
        assert certificate.extensions.malformed == frozenset()
        assert certificate.signature_algorithm is not None


def test_revocation_data_inside_signatures_verify(corpora):
    evidences = [evidence for _, evidence in examined()]
    certificates = [c for e in evidences for c in e.certificates]
    crls = [c for e in evidences for c in e.crls]
    responses = [r for e in evidences for r in e.ocsp_responses]
    material = build_material(certificates, crls, responses)
    signed = {object_id for object_id, _ in material.verified}
    assert len(material.crls) > 20
    assert len(material.ocsp_responses) > 20
    assert sum(r.id in signed for r in material.ocsp_responses) / len(material.ocsp_responses) > 0.8


def test_a_response_file_is_read(corpora):
    for path in FOLDER.glob("dss-evidence-record-asn1/*.tsr"):
        data = path.read_bytes()
        token = parse_timestamp_response(data).token if data[4] == 0x30 else data
        assert token is not None
        assert (
            parse_timestamp_token(token, TimeStampKind.ARCHIVE, digester(None)).info.imprint.algorithm
            in DigestAlgorithm
        )


def test_damaged_signatures_raise_nothing_but_malformed_input(corpora, rng):
    encodings = [e for _, e in cades() if len(e) < 30000]
    outcomes = set()
    for _ in range(600):
        damaged = bytearray(rng.choice(encodings))
        for _ in range(rng.choice([1, 1, 3])):
            damaged[rng.randrange(min(len(damaged), rng.choice([60, 600, 30000])))] = rng.randrange(256)
        del damaged[rng.choice([len(damaged), len(damaged), rng.randrange(len(damaged))]) :]
        try:
            outcomes.add(type(cms_evidences(bytes(damaged), digester(b"x"))))
        except MalformedInput as error:
            outcomes.add(type(error))
    assert len(outcomes) == 2
