"""Evidence records and time-stamp tokens beside a signed file: one verdict on the file and what proves it."""

from dataclasses import replace
from datetime import timedelta

import pytest

import shirushi
from shirushi import Indication, Level, SubIndication
from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.evidence_record import encode_archive_time_stamp, encode_evidence_record
from shirushi.codecs.asn1.material import build_material, merge
from shirushi.core.algorithms import Digest
from shirushi.core.document import Document, document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import SignatureEvidence, SignatureFormat, TimeStampKind, TrustAnchor
from shirushi.core.verdict import SignatureVerdict
from shirushi.formats.asic.container import META, AsicKind, read_container
from shirushi.formats.asic.either import Asic
from shirushi.formats.asic.manifest import DataObjectReference, write_manifest
from shirushi.formats.cades.format import Cades
from shirushi.formats.plain.beside import only_proof, with_proofs
from shirushi.formats.plain.records import ERS_TYPE, parse_record
from shirushi.formats.plain.tokens import parse_token
from shirushi.rules.ades import JAPAN, validate_signature
from shirushi.rules.evidence_record import build
from shirushi.services.validation.model import UnknownFormat
from shirushi.services.validation.service import embedded_material
from tests.unit.formats_cades.world import DAY, World
from tests.unit.services.test_validation_alone import SHA256, named

LATE = 400 * DAY
"""After signer and first time-stamping unit have expired."""
CONTRACT = document("契約書".encode(), "contract.txt", "text/plain")
OTHER = Digest(SHA256, SHA256.digest(b"another document"))


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def signed(world) -> Document:
    return world.raise_to(Cades(), world.sign(Cades(), CONTRACT), Level.B_LT)


def record(world: World, imprint: Digest, at: timedelta) -> Document:
    tree = build([imprint, OTHER])
    token = world.stamp(tree.root, world.start + at, world.archive_tsa)
    stamp = encode_archive_time_stamp(SHA256, tree.proofs[0], token)
    return document(encode_evidence_record([[stamp]], [SHA256]), "a.p7m.ers")


def token(world: World, imprint: Digest, at: timedelta) -> Document:
    return document(world.stamp(imprint, world.start + at, world.archive_tsa), "a.p7m.tst")


def judged(
    world: World, given: Document, beside: list[Document], after: timedelta = LATE
) -> SignatureVerdict:
    """The verdict long after signing, with today's lists about those who are not expired yet."""
    parse = {"ers": parse_record, "tst": parse_token}
    proofs = [only_proof(parse[each.name[-3:]](each, [given])) for each in beside]
    (evidence,) = with_proofs(Cades().parse(given), proofs)
    return verdict_on(world, evidence, after)


def verdict_on(world: World, evidence: SignatureEvidence, after: timedelta = LATE) -> SignatureVerdict:
    late = world.start + after
    anchors = (TrustAnchor(world.root.certificate, "root"),)
    lists = [parse_crl(world.crl(each, late - DAY / 24)) for each in (world.root, world.issuing)]
    material = merge(embedded_material([evidence], anchors), build_material((), lists))
    return validate_signature(evidence, material, anchors, JAPAN, late)


@pytest.mark.parametrize("made", [record, token])
def test_what_stands_beside_keeps_a_signature_beyond_its_certificates(world, signed, made):
    assert judged(world, signed, []).indication is Indication.INDETERMINATE
    verdict = judged(world, signed, [made(world, signed.digest(SHA256), DAY / 8)])
    assert verdict.indication is Indication.TOTAL_PASSED, verdict.reasons
    assert verdict.best_signature_time == world.start + DAY / 24
    assert len(verdict.time_stamps) == 2
    assert verdict.level is Level.B_LT


@pytest.mark.parametrize("made", [record, token])
def test_what_came_too_late_or_is_over_something_else_proves_nothing(world, signed, made):
    late = judged(world, signed, [made(world, signed.digest(SHA256), 300 * DAY)])
    assert late.indication is Indication.INDETERMINATE
    other = judged(world, signed, [made(world, OTHER, DAY / 8)])
    assert other.indication is Indication.INDETERMINATE
    changed = replace(signed, appended=b" ")
    assert (
        judged(world, changed, [made(world, signed.digest(SHA256), DAY / 8)]).indication
        is not Indication.TOTAL_PASSED
    )


def test_a_record_over_something_else_is_warned_of(world, signed):
    verdict = judged(world, signed, [record(world, Digest(SHA256, bytes(32)), DAY / 8)], DAY / 2)
    assert verdict.indication is Indication.TOTAL_PASSED
    assert {each.code for each in verdict.warnings} >= {
        "EVIDENCE_RECORD_BROKEN",
        "EVIDENCE_RECORD_OBJECT_NOT_COVERED",
    }


