"""JAdES before judges of other hands: the EU's validation library, joserfc, and jose of npm."""

import dataclasses
import json
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shirushi.codecs.jose.jws import Serialization
from shirushi.core.document import document
from shirushi.core.evidence import Level, SignaturePolicyIdentifier
from shirushi.formats.jades.format import Jades
from shirushi.formats.jades.names import BY_URI, BY_URI_HASH
from shirushi.formats.protocol import SignatureParameters
from tests.interop.dss_judge import dss_judge
from tests.interop.jose_judge import jose_verify
from tests.interop.matrix import FORMS, HOUR, KEYS, TEXT, XML, altered, request, signed, signer, world
from tests.results import record_cell
from tests.unit.formats_cades.world import DAY
from tests.unit.formats_jades.bench import signers as every_signer

FORM = Jades()
JADES = [name for name in FORMS if name.startswith("JAdES")]
ATTACHED = [name for name in JADES if not FORMS[name].contents]
BARE = document(b"a plain text without points", "plain.txt", "text/plain")


def dss(test):
    return pytest.mark.needs("mvn", "maven")(pytest.mark.needs("javac", "default-jdk-headless")(test))


@dss
def test_dss_passes_what_signers_say_and_others_add():
    own = world()
    said = SignatureParameters(
        commitment="1.2.840.113549.1.9.16.6.5",
        claimed_roles=("代表取締役", "監査役"),
        location="東京都",
        policy=SignaturePolicyIdentifier(
            "1.2.3.4", TEXT.digest(signer("P-256").algorithm.digest), "http://a.example/p"
        ),
    )
    first = own.sign(FORM, TEXT, own.alice, said)
    (alice,) = FORM.parse(first)
    countered = own.sign(
        FORM, first, own.bob, SignatureParameters(countersigns=alice.id), at=own.start + HOUR
    )
    both = own.sign(FORM, countered, own.bob, at=own.start + 2 * HOUR)
    raised = own.raise_to(FORM, both, Level.B_LTA, signature=alice.id)
    (report,) = dss_judge(request(raised, Level.B_B, "P-256", contents={}))
    assert [one.indication for one in report.signatures] == ["TOTAL_PASSED"] * 3
    assert all((one.intact, one.structure) == (True, ()) for one in report.signatures)
    formats = sorted(one.format for one in report.signatures)
    assert formats == ["JAdES-BASELINE-B", "JAdES-BASELINE-B", "JAdES-BASELINE-LTA"]


@dss
def test_dss_passes_counter_signatures_that_were_raised():
    own = world()
    first = own.sign(FORM, TEXT, own.alice)
    (alice,) = FORM.parse(first)
    countered = own.sign(
        FORM, first, own.bob, SignatureParameters(countersigns=alice.id), at=own.start + HOUR
    )
    bob = FORM.parse(countered)[1]
    deep = own.sign(FORM, countered, own.alice, SignatureParameters(countersigns=bob.id), at=own.start + HOUR)
    raised = own.raise_to(FORM, deep, Level.B_LT, signature=bob.id, at=own.start + HOUR)
    raised = own.raise_to(FORM, raised, Level.B_LTA, signature=alice.id, at=own.start + HOUR)
    (report,) = dss_judge(request(raised, Level.B_T, "P-256", contents={}))
    assert [one.indication for one in report.signatures] == ["TOTAL_PASSED"] * 3, report
    assert sorted(one.format for one in report.signatures) == [
        "JAdES-BASELINE-B",
        "JAdES-BASELINE-LT",
        "JAdES-BASELINE-LTA",
    ]


@dss
@pytest.mark.parametrize("name", JADES)
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
    assert (found.indication, found.format, found.structure) == ("TOTAL_PASSED", "JAdES-BASELINE-LTA", ())
    assert [stamp.indication for stamp in found.timestamps] == ["PASSED"] * 4


@dss
@pytest.mark.parametrize("unencoded", [False, True])
@pytest.mark.parametrize("mechanism", [BY_URI, BY_URI_HASH])
def test_dss_passes_signatures_over_several_files(mechanism, unencoded):
    own, form = world(), Jades(unencoded=unencoded)
    contents = [TEXT, dataclasses.replace(XML, name="請求 書.xml")]
    prepared = form.prepare_detached(
        contents,
        SignatureParameters(),
        digest_algorithm=own.alice.algorithm.digest,
        time=own.start,
        mechanism=mechanism,
    )
    bound = form.bind(prepared, own.alice.chain, own.alice.algorithm, own.stamp(prepared.digest, own.start))
    made = own.raise_to(
        form, form.assemble(bound, own.alice.sign(bound.data)), Level.B_LTA, contents=contents
    )
    beside = {each.name: each.read() for each in contents}
    good, changed = dss_judge(
        request(made, Level.B_LTA, "P-256", contents=beside),
        request(made, Level.B_LTA, "P-256", contents=beside | {TEXT.name: b"another"}),
    )
    (found,) = good.signatures
    assert (found.indication, found.format, found.structure) == ("TOTAL_PASSED", "JAdES-BASELINE-LTA", ())
    assert [stamp.indication for stamp in found.timestamps] == ["PASSED"] * 3
    assert (changed.signatures[0].indication, changed.signatures[0].intact) == ("TOTAL_FAILED", False)


