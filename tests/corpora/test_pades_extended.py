"""The EU library's PDFs at B-LT and B-LTA, extended once more by us: what was found of them before is found after."""

import pytest

import shirushi
from shirushi.codecs.pdf.errors import MalformedPdf
from shirushi.core.document import document
from shirushi.core.evidence import Level, TrustAnchor
from shirushi.core.instant import instant
from shirushi.core.verdict import Indication
from shirushi.formats.pades.augmentation import stamp_imprint, with_stamp
from shirushi.formats.pades.declined import PdfDeclined
from shirushi.formats.pades.format import Pades
from shirushi.formats.protocol import MaterialNeeded, ValidationMaterial
from shirushi.rules.ades import EU, validate_signatures
from shirushi.services.validation.service import embedded_material
from tests.corpora.test_pades_corpora import every_file

pytestmark = pytest.mark.corpora

PDF = "application/pdf"
AT = instant("2026-06-01T00:00:00Z")
ORDER = [Indication.TOTAL_FAILED, Indication.INDETERMINATE, Indication.TOTAL_PASSED]
LEVELS = list(Level)
SPACE = 16_384


def judged(data):
    """What is found of each signature by its id, and the verdict where every root inside is trusted."""
    signatures = Pades().parse(document(data, "x.pdf", PDF))
    inside = embedded_material(signatures, ()).certificates
    anchors = tuple(TrustAnchor(c) for c in inside if c.self_issued)
    verdict = validate_signatures(signatures, embedded_material(signatures, anchors), anchors, EU, AT)
    return {
        v.signature.id: (
            (
                v.signature.integrity,
                v.signature.level,
                v.signature.structure,
                [c.where for c in v.signature.changes if not c.allowed],
            ),
            ORDER.index(v.indication),
            len(v.signature.archive_timestamps),
        )
        for v in verdict.signatures
    }


def extended(data, stamp):
    """A document time-stamp more, before it what the file itself holds of the latest one where that is asked for."""
    pades, given = Pades(), document(data, "x.pdf", PDF)
    latest = pades.parse(given)[-1]
    wanted = len(latest.archive_timestamps) + 1
    need = pades.next_need(given, Level.B_LTA, signature=latest.id, archive_timestamps=wanted)
    if isinstance(need, MaterialNeeded):
        held = ValidationMaterial(
            tuple(c.der for chain in need.chains for c in chain),
            tuple(c.der for c in latest.crls),
            tuple(r.der for r in latest.ocsp_responses),
        )
        given = pades.attach(given, need, held)
    view = pades._view(given)
    imprint = stamp_imprint(view, SPACE)
    return with_stamp(view, SPACE, imprint, stamp(imprint)).read()


def test_what_was_found_before_is_found_after(corpora, data):
    found = 0
    with shirushi.open(data) as domain:
        for path in every_file(corpora):
            given = path.read_bytes()
            try:
                before = judged(given)
            except MalformedPdf:
                continue
            if not any(each[0][1] in {Level.B_LT, Level.B_LTA} for each in before.values()):
                continue
            try:
                after = judged(extended(given, domain.tsa.stamp))
            except PdfDeclined:
                continue
            found += 1
            assert after.keys() == before.keys(), path.name
            for id_, (facts, indication, stamps) in before.items():
                integrity, level, structure, forbidden = facts
                now, now_indication, now_stamps = after[id_]
                assert now[0] == integrity, path.name
                assert (now[1] is None) == (level is None), path.name
                assert level is None or LEVELS.index(now[1]) >= LEVELS.index(level), path.name
                assert now[2:] == (structure, forbidden), path.name
                assert now_indication >= indication, path.name
                assert now_stamps == stamps + 1, path.name
    assert found >= 15, found