def test_one_proof_beside_covers_no_other(world, signed):
    """The older record's token outlives its unit only by what is over it, and the newer record is over the file alone."""
    digest = signed.digest(SHA256)
    first, second = record(world, digest, DAY / 8), record(world, digest, DAY / 4)
    (evidence,) = with_proofs(
        Cades().parse(signed), [only_proof(parse_record(each, [signed])) for each in (first, second)]
    )
    older, newer = evidence.evidence_records
    assert not newer.objects[0].covers & {each.id for each in older.stamps}
    assert newer.objects[0].covers >= {evidence.id, *(each.id for each in evidence.signature_timestamps)}


def test_a_record_in_a_container_keeps_its_signature_alike(world):
    """EN 319 162-1 §4.4.4: the record stamps digests of the files that its manifest lists, the signature's among them."""
    form = Asic(AsicKind.E)
    made = world.raise_to(form, world.sign(form, CONTRACT), Level.B_LT)
    container = read_container(made)
    (signature,) = container.cades_signatures
    files = [signature, *container.manifests, *container.data_objects]
    digests = [container.digest(each, SHA256) for each in files]
    group = tuple(sorted(each.value for each in digests))
    root = Digest(SHA256, SHA256.digest(b"".join(group)))
    token = world.stamp(root, world.start + DAY / 8, world.archive_tsa)
    stamp = encode_archive_time_stamp(SHA256, (group,), token)
    name = f"{META}evidencerecord001.ers"
    listed = [DataObjectReference(each, digest) for each, digest in zip(files, digests, strict=True)]
    records = {
        name: encode_evidence_record([[stamp]], [SHA256]),
        f"{META}ASiCEvidenceRecordManifest001.xml": write_manifest(name, ERS_TYPE, listed),
    }
    (without,) = form.parse(made)
    (within,) = form.parse(container.with_files(records))
    assert not within.level_failings
    assert verdict_on(world, without).indication is Indication.INDETERMINATE
    verdict = verdict_on(world, within)
    assert verdict.indication is Indication.TOTAL_PASSED, verdict.reasons
    assert verdict.best_signature_time == world.start + DAY / 24


@pytest.fixture
def domain(data):
    with shirushi.open(data) as opened:
        yield opened


def own_record(domain, over: Document) -> Document:
    tree = build([over.digest(SHA256), OTHER])
    stamp = encode_archive_time_stamp(SHA256, tree.proofs[0], domain.tsa.stamp(tree.root))
    return named(encode_evidence_record([[stamp]], [SHA256]), f"{over.name}.ers")


def test_the_service_judges_a_signed_pdf_with_its_record_and_its_token(domain, contract):
    sealed = domain.signing.seal(shirushi.read(contract), by="さくら商事株式会社", level=Level.B_B)
    response = named(domain.tsa.stamp_document(sealed), "contract.pdf.tsr")
    alone = domain.validation.validate(sealed)
    assert alone.best_signature_time == alone.validation_time
    verdict = domain.validation.validate(sealed, records=[own_record(domain, sealed), response])
    assert verdict.indication is Indication.TOTAL_PASSED, verdict.reasons
    (found,) = verdict.signatures
    assert [each.kind for each in found.signature.every_time_stamp] == [
        TimeStampKind.DOCUMENT,
        TimeStampKind.EVIDENCE_RECORD,
    ]
    assert verdict.best_signature_time == min(each.gen_time for each in found.time_stamps)
    assert found.level is Level.B_B


def test_a_file_that_nobody_signed_is_judged_by_its_record(domain, contract):
    unsigned, note = shirushi.read(contract), named(b"a,b", "data.csv")
    for given in (unsigned, note):
        verdict = domain.validation.validate(given, records=[own_record(domain, given)])
        assert verdict.indication is Indication.TOTAL_PASSED, verdict.reasons
        assert verdict.worst.signature.format is SignatureFormat.ERS
        wrong = domain.validation.validate(given, records=[own_record(domain, named(b"x", "x.csv"))])
        assert (wrong.indication, wrong.sub_indication) == (
            Indication.TOTAL_FAILED,
            SubIndication.HASH_FAILURE,
        )
    with pytest.raises(UnknownFormat):
        domain.validation.validate(note)


def test_records_are_themselves_kept_by_what_stands_beside_them(domain):
    note = named(b"a,b", "data.csv")
    record = own_record(domain, note)
    token = named(domain.tsa.stamp(record.digest(SHA256)), "data.csv.ers.tst")
    for given, beside in (
        (record, own_record(domain, record)),
        (record, token),
        (token, own_record(domain, token)),
    ):
        content = [note] if given is record else [record]
        verdict = domain.validation.validate(given, content=content, records=[beside])
        assert verdict.indication is Indication.TOTAL_PASSED, verdict.reasons
        assert len(verdict.worst.time_stamps) == 2


def test_what_is_no_proof_is_refused_beside_a_file(domain, contract):
    sealed = domain.signing.seal(shirushi.read(contract), by="さくら商事株式会社", level=Level.B_B)
    for other in (sealed, named(b"<?xml version='1.0'?><a/>", "a.xml")):
        with pytest.raises(MalformedInput) as refused:
            domain.validation.validate(sealed, records=[other])
        assert refused.value.code == "EVIDENCE_RECORD_MALFORMED"
