"""A verdict is a function of evidence, policy, trust and time: stored and taken up again, they give the same bytes."""

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

from shirushi.core.evidence import TrustAnchor
from shirushi.core.verdict import Verdict
from shirushi.rules.ades import EU, JAPAN, PKI, validate_signatures
from shirushi.services.validation.model import report
from shirushi.services.validation.service import embedded_material
from tests.mutations import Original, originals, world
from tests.unit.formats_cades.world import DAY

ROOT = Path(__file__).parents[2]
POLICIES = (JAPAN, EU, PKI)


def inputs(original: Original):
    own = world()
    anchors = (TrustAnchor(own.root.certificate, "Test Root"),)
    signatures = original.parse(original.made, original.contents)
    return signatures, embedded_material(signatures, anchors), anchors


def told(verdict: Verdict) -> bytes:
    """All that is said of the verdict in both languages."""
    said = [report(verdict, language) for language in ("ja", "en")]
    return json.dumps(said, ensure_ascii=False).encode()


AGAIN = """
import pickle, sys
from shirushi.rules.ades import validate_signatures
from tests.property.test_replay import told
for stored in pickle.load(open(sys.argv[1], "rb")):
    sys.stdout.buffer.write(told(validate_signatures(*pickle.loads(stored))) + b"\\n")
"""


def test_stored_verdicts_are_given_again_by_another_process(tmp_path):
    """Of every form, early and late, under every preset; the other process orders its sets in another way."""
    stored, first = [], []
    for number, original in enumerate(originals()):
        signatures, material, anchors = inputs(original)
        for place, later in enumerate((DAY / 4, 30 * DAY)):
            policy = POLICIES[(number + place) % len(POLICIES)]
            given = (signatures, material, anchors, policy, world().start + later)
            verdict = validate_signatures(*given)
            assert (verdict.policy_name, verdict.policy_digest) == (policy.name, policy.digest())
            stored.append(pickle.dumps(given))
            first.append(told(verdict))
    place = tmp_path / "stored"
    place.write_bytes(pickle.dumps(stored))
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", AGAIN, str(place)], capture_output=True, check=True, env=environment, cwd=ROOT
    )
    assert done.stdout.split(b"\n")[:-1] == first
    assert len(set(first)) > len(originals())


def test_what_is_missing_is_listed():
    for original in originals():
        if not original.name.endswith("B-B"):
            continue
        signatures, material, anchors = inputs(original)
        verdict = validate_signatures(signatures, material, anchors, JAPAN, world().start + DAY / 4)
        (said,) = report(verdict, "en")["signatures"]
        assert [each["kind"] for each in said["missing"]].count("revocation-data") >= 1, original.name
        assert "Alice" in said["missing"][0]["certificate"]
