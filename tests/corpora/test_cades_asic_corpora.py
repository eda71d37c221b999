"""CAdES and ASiC-with-CAdES files of the corpora: intact where DSS holds them so, archive time-stamps as it finds them."""

import json
import os
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from shirushi.core.document import document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Level, SignatureEvidence, SignatureFormat
from shirushi.formats.asic.declined import MalformedContainer
from shirushi.formats.asic.format import AsicCades
from shirushi.formats.cades.format import Cades

pytestmark = pytest.mark.corpora

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("SHIRUSHI_CORPORA") or ROOT.parent / "shared" / "corpora") / "signed-documents"

DETACHED = {
    # the content is not in the corpus: whether the value is intact can be told, the reference cannot
    "cades-ats-v3-wrong-crl.p7s",
    "cades-duplicated-signed-attrs.p7m",
    "cades-invalid-ocsp-responses-encoding.p7s",
    "cadesLTAwithATv2.sig",
    "signatureExtendedTwoLTA.p7s",
    "detached_with_counter_sig.p7m",
    "cades-content-tst.pkcs7",
    "CADES-B-DETACHED-withpolicy1586434883385020407.cades",
    "test.txt.signed_Certipost-2048.detached.old.p7s",
    "NexU-CAdES-B-B-Detached-Sha512.p7m",
    "C-E-ERS-detached-ber.p7s",
    "C-E-ERS-detached-original-not-covered.p7s",
    "Double-C-E-ERS-detached_hashtree_renewal.p7m",
    "Test.bin.sig",
}
RECORDS = {SignatureFormat.ERS, SignatureFormat.XMLERS}
ALONE = {SignatureFormat.TIME_STAMP, *RECORDS}
WITHOUT_CERTIFICATE = {
    # DSS is given the certificate by its test
    "cades-double-signing-certificate.p7m",
    "cms-no-sign-cert.p7m",
    "no-key-info-cert.pkcs7",
    "emptyCertStore.asice",
    "tstWithEmptyCertSource.asice",
}
NOT_INTACT = {
    "CAdES-BpB-att-SHA3_224-SHA256withRSA.p7m": "names SHA-256 for a value over SHA3-224",
    "cades-enveloping-broken.pkcs7": "the content was changed",
    "cades-invalid-digest-algo.asics": "its signatures are over another file: DSS says HASH_FAILURE",
    "containerWithCounterSig.asics": "the data object was changed: DSS says HASH_FAILURE",
    "twoSignaturesOneTimeOneSigner.asice": "the manifests were changed: DSS says HASH_FAILURE",
}
BROKEN_ARCHIVE = {
    # an archive time-stamp that does not cover what it should, as the names or DSS's tests say
    "cades-ats-v3-rev-val-ocsp.p7s",
    "cades-ats-v3-wrong-cert.p7m",
    "cades-ats-v3-wrong-crl.p7s",
    "cades-broken-sig-tst-and-ats-v3.cms",
    "cades-dss1956.p7m",
    "cades-dss1997.p7m",
    "cades-lta-copied-atst.p7m",
    "ASiC-E-CAdES-BpLTA-copied-arctst.sce",
    "cades-invalid-digest-algo.asics",
}
OTHER_LEVEL = {
    "cades-double-signing-certificate.p7m": "two references, of which one is to nobody; DSS says CMS-NOT-ETSI",
    "C-E-ERS-detached-ber.p7s": "as above: no reference to the certificate",
}


@cache
def expected() -> dict[str, list[dict]]:
    return {entry["path"]: entry["tests"] for entry in json.loads((FOLDER / "expected.json").read_text())}


@cache
def files() -> tuple[Path, ...]:
    folders = ("dss-cades", "dss-asic-cades")
    return tuple(p for folder in folders for p in sorted((FOLDER / folder).glob("**/*")) if p.is_file())


def asserted_of(path: Path) -> list[dict]:
    return expected().get(str(path.relative_to(FOLDER)), [])


@cache
def examined() -> tuple[tuple[Path, tuple[SignatureEvidence, ...]], ...]:
    return tuple(_examined())


def _examined() -> Iterator[tuple[Path, tuple[SignatureEvidence, ...]]]:
    for path in files():
        form = AsicCades() if "asic" in path.relative_to(FOLDER).parts[0] else Cades()
        try:
            yield path, form.parse(document(path.read_bytes(), path.name))
        except MalformedInput:
            yield path, ()