@dss
@pytest.mark.parametrize("level", [Level.B_B, Level.B_LTA])
@pytest.mark.parametrize("serialization", list(Serialization))
def test_dss_passes_payloads_that_are_not_encoded(serialization, level):
    own, form = world(), Jades(serialization, unencoded=True)
    made = own.raise_to(form, own.sign(form, BARE, content_timestamp=True), level)
    data = made.read()
    assert data.count(BARE.read()) == 1
    broken = data.replace(BARE.read(), b"A" + BARE.read()[1:])
    good, changed = dss_judge(
        request(made, level, "P-256", contents={}), request(made, level, "P-256", data=broken, contents={})
    )
    (found,) = good.signatures
    expected = f"JAdES-BASELINE-{level.value.removeprefix('B-')}"
    assert (found.indication, found.format, found.structure) == ("TOTAL_PASSED", expected, ())
    assert (changed.signatures[0].indication, changed.signatures[0].intact) == ("TOTAL_FAILED", False)


@dss
@pytest.mark.parametrize(
    "name", [name for name in every_signer() if name not in {"Brainpool", "EdDSA (Ed448)"}]
)
def test_dss_and_jose_pass_every_algorithm(name):
    own, given = world(), every_signer()[name]
    made = own.sign(FORM, TEXT, own.entity(name, own.issuing, key=given.key, algorithm=given.algorithm))
    (report,) = dss_judge(request(made, Level.B_B, "Ed25519" if name == "EdDSA" else name, contents={}))
    (found,) = report.signatures
    assert (found.indication, found.format, found.structure) == ("TOTAL_PASSED", "JAdES-BASELINE-B", ())
    assert jose_verify(made.read(), pem(given.key))


def pem(key) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@cache
def strangers() -> dict[str, bytes]:
    """A key of each kind that did not sign."""
    return {
        "P-256": pem(world().bob.key),
        "RSA-3072-PSS": pem(rsa.generate_private_key(65537, 2048)),
        "Ed25519": pem(ed25519.Ed25519PrivateKey.generate()),
    }


def joserfc_verify(data: bytes, name: str, key: bytes) -> bool:
    """Whether joserfc verifies every signature under the key."""
    from joserfc import errors, jws
    from joserfc.jwk import ECKey, OKPKey, RSAKey

    kind = {"P-256": ECKey, "RSA-3072-PSS": RSAKey, "Ed25519": OKPKey}[name]
    imported = kind.import_key(key)
    registry = jws.JWSRegistry(algorithms=["ES256", "PS256", "EdDSA"], strict_check_header=False)
    registry.max_header_length = registry.max_payload_length = registry.max_signature_length = 1 << 20
    try:
        if data[:1] == b"{":
            jws.deserialize_json(json.loads(data), imported, registry=registry)
        else:
            jws.deserialize_compact(data, imported, registry=registry)
    except (errors.JoseError, ValueError):
        return False
    return True


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize("level", list(Level), ids=lambda level: level.value)
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("name", ATTACHED)
def test_joserfc(name, key, level):
    made, own = signed(name, key, level), pem(signer(key).key)
    verdicts = (
        joserfc_verify(made.read(), key, own),
        joserfc_verify(altered(name, made)[0], key, own),
        joserfc_verify(made.read(), key, strangers()[key]),
    )
    record_cell(name, level.value, key, "joserfc", accepted=verdicts == (True, False, False))
    assert verdicts == (True, False, False)


@pytest.mark.needs("npm", "npm")
@pytest.mark.parametrize("level", list(Level), ids=lambda level: level.value)
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("name", ATTACHED)
def test_jose_of_npm(name, key, level):
    made, own = signed(name, key, level), pem(signer(key).key)
    verdicts = (
        jose_verify(made.read(), own),
        jose_verify(altered(name, made)[0], own),
        jose_verify(made.read(), strangers()[key]),
    )
    record_cell(name, level.value, key, "jose (npm)", accepted=verdicts == (True, False, False))
    assert verdicts == (True, False, False)
