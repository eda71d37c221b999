"""A bridge: a path over a cross-certificate with policy mapping, from keys that are really generated."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ObjectIdentifier as Oid

from shirushi.adapters.bridge_anchors import BridgeAnchors
from shirushi.codecs.asn1.material import build_material
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.errors import ConfigurationInvalid
from shirushi.core.recognition import Conclusion, Party, System, TrustKind, Wording
from shirushi.rules.path import candidate_paths
from shirushi.rules.qualification.bridge import CROSS_CERTIFIED, bridged, crossing
from tests.unit.rules_equivalence.worlds import issued

AT = datetime(2026, 6, 1, tzinfo=UTC)
THEIRS, OURS, OTHER = "2.25.1", "2.25.2", "2.25.3"
KINDS = (TrustKind.SIGNATURE,)
POLICY_MAPPINGS = "2.5.29.33"


def policies(*oids):
    return x509.CertificatePolicies([x509.PolicyInformation(Oid(each), None) for each in oids])


def mapping(issuer: bytes, subject: bytes):
    """A policyMappings extension of one pair of short OIDs under 2.25 (RFC 5280 §4.2.1.5)."""
    pair = b"".join(b"\x06\x02\x69" + each for each in (issuer, subject))
    inner = b"\x30" + bytes([len(pair)]) + pair
    return x509.UnrecognizedExtension(Oid(POLICY_MAPPINGS), b"\x30" + bytes([len(inner)]) + inner)


class Bridge:
    """Our root, the bridge that it cross-certified, an authority of the bridge's, and somebody there."""

    def __init__(self, *, mapped=True, years=(2025, 2030), asserted=THEIRS):
        root, bridge, member, leaf = (ec.generate_private_key(ec.SECP256R1()) for _ in range(4))
        self.root = issued("Our Root", key=root, ca=True)
        extensions = [policies(OURS), mapping(b"\x02", b"\x01")] if mapped else [policies(OURS)]
        self.cross = issued(
            "Bridge", (self.root, root), key=bridge, ca=True, extensions=extensions, years=years
        )
        self.member = issued(
            "Member", (self.cross, bridge), key=member, ca=True, extensions=[policies(THEIRS)]
        )
        self.leaf = issued("Somebody", (self.member, member), key=leaf, extensions=[policies(asserted)])

    def lay(self, folder):
        cross = folder / "cross"
        cross.mkdir()
        (folder / "root.pem").write_bytes(self.root.public_bytes(Encoding.PEM))
        (cross / "bridge.pem").write_bytes(self.cross.public_bytes(Encoding.PEM))
        (cross / "notes.txt").write_text("nothing")
        return BridgeAnchors([folder / "root.pem"], [cross])

    def chain(self):
        made = (self.leaf, self.member, self.cross, self.root)
        return tuple(parse_certificate(each.public_bytes(Encoding.DER)) for each in made)


def party(*conclusions, bridges=("CN=Bridge",)):
    said = Wording("a", "b")
    return Party("US", said, said, System.BRIDGE, bridges=frozenset(bridges), conclusions=conclusions)


def concludes(name, theirs=THEIRS, ours=OURS):
    return Conclusion(
        name, TrustKind.SIGNATURE, policies=frozenset({theirs}), mapped=frozenset({ours}), device=True
    )


def found(bridge, *conclusions, at=AT):
    chain = bridge.chain()
    return bridged(party(*conclusions), chain, KINDS, at, build_material(chain))


def test_a_path_is_built_over_the_cross_certificates_of_a_folder(tmp_path):
    bridge = Bridge()
    source = bridge.lay(tmp_path)
    leaf, member, cross, root = bridge.chain()
    assert list(source.issuers(member)) == [cross.der]
    assert list(source.issuers(leaf)) == []
    assert list(source.revocation_data(leaf, member, AT)) == []
    (anchor,) = source.anchors(AT)
    assert anchor.certificate == root, "a cross-certificate is no anchor"
    material = build_material([leaf, member, *map(parse_certificate, source.issuers(member)), root])
    (path,) = candidate_paths(leaf, material, source.anchors(AT))
    assert path.certificates == (leaf, member, cross)


def test_their_policy_counts_as_ours_where_the_cross_certificate_maps_it():
    answer = found(Bridge(), concludes("medium"))
    assert (answer.conclusion, answer.status) == ("medium", CROSS_CERTIFIED)
    assert answer.source is not None
    assert answer.source.service == "CN=Bridge"
    assert len(answer.source.snapshot) == 64
    assert [step.reason.code for step in answer.steps] == ["NATIVE_PATH"]


@pytest.mark.parametrize(
    ("bridge", "at"),
    [
        (Bridge(mapped=False), AT),
        (Bridge(years=(2020, 2021)), AT),
        (Bridge(asserted=OTHER), AT),
        (Bridge(), datetime(2031, 1, 1, tzinfo=UTC)),
    ],
)
def test_without_mapping_or_outside_validity_or_under_another_policy_nothing_is_concluded(bridge, at):
    answer = found(bridge, concludes("medium"), at=at)
    assert answer.conclusion == ""
    assert [step.reason.code for step in answer.steps] == ["NATIVE_PATH_BROKEN"]


def test_conclusions_that_want_another_policy_or_that_contradict_one_another():
    assert found(Bridge(), concludes("high", theirs=OTHER)).conclusion == ""
    torn = found(Bridge(), concludes("medium"), concludes("high"))
    assert torn.conclusion is None
    assert torn.steps[-1].reason.code == "NATIVE_CONFLICT"


def test_a_path_that_crosses_no_bridge_of_the_party():
    chain = Bridge().chain()
    assert crossing(party(), chain) == chain[2]
    assert crossing(party(bridges=("CN=Other",)), chain) is None
    assert crossing(party(bridges=("CN=Member",)), chain) is None, "only what our root signed is a bridge"


def test_a_bad_file_of_cross_certificates(tmp_path):
    bridge = Bridge()
    source = bridge.lay(tmp_path)
    (tmp_path / "cross/broken.pem").write_bytes(
        b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"
    )
    with pytest.raises(ConfigurationInvalid):
        list(source.issuers(bridge.chain()[1]))
    with pytest.raises(ConfigurationInvalid):
        list(BridgeAnchors([], [tmp_path / "missing.pem"]).issuers(bridge.chain()[1]))