def test_an_archive_that_is_no_container_is_refused(corpora):
    (path,) = (path for path in files() if path.name == "test.zip")
    with pytest.raises(MalformedContainer):
        AsicCades().parse(document(path.read_bytes()))


def test_positive_controls_are_intact(corpora):
    """Where no test overrides checkBLevelValid, DSS finds references and value intact."""
    controls = [
        (path, signatures)
        for path, signatures in examined()
        if asserted_of(path)
        and all("checkBLevelValid" not in test["overrides"] for test in asserted_of(path))
    ]
    with_signatures = [(path, found) for path, found in controls if found]
    assert len(controls) > 80
    assert len(with_signatures) > 55
    for path, signatures in with_signatures:
        for each in signatures:
            if path.name == "C-E-ERS-detached-ber.p7s":
                assert each.format is SignatureFormat.CMS  # no signed reference to the certificate
            else:
                expected = SignatureFormat.XADES if path.name == "asic_xades.zip" else SignatureFormat.CADES
                assert each.format in {expected, *ALONE}
            if each.format in RECORDS:  # its digests are for the rules
                continue
            if path.name in DETACHED:
                assert each.value_intact or path.name in WITHOUT_CERTIFICATE
                assert each.integrity is not False, path.name
            elif path.name in WITHOUT_CERTIFICATE:
                assert each.references[0].intact is not False, path.name
            else:
                assert each.integrity is True, path.name


def test_nothing_else_is_broken_and_what_is_broken_is_found(corpora):
    broken = {path.name for path, found in examined() if any(each.integrity is False for each in found)}
    untold = {
        path.name
        for path, found in examined()
        if any(each.integrity is None and each.format not in RECORDS for each in found)
    }
    assert broken == set(NOT_INTACT)
    assert untold == DETACHED | WITHOUT_CERTIFICATE


def test_archive_time_stamps_cover_what_they_should_but_the_broken(corpora):
    wrong, count = set(), 0
    for path, found in examined():
        for stamp in (stamp for each in found for stamp in each.archive_timestamps):
            count += 1
            assert stamp.signature.integrity, path.name
            if stamp.imprint_intact is False:
                wrong.add(path.name)
                assert not stamp.covers
            elif stamp.imprint_intact:
                assert any(each.id in stamp.covers for each in found)
    assert count > 35
    assert wrong == BROKEN_ARCHIVE


def test_levels_are_those_that_the_tests_assert(corpora):
    names = {"B": Level.B_B, "T": Level.B_T, "LT": Level.B_LT, "LTA": Level.B_LTA}
    agreed, total = 0, 0
    for path, found in examined():
        for test in asserted_of(path):
            asserted = [a[0] for a in test["asserts_equal"] if "CAdES_BASELINE_" in a[0]]
            asserted = [names[name.rpartition("_")[2]] for name in asserted]
            if asserted and found and path.name not in OTHER_LEVEL:
                total += 1
                agreed += {each.level for each in found} == set(asserted)
    assert total >= 10
    assert agreed == total


def test_legacy_levels_are_named(corpora):
    named = {
        path.name
        for path, found in examined()
        if any(reason.code == "CADES_LEGACY_LEVEL" for each in found for reason in each.level_failings)
    }
    asserted = {
        path.name
        for path, found in examined()
        for test in asserted_of(path)
        if any(a[0] in {"SignatureLevel.CAdES_A", "SignatureLevel.CAdES_C"} for a in test["asserts_equal"])
    }
    # its archive time-stamp is of version 3, and nothing else in it is old
    assert asserted - named == {"cades-extended-a.pkcs7"}


def test_counter_signatures_are_found_in_their_places(corpora):
    (found,) = [found for path, found in examined() if path.name == "signedFile.pdf.p7s"]
    ids = {each.id: each for each in found}
    counters = [each for each in found if each.countersigns]
    assert (len(found), len(counters)) == (6, 3)
    assert sum(bool(ids[each.countersigns].countersigns) for each in counters) == 1


def test_damaged_files_raise_nothing_but_malformed_input(corpora, rng: random.Random):
    small = [path for path in files() if path.stat().st_size < 40_000]
    outcomes = set()
    for _ in range(300):
        path = rng.choice(small)
        damaged = bytearray(path.read_bytes())
        for _ in range(rng.choice([1, 1, 4])):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        form = AsicCades() if "asic" in path.relative_to(FOLDER).parts[0] else Cades()
        try:
            outcomes.add(type(form.parse(document(bytes(damaged), path.name))))
        except MalformedInput as error:
            outcomes.add(type(error))
    assert tuple in outcomes
    assert len(outcomes) > 2
