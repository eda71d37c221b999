"""Validation of proofs that stand alone, and of what could not be fetched: tokens, evidence records, failing sources."""

import pytest

import shirushi
from shirushi import Indication, SubIndication
from shirushi.adapters.media_types import media_type_of
from shirushi.codecs.asn1.evidence_record import encode_archive_time_stamp, encode_evidence_record
from shirushi.codecs.asn1.pem import certificates_in
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import Document, document
from shirushi.core.evidence import SignatureFormat, TrustAnchor
from shirushi.domain import PDF
from shirushi.formats.pades.format import Pades
from shirushi.ports.trust import RevocationDataUnavailable
from shirushi.rules.ades import JAPAN, validate_signatures
from shirushi.rules.evidence_record import build
from shirushi.services.audit.service import AuditTrail
from shirushi.services.validation.model import report
from shirushi.services.validation.service import Validation, embedded_material

SHA256 = DigestAlgorithm.SHA256
PAPERS = [document(f"paper {n}".encode(), f"{n}.txt", "text/plain") for n in range(5)]


@pytest.fixture
def domain(data):
    with shirushi.open(data) as opened:
        yield opened


def named(data: bytes, name: str) -> Document:
    return document(data, name, media_type_of(data[:1024], name))


def told(verdict) -> tuple[Indication, SubIndication | None]:
    return verdict.indication, verdict.sub_indication


def test_a_token_is_judged_with_the_file_that_it_stamps_and_without(domain):
    token = named(domain.tsa.stamp(PAPERS[0].digest(SHA256)), "paper.tst")
    verdict = domain.validation.validate(token, content=[PAPERS[0]])
    (found,) = verdict.signatures
    assert told(verdict) == (Indication.TOTAL_PASSED, None)
    assert (found.signature.format, found.level) == (SignatureFormat.TIME_STAMP, None)
    assert found.best_signature_time == found.signature.time_stamp.info.gen_time
    assert found.signature.references[-1].name == "0.txt"
    assert told(domain.validation.validate(token, content=[PAPERS[1]])) == (
        Indication.TOTAL_FAILED,
        SubIndication.HASH_FAILURE,
    )
    assert told(domain.validation.validate(token)) == (
        Indication.INDETERMINATE,
        SubIndication.SIGNED_DATA_NOT_FOUND,
    )


def test_a_response_is_judged_by_its_token_and_one_without_is_refused(domain):
    response = named(domain.tsa.stamp_document(PAPERS[0]), "paper.tsr")
    assert told(domain.validation.validate(response, content=PAPERS)) == (Indication.TOTAL_PASSED, None)
    rejection = named(bytes.fromhex("30053003020102"), "refused.tsr")
    with pytest.raises(shirushi.ShirushiError) as refused:
        domain.validation.validate(rejection)
    assert refused.value.code == "TIMESTAMP_MALFORMED"


def record_over_batch(domain, number: int) -> Document:
    tree = build([paper.digest(SHA256) for paper in PAPERS])
    stamp = encode_archive_time_stamp(SHA256, tree.proofs[number], domain.tsa.stamp(tree.root))
    return named(encode_evidence_record([[stamp]], [SHA256]), "paper.ers")


def test_an_evidence_record_is_judged_with_the_files_that_it_covers(domain):
    record = record_over_batch(domain, 2)
    verdict = domain.validation.validate(record, content=[PAPERS[2]])
    (found,) = verdict.signatures
    assert told(verdict) == (Indication.TOTAL_PASSED, None)
    assert found.signature.format is SignatureFormat.ERS
    assert found.signature.integrity is True
    assert found.best_signature_time == found.time_stamps[0].gen_time
    wrong = domain.validation.validate(record, content=[document(b"another", "another.txt")])
    assert told(wrong) == (Indication.TOTAL_FAILED, SubIndication.HASH_FAILURE)
    assert [reason.code for reason in wrong.reasons] == ["EVIDENCE_RECORD_OBJECT_NOT_COVERED"]
    assert told(domain.validation.validate(record)) == (
        Indication.INDETERMINATE,
        SubIndication.SIGNED_DATA_NOT_FOUND,
    )


class Silent:
    """A source whose every address fails."""

    def revocation_data(self, certificate, issuer, at):  # noqa: ARG002  the port's words
        raise RevocationDataUnavailable(
            certificate=certificate.subject.text, detail="URL http://crl: refused"
        )

    def issuers(self, certificate):  # noqa: ARG002  as above
        return ()


def test_why_something_could_not_be_fetched_reaches_the_verdict(domain, data, contract):
    sealed = domain.signing.seal(shirushi.read(contract), by="さくら商事株式会社")
    (root,) = certificates_in((data / "trust" / "root.pem").read_bytes())
    service = Validation(
        parsers={PDF: Pades().parse},
        anchors=domain.ports.anchors,
        sources=[Silent()],
        remote_sources=[],
        policy=JAPAN,
        clock=domain.ports.clock,
        database=domain.ports.database,
        audit=AuditTrail(domain.ports.clock),
    )
    verdict = service.validate(domain.actor, sealed)
    assert verdict.indication is Indication.INDETERMINATE
    reasons = {reason.code: reason.explain("en") for reason in verdict.reasons}
    assert "URL http://crl: refused" in reasons["REVOCATION_DATA_UNAVAILABLE"]
    (told_of,) = report(verdict, "en")["signatures"]
    assert "REVOCATION_DATA_UNAVAILABLE" in {each["code"] for each in told_of["reasons"]}
    assert isinstance(told_of["warnings"], list)
    anchors = (TrustAnchor(root, "root"),)
    signatures = Pades().parse(sealed)
    at = verdict.validation_time
    alone = validate_signatures(signatures, embedded_material(signatures, anchors), anchors, JAPAN, at)
    assert alone.worst.sub_indication is verdict.worst.sub_indication
