"""Every kind of signature before the EU's validation library, which tells what the signer says as ours does."""

import pytest

from shirushi.core.evidence import Level
from shirushi.formats.pades.format import Pades
from shirushi.formats.protocol import Certification, Packaging, SignatureParameters
from tests.interop.dss_judge import DssSignature, dss_judge
from tests.interop.matrix import HOUR, PDF, request, world
from tests.interop.tools import pdfsig, pyhanko_validate, qpdf_check
from tests.unit.formats_kinds.sayings import APPROVAL, FORMS, PLACE, POLICY, everything

pytestmark = [
    pytest.mark.needs("mvn", "maven"),
    pytest.mark.needs("javac", "default-jdk-headless"),
]
ALL = {**FORMS, "PAdES": (Pades(), PDF, None)}


def form_family(name: str) -> str:
    return next(family for family in ("PAdES", "CAdES", "XAdES", "JAdES") if family in name)


def passed(one: DssSignature, level: str) -> bool:
    verdict = (one.indication, one.errors, one.structure)
    return verdict == ("TOTAL_PASSED", (), ()) and one.format.endswith(f"-BASELINE-{level}")


@pytest.mark.parametrize("name", ALL)
def test_dss_reads_what_the_signer_says(name):
    own = world()
    form, given, packaging = ALL[name]
    said = everything(own.alice, own.issuing, packaging)
    signed = own.sign(form, given, parameters=said, content_timestamp=True)
    beside = {given.name: given.read()} if packaging is Packaging.DETACHED else {}
    (report,) = dss_judge(request(signed, Level.B_B, "P-256", contents=beside))
    (one,) = report.signatures
    assert passed(one, "B"), one
    assert one.said["claimed_roles"] == ["代表取締役", "監査役"]
    if form_family(name) == "XAdES":  # it looks for certified attributes in CMS where EN 319 122-1 has none
        assert one.said["certified_roles"] == "1"
    assert [each.removeprefix("urn:oid:") for each in one.said["commitments"]] == [APPROVAL]
    assert (one.said["policy"], one.said["policy_url"]) == (POLICY.oid, POLICY.uri)
    place = " ".join(one.said["place"])
    if name == "PAdES":  # it does not read the Location of a signature dictionary
        return
    assert all(part in place for part in ("東京都", PLACE.street, PLACE.postal_code, PLACE.country))


@pytest.mark.parametrize("name", [name for name in FORMS if "enveloped" not in name])
def test_dss_tells_counter_signatures_of_signers_in_parallel(name):
    own = world()
    form, given, packaging = FORMS[name]
    beside = {given.name: given.read()} if packaging is Packaging.DETACHED else {}
    first = own.sign(form, given, parameters=SignatureParameters(packaging=packaging))
    if name.startswith("XAdES") or name == "JAdES detached":
        both, count = (
            first,
            2,
        )  # beside others a signature stands in a document or a container, not in a signature
    else:
        both, count = own.sign(form, first, own.bob, at=own.start + HOUR), 3
    alice = next(each for each in form.parse(both) if each.signing_certificate == own.alice.certificate)
    countered = own.sign(
        form, both, own.bob, SignatureParameters(countersigns=alice.id), at=own.start + 2 * HOUR
    )
    (report,) = dss_judge(request(countered, Level.B_B, "P-256", contents=beside))
    assert len(report.signatures) == count
    assert all(passed(one, "B") for one in report.signatures), report.signatures
    assert sum(one.said["counter_signature"] for one in report.signatures) == 1


@pytest.mark.needs("qpdf", "qpdf")
@pytest.mark.needs("pdfsig", "poppler-utils")
@pytest.mark.needs("certutil", "libnss3-tools")
@pytest.mark.parametrize("permits", list(Certification))
def test_certifications_and_what_they_permit(permits):
    own, form = world(), Pades()
    made = own.sign(form, PDF, parameters=SignatureParameters(certification=permits, name="Alice"))
    made = own.raise_to(form, made, Level.B_LTA)
    count = 1
    if permits is not Certification.NO_CHANGES:
        made = own.sign(form, made, own.bob, at=own.start + 4 * HOUR)
        count = 2
    crls = [own.crl(own.root, own.start + 2 * HOUR), own.crl(own.issuing, own.start + 2 * HOUR)]
    found = pyhanko_validate(
        made.read(), [own.root.pem], intermediates=[own.issuing.pem], crls=crls, at=own.start + 5 * HOUR
    )
    assert all(one.bottom_line for one in found), [one.summary for one in found]
    assert not qpdf_check(made.read()).new_since(qpdf_check(PDF.read()))
    assert sum(one.valid for one in pdfsig(made.read()) if one.type == "ETSI.CAdES.detached") == count
    (report,) = dss_judge(request(made, Level.B_LTA, "P-256", contents={}))
    assert passed(
        report.signatures[0] if count == 1 else max(report.signatures, key=lambda s: s.format), "LTA"
    )
