"""XAdES before judges of other hands: xmlsec1, and the EU's validation library at every level."""

from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from shirushi.core.algorithms import DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.document import Document, document
from shirushi.core.evidence import Level
from shirushi.formats.protocol import Packaging, SignatureParameters
from shirushi.formats.xades.format import Xades
from tests.interop.dss_judge import DssReport, DssRequest, dss_judge
from tests.interop.xmlsec_judge import xmlsec_verify
from tests.unit.formats_cades.world import DAY, ED25519, Entity, World
from tests.unit.formats_xades.bench import INVOICE

FORM = Xades()
CONTENT = document(INVOICE, "invoice.xml", "application/xml")
HOUR = DAY / 24
KEYS = ("P-256", "RSA-3072-PSS", "Ed25519")
PSS = SignatureAlgorithm(Scheme.RSA_PSS, DigestAlgorithm.SHA256, 32)
ALTERED = INVOICE.replace(b"110 ", b"910 ")
JUDGED_AFTER = {Level.B_B: 3 * HOUR, Level.B_T: 3 * HOUR, Level.B_LT: 11 * DAY, Level.B_LTA: 100 * DAY}
"""The signer's certificate lasts ten days, that of the first time-stamp unit twelve."""


def dss(test):
    return pytest.mark.needs("mvn", "maven")(pytest.mark.needs("javac", "default-jdk-headless")(test))


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


def contents(packaging: Packaging) -> dict[str, bytes]:
    return {"invoice.xml": INVOICE} if packaging is Packaging.DETACHED else {}


@cache
def signed(packaging: Packaging, key: str, level: Level) -> Document:
    said = SignatureParameters(packaging=packaging)
    first = world().sign(FORM, CONTENT, signer(key), said, content_timestamp=True)
    return world().raise_to(FORM, first, level, contents=[CONTENT] if contents(packaging) else [])


def altered(packaging: Packaging, made: Document) -> tuple[bytes, dict[str, bytes]]:
    """One byte of what is signed is another."""
    if packaging is Packaging.DETACHED:
        return made.read(), {"invoice.xml": ALTERED}
    data = made.read()
    if packaging is Packaging.ENVELOPING:
        place = data.index(b"<ds:Object Encoding") + 200
        return data[:place] + (b"A" if data[place : place + 1] != b"A" else b"B") + data[place + 1 :], {}
    old, new = b"110 &lt;", b"910 &lt;"
    assert data.count(old) == 1
    return data.replace(old, new), {}


def request(
    data: bytes, files: dict[str, bytes], level: Level, key: str = "P-256", root: Entity | None = None
) -> DssRequest:
    """B-LT is judged by what it carries alone; B-LTA with fresh lists for the last time-stamp unit."""
    own = world()
    at = own.start + JUDGED_AFTER[level]
    lists = [] if level is Level.B_LT else [own.crl(own.root, at - HOUR), own.crl(own.issuing, at - HOUR)]
    return DssRequest(
        data,
        [(root or own.root).pem],
        crls=lists,
        contents=files,
        at=at,
        name="s.xml",
        eddsa=key == "Ed25519",
    )


def verdict(report: DssReport) -> tuple[str, bool]:
    assert not report.error
    (found,) = report.signatures
    return found.indication, found.intact


@dss
@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("packaging", list(Packaging))
def test_dss_passes_it_at_its_level_and_fails_its_twins(packaging, key, level):
    made = signed(packaging, key, level)
    good, changed, stranger = dss_judge(
        request(made.read(), contents(packaging), level, key),
        request(*altered(packaging, made), level, key),
        request(made.read(), contents(packaging), level, key, world().other_root),
    )
    assert not good.error
    (found,) = good.signatures
    assert (found.indication, found.sub_indication, found.errors) == ("TOTAL_PASSED", "", ())
    assert found.format == f"XAdES-BASELINE-{level.value.removeprefix('B-')}"
    assert (found.intact, found.structure) == (True, ())
    stamps = [stamp.indication for stamp in found.timestamps]
    assert stamps == ["PASSED"] * {"B-B": 1, "B-T": 2, "B-LT": 2, "B-LTA": 3}[level.value]
    assert verdict(changed) == ("TOTAL_FAILED", False)
    assert verdict(stranger) == ("INDETERMINATE", True)


@dss
def test_dss_passes_what_signers_say_and_others_add():
    own = world()
    said = SignatureParameters(
        commitment="1.2.840.113549.1.9.16.6.5", claimed_roles=("代表取締役 & <監査役>",), location="東京都"
    )
    first = own.sign(FORM, CONTENT, own.alice, said)
    (alice,) = FORM.parse(first)
    countered = own.sign(
        FORM, first, own.bob, SignatureParameters(countersigns=alice.id), at=own.start + HOUR
    )
    both = own.sign(FORM, countered, own.bob, at=own.start + 2 * HOUR)
    raised = own.raise_to(FORM, both, Level.B_LTA, signature=alice.id)
    (report,) = dss_judge(request(raised.read(), {}, Level.B_B))
    assert [one.indication for one in report.signatures] == ["TOTAL_PASSED"] * 3
    assert all(one.structure == () for one in report.signatures)
    formats = sorted(one.format for one in report.signatures)
    assert formats == ["XAdES-BASELINE-B", "XAdES-BASELINE-B", "XAdES-BASELINE-LTA"]


@dss
@pytest.mark.parametrize("packaging", list(Packaging))
def test_dss_passes_renewed_signatures(packaging):
    own, files = world(), contents(packaging)
    more = [CONTENT] if files else []
    made = own.raise_to(
        FORM,
        signed(packaging, "P-256", Level.B_LTA),
        Level.B_LTA,
        at=own.start + 50 * DAY,
        contents=more,
        archive_timestamps=2,
    )
    (report,) = dss_judge(request(made.read(), files, Level.B_LTA))
    (found,) = report.signatures
    assert (found.indication, found.format) == ("TOTAL_PASSED", "XAdES-BASELINE-LTA")
    assert [stamp.indication for stamp in found.timestamps] == ["PASSED"] * 4


@pytest.mark.needs("xmlsec1", "xmlsec1")
@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("packaging", list(Packaging))
def test_xmlsec_verifies_it_and_refuses_its_twins(packaging, level):
    """xmlsec 1.2 knows neither RSASSA-PSS nor EdDSA: those cells are DSS's alone."""
    own, made = world(), signed(packaging, "P-256", level)

    def verify(data: bytes, files: dict[str, bytes], root: Entity) -> bool:
        at = own.start + 3 * HOUR
        return xmlsec_verify(data, [root.pem], intermediates=[own.issuing.pem], contents=files, at=at).ok

    assert verify(made.read(), contents(packaging), own.root)
    assert not verify(*altered(packaging, made), own.root)
    assert not verify(made.read(), contents(packaging), own.other_root)
