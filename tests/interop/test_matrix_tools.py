"""The matrix before the other judges: OpenSSL, xmlsec1, libdigidocpp, pdfsig, qpdf and pyHanko, each where it can read."""

import dataclasses
from collections.abc import Callable, Mapping

import pytest
from asn1crypto import cms

from shirushi.codecs.zip.reader import read_archive
from shirushi.core.document import Document, document
from shirushi.core.evidence import Level
from shirushi.formats.asic.container import AsicKind, new_container
from shirushi.formats.asic.xades_format import AsicXades
from shirushi.formats.protocol import SignatureParameters
from tests.interop.digidoc_judge import digidoc
from tests.interop.matrix import FORMS, HOUR, KEYS, PDF, TEXT, XML, altered, every_cell, signed, signer, world
from tests.interop.ours import last_signature
from tests.interop.tools import openssl_cms_verify, pdfsig, pyhanko_validate, qpdf_check
from tests.interop.xmlsec_judge import xmlsec_verify
from tests.results import record_cell
from tests.unit.formats_cades.world import Entity

LEVELS = pytest.mark.parametrize("level", list(Level), ids=lambda level: level.value)
LEGACY_KEYS = [key for key in KEYS if key != "Ed25519"]


Accepts = Callable[[Document, Mapping[str, bytes], Entity], bool]
"""Whether a judge accepts a document with what is beside it, under a root."""


ACCEPTED = (True, False, False)
"""The cell itself, and neither of its twins."""


def cell(name: str, level: Level, key: str, judge: str, accepts: Accepts) -> tuple[bool, bool, bool]:
    """What a judge says of the cell, of its twin with a byte changed, and of its twin without an anchor."""
    made, own, beside = signed(name, key, level), world(), FORMS[name].contents
    data, altered_beside = altered(name, made)
    changed = dataclasses.replace(made, source=document(data).source, appended=b"")
    verdicts = (
        accepts(made, beside, own.root),
        accepts(changed, altered_beside, own.root),
        accepts(made, beside, own.other_root),
    )
    record_cell(name, level.value, key, judge, accepted=verdicts == ACCEPTED)
    return verdicts


def inside(container: Document, name: str) -> bytes:
    archive = read_archive(container)
    entry = archive.find(name)
    assert entry is not None
    return archive.content(entry).read_at(0, entry.size)


@pytest.mark.needs("openssl", "openssl")
@every_cell(["CAdES enveloping", "CAdES detached", "ASiC-S CAdES"], LEGACY_KEYS)
def test_openssl(name, key, level):
    """OpenSSL 3.0 knows no Ed25519 in CMS."""
    own = world()

    def accepts(made: Document, beside: Mapping[str, bytes], root: Entity) -> bool:
        data = made.read()
        if name.startswith("ASiC"):
            data, content = inside(made, "META-INF/signature.p7s"), inside(made, "contract.txt")
        elif beside:
            (content,) = beside.values()
        else:
            content = cms.ContentInfo.load(data)["content"]["encap_content_info"]["content"].native
        return openssl_cms_verify(
            data, content, [root.pem], intermediates=[own.issuing.pem], at=own.start + 3 * HOUR
        ).ok

    assert cell(name, level, key, "openssl cms", accepts) == ACCEPTED


@pytest.mark.needs("xmlsec1", "xmlsec1")
@LEVELS
@pytest.mark.parametrize("name", [name for name, form in FORMS.items() if form.family == "XAdES"])
def test_xmlsec(name, level):
    """The version 1.2 of xmlsec knows neither RSASSA-PSS nor EdDSA."""
    own = world()

    def accepts(made: Document, beside: Mapping[str, bytes], root: Entity) -> bool:
        data = made.read()
        if name.startswith("ASiC"):
            file = "META-INF/signatures.xml" if "ASiC-S" in name else "META-INF/signatures001.xml"
            data, beside = inside(made, file), {"contract.txt": inside(made, "contract.txt")}
        at = own.start + 3 * HOUR
        return xmlsec_verify(data, [root.pem], intermediates=[own.issuing.pem], contents=beside, at=at).ok

    assert cell(name, level, "P-256", "xmlsec1", accepts) == ACCEPTED


