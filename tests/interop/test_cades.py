"""CAdES and ASiC with CAdES before the EU's validation library: what signers say, and renewal."""

import pytest

from shirushi.core.document import document
from shirushi.core.evidence import Level
from shirushi.formats.asic.container import AsicKind, new_container
from shirushi.formats.asic.format import AsicCades
from shirushi.formats.cades.format import Cades
from shirushi.formats.protocol import SignatureParameters
from tests.interop.dss_judge import dss_judge
from tests.interop.matrix import HOUR, TEXT, request, world
from tests.unit.formats_cades.world import DAY

JUDGE = [pytest.mark.needs("mvn", "maven"), pytest.mark.needs("javac", "default-jdk-headless")]


@JUDGE[0]
@JUDGE[1]
def test_dss_passes_what_signers_say_and_others_add():
    own, form = world(), Cades()
    said = SignatureParameters(
        commitment="1.2.840.113549.1.9.16.6.5", claimed_roles=("代表取締役",), location="東京都"
    )
    first = own.sign(form, TEXT, own.alice, said)
    (alice,) = form.parse(first)
    countered = own.sign(
        form, first, own.bob, SignatureParameters(countersigns=alice.id), at=own.start + HOUR
    )
    both = own.sign(form, countered, own.bob, at=own.start + 2 * HOUR)
    raised = own.raise_to(form, both, Level.B_LTA, signature=alice.id)
    (report,) = dss_judge(request(raised, Level.B_B, "P-256", contents={}))
    assert [one.indication for one in report.signatures] == ["TOTAL_PASSED"] * 3
    formats = sorted(one.format for one in report.signatures)
    assert formats == ["CAdES-BASELINE-B", "CAdES-BASELINE-B", "CAdES-BASELINE-LTA"]


@JUDGE[0]
@JUDGE[1]
@pytest.mark.parametrize("kind", list(AsicKind))
def test_dss_passes_renewed_containers(kind):
    own, form = world(), AsicCades(kind)
    bundle = [TEXT] if kind is AsicKind.S else [TEXT, document(b"annex", "別紙 1.txt")]
    made = own.raise_to(form, own.sign(form, new_container(bundle, kind)), Level.B_LTA)
    made = own.raise_to(form, made, Level.B_LTA, at=own.start + 50 * DAY, archive_timestamps=2)
    (report,) = dss_judge(request(made, Level.B_LTA, "P-256", contents={}))
    (found,) = report.signatures
    assert (found.indication, found.format) == ("TOTAL_PASSED", "CAdES-BASELINE-LTA")
    assert [stamp.indication for stamp in found.timestamps] == ["PASSED"] * 3
