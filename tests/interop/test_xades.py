"""XAdES before the EU's validation library: what signers say, and renewal."""

import pytest

from shirushi.core.evidence import Level
from shirushi.formats.asic.container import AsicKind, new_container
from shirushi.formats.asic.xades_format import AsicXades
from shirushi.formats.protocol import SignatureParameters
from shirushi.formats.xades.format import Xades
from tests.interop.dss_judge import dss_judge
from tests.interop.matrix import FORMS, HOUR, TEXT, XML, request, signed, world
from tests.unit.formats_cades.world import DAY

FORM = Xades()
XADES = [name for name in FORMS if name.startswith("XAdES")]


def dss(test):
    return pytest.mark.needs("mvn", "maven")(pytest.mark.needs("javac", "default-jdk-headless")(test))


@dss
def test_dss_passes_what_signers_say_and_others_add():
    own = world()
    said = SignatureParameters(
        commitment="1.2.840.113549.1.9.16.6.5", claimed_roles=("代表取締役 & <監査役>",), location="東京都"
    )
    first = own.sign(FORM, XML, own.alice, said)
    (alice,) = FORM.parse(first)
    countered = own.sign(
        FORM, first, own.bob, SignatureParameters(countersigns=alice.id), at=own.start + HOUR
    )
    both = own.sign(FORM, countered, own.bob, at=own.start + 2 * HOUR)
    raised = own.raise_to(FORM, both, Level.B_LTA, signature=alice.id)
    (report,) = dss_judge(request(raised, Level.B_B, "P-256", contents={}))
    assert [one.indication for one in report.signatures] == ["TOTAL_PASSED"] * 3
    assert all(one.structure == () for one in report.signatures)
    formats = sorted(one.format for one in report.signatures)
    assert formats == ["XAdES-BASELINE-B", "XAdES-BASELINE-B", "XAdES-BASELINE-LTA"]


@dss
@pytest.mark.parametrize("name", XADES)
def test_dss_passes_renewed_signatures(name):
    form = FORMS[name]
    made = world().raise_to(
        FORM,
        signed(name, "P-256", Level.B_LTA),
        Level.B_LTA,
        at=world().start + 50 * DAY,
        contents=form.detached,
        archive_timestamps=2,
    )
    (report,) = dss_judge(request(made, Level.B_LTA, "P-256", contents=form.contents))
    (found,) = report.signatures
    assert (found.indication, found.format) == ("TOTAL_PASSED", "XAdES-BASELINE-LTA")
    assert [stamp.indication for stamp in found.timestamps] == ["PASSED"] * 4


@dss
@pytest.mark.parametrize("kind", list(AsicKind))
def test_dss_passes_containers_of_several_files_and_signers(kind):
    own, form = world(), AsicXades(kind)
    bundle = [TEXT] if kind is AsicKind.S else [TEXT, XML]
    first = own.sign(form, new_container(bundle, kind, "bundle"))
    (alice,) = form.parse(first)
    both = own.sign(form, first, own.bob, at=own.start + HOUR)
    countered = own.sign(
        form, both, own.bob, SignatureParameters(countersigns=alice.id), at=own.start + 2 * HOUR
    )
    raised = own.raise_to(form, countered, Level.B_LTA, signature=alice.id)
    renewed = own.raise_to(
        form, raised, Level.B_LTA, signature=alice.id, at=own.start + 50 * DAY, archive_timestamps=2
    )
    now, later = dss_judge(
        request(raised, Level.B_B, "P-256", contents={}), request(renewed, Level.B_LTA, "P-256", contents={})
    )
    assert [one.indication for one in now.signatures] == ["TOTAL_PASSED"] * 3, now
    formats = sorted(one.format for one in now.signatures)
    assert formats == ["XAdES-BASELINE-B", "XAdES-BASELINE-B", "XAdES-BASELINE-LTA"]
    (kept,) = [one for one in later.signatures if one.format == "XAdES-BASELINE-LTA"]
    assert kept.indication == "TOTAL_PASSED"