@every_cell(["PAdES"])
def test_pyhanko(name, key, level):
    own = world()

    def accepts(made: Document, _: Mapping[str, bytes], root: Entity) -> bool:
        crls = [own.crl(own.root, own.start + 2 * HOUR), own.crl(own.issuing, own.start + 2 * HOUR)]
        found = pyhanko_validate(
            made.read(),
            [root.pem],
            intermediates=[own.issuing.pem],
            crls=crls,
            at=own.start + 4 * HOUR,
        )
        return bool(found) and all(one.bottom_line for one in found)

    assert cell(name, level, key, "pyHanko", accepts) == ACCEPTED


@pytest.mark.needs("pdfsig", "poppler-utils")
@pytest.mark.needs("certutil", "libnss3-tools")
@pytest.mark.needs("qpdf", "qpdf")
@every_cell(["PAdES"])
def test_qpdf_and_pdfsig(name, key, level):
    """pdfsig judges certificates now, long after these have expired, and knows no Ed25519: integrity alone is asked."""
    made = signed(name, key, level)
    clean = not qpdf_check(made.read()).new_since(qpdf_check(PDF.read()))
    record_cell(name, level.value, key, "qpdf", accepted=clean)
    assert clean
    if key == "Ed25519":
        return

    def intact(data: bytes) -> bool:
        (one,) = [one for one in pdfsig(data, [world().root.pem]) if one.type == "ETSI.CAdES.detached"]
        return bool(one.valid)

    verdicts = intact(made.read()), intact(altered(name, made)[0])
    record_cell(name, level.value, key, "pdfsig", accepted=verdicts == (True, False))
    assert verdicts == (True, False)


@pytest.mark.needs("openssl", "openssl")
@pytest.mark.parametrize("level", [Level.B_B, Level.B_T], ids=["B-B", "B-T"])
@pytest.mark.parametrize("key", LEGACY_KEYS)
def test_openssl_reads_what_a_pdf_holds(key, level):
    own, made = world(), signed("PAdES", key, level)
    taken, changed = last_signature(made.read()), last_signature(altered("PAdES", made)[0])
    verdicts = [
        openssl_cms_verify(
            one.cms, one.content, [root.pem], intermediates=[own.issuing.pem], at=own.start + 3 * HOUR
        ).ok
        for one, root in ((taken, own.root), (changed, own.root), (taken, own.other_root))
    ]
    record_cell("PAdES", level.value, key, "openssl cms", accepted=verdicts == [True, False, False])
    assert verdicts == [True, False, False]


@pytest.mark.long
def test_libdigidocpp():
    """It declines content time-stamps, all of B-B, and Ed25519; whom it trusts, no test can choose."""
    own, form = world(), AsicXades(AsicKind.E)
    said = SignatureParameters(claimed_roles=("代表取締役",), location="東京都")
    bundle = new_container([TEXT, XML], AsicKind.E, "bundle.asice")
    made = {}
    for key in LEGACY_KEYS:
        first = own.sign(form, bundle, signer(key), said)
        for level in (Level.B_T, Level.B_LT, Level.B_LTA):
            made[key, level] = own.raise_to(form, first, level, ocsp=True)
    asked = [each.read() for each in made.values()]
    twins = [altered("ASiC-E XAdES", each)[0] for each in made.values()]
    found = digidoc(*asked, *twins)
    for number, (key, level) in enumerate(made):
        good, changed = found[number], found[number + len(asked)]
        intact = not good.error and [one.objections for one in good.signatures] == [()]
        refused = [bool(one.objections) for one in changed.signatures] == [True]
        record_cell("ASiC-E XAdES", level.value, key, "libdigidocpp", accepted=intact and refused)
        assert intact, (key, level, good)
        assert refused, (key, level, changed)
        assert good.files == {"contract.txt": "text/plain", "invoice.xml": "application/xml"}
        (one,) = good.signatures
        assert one.distrust
        assert one.profile == ("BES/time-stamp-archive" if level is Level.B_LTA else "BES/time-stamp")
        assert (one.roles, one.place[0]) == (("代表取締役",), "東京都")
