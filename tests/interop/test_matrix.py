"""The matrix: every form at every level from every kind of key, before the EU's validation library and before ours."""

import pytest

from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.material import build_material, merge
from shirushi.core.document import document
from shirushi.core.evidence import Level, TrustAnchor
from shirushi.core.verdict import Indication, Verdict
from shirushi.rules.ades import JAPAN, validate_signatures
from shirushi.services.validation.service import embedded_material
from tests.interop.dss_judge import DssReport, dss_judge
from tests.interop.matrix import FORMS, HOUR, JUDGED_AFTER, KEYS, altered, every_cell, requests, signed, world
from tests.results import record_cell
from tests.unit.formats_cades.world import Entity


def dss(test):
    return pytest.mark.needs("mvn", "maven")(pytest.mark.needs("javac", "default-jdk-headless")(test))


def verdict(report: DssReport) -> tuple[str, bool]:
    (found,) = report.signatures
    return found.indication, found.intact


@dss
@every_cell()
def test_dss_passes_it_at_its_level_and_fails_its_twins(name, key, level):
    good, changed, stranger = dss_judge(*requests(name, key, level))
    (found,) = good.signatures or [None]
    stamps = [stamp.indication for stamp in (*found.timestamps, *good.timestamps)] if found else []
    expected = 1 + (level is not Level.B_B) + (level is Level.B_LTA)
    said = (found and (found.indication, found.sub_indication, found.errors), good.error)
    passed = (
        found is not None
        and said == (("TOTAL_PASSED", "", ()), "")
        and found.format == f"{FORMS[name].family}-BASELINE-{level.value.removeprefix('B-')}"
        and (found.intact, found.structure) == (True, ())
        and stamps == ["PASSED"] * expected
    )
    twins = (verdict(changed), verdict(stranger))
    refused = twins == (("TOTAL_FAILED", FORMS[name].through_manifest), ("INDETERMINATE", True))
    record_cell(name, level.value, key, "EU DSS", accepted=passed and refused)
    assert passed, (said, found and found.format, found and found.structure, stamps)
    assert refused, twins


def ours(name: str, level: Level, data: bytes, beside: dict[str, bytes], root: Entity) -> Verdict:
    own, form, made = world(), FORMS[name], signed(name, KEYS[0], level)
    at = own.start + JUDGED_AFTER[level]
    contents = [document(content, file) for file, content in beside.items()]
    found = form.format.parse(document(data, made.name, made.media_type), contents)
    anchors = (TrustAnchor(root.certificate, "root"),)
    # fresh lists at every level: what an unexpired time-stamp unit's status was days ago does not suffice
    lists = [parse_crl(own.crl(each, at - HOUR)) for each in (own.root, own.issuing)]
    above = build_material([own.root.certificate, own.issuing.certificate], lists)
    material = merge(embedded_material(found, anchors), above)
    return validate_signatures(found, material, anchors, JAPAN, at)


@every_cell()
def test_ours_passes_it_at_its_level_and_fails_its_twins(name, key, level):
    made, own = signed(name, key, level), world()
    good = ours(name, level, made.read(), dict(FORMS[name].contents), own.root)
    changed = ours(name, level, *altered(name, made), own.root)
    stranger = ours(name, level, made.read(), dict(FORMS[name].contents), own.other_root)
    (found,) = good.signatures
    passed = good.indication is Indication.TOTAL_PASSED and found.level is level
    twins = (changed.indication, stranger.indication)
    refused = twins == (Indication.TOTAL_FAILED, Indication.INDETERMINATE)
    record_cell(name, level.value, key, "Shirushi", accepted=passed and refused)
    assert passed, (good.indication, found.level, [r.code for r in found.reasons])
    assert refused, twins
