"""CAdES and ASiC with CAdES before judges of other hands: OpenSSL, and the EU's validation library at every level."""

from dataclasses import replace
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from shirushi.codecs.zip.reader import read_archive
from shirushi.codecs.zip.writer import KeptEntry, NewEntry, write_archive
from shirushi.core.algorithms import DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.document import Document, document
from shirushi.core.evidence import Level
from shirushi.formats.asic.container import AsicKind, new_container
from shirushi.formats.asic.format import AsicCades
from shirushi.formats.cades.format import Cades
from shirushi.formats.protocol import Format, Packaging, SignatureParameters
from tests.interop.dss_judge import DssReport, DssRequest, dss_judge
from tests.interop.tools import openssl_cms_verify
from tests.unit.formats_cades.world import DAY, ED25519, Entity, World

CONTENT = document("契約書 contract".encode() * 40, "contract.txt", "text/plain")
ALTERED = CONTENT.read().replace(b"contract", b"Contract", 1)
HOUR = DAY / 24
FORMS: dict[str, Format] = {
    "CAdES enveloping": Cades(Packaging.ENVELOPING),
    "CAdES detached": Cades(Packaging.DETACHED),
    "ASiC-S": AsicCades(AsicKind.S),
    "ASiC-E": AsicCades(AsicKind.E),
}
KEYS = ("P-256", "RSA-3072-PSS", "Ed25519")
PSS = SignatureAlgorithm(Scheme.RSA_PSS, DigestAlgorithm.SHA256, 32)
JUDGE = [pytest.mark.needs("mvn", "maven"), pytest.mark.needs("javac", "default-jdk-headless")]
NOT_LISTED = "EdDSA with SHA512 is not authorised"
"""What DSS's stock policy says of every EdDSA signature (its cryptographic suite lacks the entry)."""


@cache
def world() -> World:
    return World(curves=True)


@cache
def signer(key: str) -> Entity:
    own = world()
    if key == "P-256":
        return own.alice
    if key == "Ed25519":
        return own.entity("Ed", own.issuing, key=ed25519.Ed25519PrivateKey.generate(), algorithm=ED25519)
    return own.entity("Rsa", own.issuing, key=rsa.generate_private_key(65537, 3072), algorithm=PSS)


@cache
def signed(form: str, key: str, level: Level) -> Document:
    first = world().sign(FORMS[form], CONTENT, signer(key), content_timestamp=True)
    return world().raise_to(FORMS[form], first, level)


def request(form: str, made: Document, level: Level, root: Entity | None = None) -> DssRequest:
    """Judged three hours after signing; B-LTA long after the signer and the first time-stamp unit have expired."""
    own = world()
    at = own.start + (100 * DAY if level is Level.B_LTA else 3 * HOUR)
    return DssRequest(
        made.read(),
        [(root or own.root).pem],
        crls=[own.crl(own.root, at - HOUR), own.crl(own.issuing, at - HOUR)],
        contents={"contract.txt": CONTENT.read()} if form == "CAdES detached" else {},
        at=at,
        name=made.name,
    )


def altered(form: str, made: Document) -> Document:
    """One byte of what is signed is another: of the content, or of the signed digest where the content is outside."""
    whole = bytearray(made.read())
    if form.startswith("ASiC"):
        archive = read_archive(made)
        entry = archive.find("contract.txt")
        assert entry is not None
        changed = document(ALTERED)  # stored anew, so that the archive itself stays whole
        return write_archive(
            [
                NewEntry("contract.txt", changed) if each is entry else KeptEntry(archive, each)
                for each in archive.entries
            ],
            made.name,
            made.media_type,
        )
    digest = DigestAlgorithm.SHA256.digest(CONTENT.read())
    place = whole.find(CONTENT.read())
    if place < 0:
        place = whole.find(digest)
    if place < 0:
        place = whole.find(DigestAlgorithm.SHA512.digest(CONTENT.read()))
    assert place > 0
    whole[place + 5] ^= 1
    return replace(made, source=document(bytes(whole)).source)


def verdict(report: DssReport) -> tuple[str, bool]:
    assert not report.error
    (found,) = report.signatures
    return found.indication, found.intact


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("form", FORMS)
@JUDGE[0]
@JUDGE[1]
def test_dss_passes_it_at_its_level_and_fails_its_twins(form, key, level):
    made = signed(form, key, level)
    good, changed, stranger = dss_judge(
        request(form, made, level),
        request(form, altered(form, made), level),
        request(form, made, level, world().other_root),
    )
    assert not good.error
    (found,) = good.signatures
    assert found.format == f"CAdES-BASELINE-{level.value.removeprefix('B-')}"
    assert found.intact
    stamps = [stamp.indication for stamp in found.timestamps]
    assert stamps == ["PASSED"] * {"B-B": 1, "B-T": 2, "B-LT": 2, "B-LTA": 3}[level.value]
    if key == "Ed25519":
        assert found.indication == "INDETERMINATE"
        assert any(NOT_LISTED in error for error in found.errors)
    else:
        assert (found.indication, found.sub_indication, found.errors) == ("TOTAL_PASSED", "", ())
    # in ASiC-E the value is over the manifest, which stays intact; what it lists does not
    assert verdict(changed) == ("TOTAL_FAILED", form == "ASiC-E")
    assert verdict(stranger) == ("INDETERMINATE", True)


@JUDGE[0]
@JUDGE[1]
def test_dss_passes_what_signers_say_and_others_add():
    own, form = world(), Cades()
    said = SignatureParameters(
        commitment="1.2.840.113549.1.9.16.6.5", claimed_roles=("代表取締役",), location="東京都"
    )
    first = own.sign(form, CONTENT, own.alice, said)
    (alice,) = form.parse(first)
    countered = own.sign(
        form, first, own.bob, SignatureParameters(countersigns=alice.id), at=own.start + HOUR
    )
    both = own.sign(form, countered, own.bob, at=own.start + 2 * HOUR)
    raised = own.raise_to(form, both, Level.B_LTA, signature=alice.id)
    (report,) = dss_judge(request("CAdES enveloping", raised, Level.B_B))
    assert [one.indication for one in report.signatures] == ["TOTAL_PASSED"] * 3
    formats = sorted(one.format for one in report.signatures)
    assert formats == ["CAdES-BASELINE-B", "CAdES-BASELINE-B", "CAdES-BASELINE-LTA"]


@JUDGE[0]
@JUDGE[1]
@pytest.mark.parametrize("kind", list(AsicKind))
def test_dss_passes_renewed_containers(kind):
    own, form = world(), AsicCades(kind)
    bundle = [CONTENT] if kind is AsicKind.S else [CONTENT, document(b"annex", "別紙 1.txt")]
    made = own.raise_to(form, own.sign(form, new_container(bundle, kind)), Level.B_LTA)
    made = own.raise_to(form, made, Level.B_LTA, at=own.start + 50 * DAY, archive_timestamps=2)
    (report,) = dss_judge(request("", made, Level.B_LTA))
    (found,) = report.signatures
    assert (found.indication, found.format) == ("TOTAL_PASSED", "CAdES-BASELINE-LTA")
    assert [stamp.indication for stamp in found.timestamps] == ["PASSED"] * 3


@pytest.mark.needs("openssl", "openssl")
@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("key", ["P-256", "RSA-3072-PSS"])
@pytest.mark.parametrize("form", ["CAdES enveloping", "CAdES detached"])
def test_openssl_verifies_it_and_refuses_its_twins(form, key, level):
    """OpenSSL 3.0 knows no Ed25519 in CMS: those cells are DSS's alone."""
    own, made = world(), signed(form, key, level)
    at = own.start + 3 * HOUR

    def verify(content: bytes, root: Entity) -> bool:
        verdict = openssl_cms_verify(made.read(), content, [root.pem], intermediates=[own.issuing.pem], at=at)
        return verdict.ok

    assert verify(CONTENT.read(), own.root)
    assert not verify(ALTERED, own.root)
    assert not verify(CONTENT.read(), own.other_root)
