"""Policies in files: presets, what differs from them, and what is refused."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from shirushi.core.algorithms import Digest, DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.evidence import KeyUsage, PublicKey, SignaturePolicyIdentifier
from shirushi.core.instant import instant
from shirushi.core.reason import Information, reason
from shirushi.core.verdict import SubIndication
from shirushi.rules.ades import EU, JAPAN, PRESETS, Severity
from shirushi.rules.ades.context import initialise_context
from shirushi.rules.ades.policy import SignaturePolicyDocument
from shirushi.rules.ades.policy_file import PolicyMalformed, PolicyUnknown, preset, read_policy
from shirushi.rules.ades.requirements import Aspect, Requirement
from shirushi.rules.suites import ETSI, MODERN, reliable_until
from tests.unit.rules_ades.world import World

TOML = """
name = "sakura"
based_on = "eu"
key_usage = "fail"
max_freshness = 3600
catalogue = "etsi"
signer_key_usage = ["DIGITAL_SIGNATURE"]

[[signer_requirements]]
aspect = "organizationName"
any_of = ["さくら商事株式会社"]
severity = "warn"
"""
WANTED = replace(
    EU,
    name="sakura",
    key_usage=Severity.FAIL,
    max_freshness=timedelta(hours=1),
    catalogue=ETSI,
    signer_key_usage=frozenset({KeyUsage.DIGITAL_SIGNATURE}),
    signer_requirements=(
        Requirement(Aspect.ORGANIZATION_NAME, frozenset({"さくら商事株式会社"}), severity=Severity.WARN),
    ),
)


def test_a_policy_in_toml_and_in_json():
    assert read_policy(TOML.encode()) == WANTED
    told = {
        "name": "sakura",
        "based_on": "eu",
        "key_usage": "fail",
        "max_freshness": 3600,
        "catalogue": "etsi",
        "signer_key_usage": ["DIGITAL_SIGNATURE"],
        "signer_requirements": [
            {"aspect": "organizationName", "any_of": ["さくら商事株式会社"], "severity": "warn"}
        ],
    }
    assert read_policy(json.dumps(told).encode()) == WANTED
    assert read_policy(TOML.encode()).digest() == WANTED.digest() != EU.digest()


def test_the_preset_of_japan_is_what_a_policy_differs_from():
    assert read_policy(b'name = "mine"') == replace(JAPAN, name="mine")
    assert read_policy(b'name = "mine"\nmax_freshness = "next-update"').max_freshness is None
    assert {preset(name) for name in PRESETS} == set(PRESETS.values())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name = 3",
        'name = "x"\nno_such_check = "fail"',
        'name = "x"\nstructure = "perhaps"',
        'name = "x"\nmax_freshness = -1',
        'name = "x"\nmax_freshness = true',
        'name = "x"\ncatalogue = "mine"',
        'name = "x"\n[catalogue]\nname = "y"\nmood = "good"',
        'name = "x"\n[catalogue]\nname = "y"\ndigests = [{algorithm = "SHA-256"}]',
        'name = "x"\n[catalogue]\nname = "y"\nschemes = [{scheme = "ROT13", source = "me"}]',
        'name = "x"\nsignature_policy_documents = [{oid = "1.2"}]',
        '{"SecuritySuitabilityPolicyType": {}}',
        "<ConstraintsParameters/>",
        "<!DOCTYPE x><x/>",
        'name = "x"\nsigner_key_usage = "DIGITAL_SIGNATURE"',
        'name = "x"\n[[signer_requirements]]\naspect = "shoe-size"',
        'name = "x"\n[[signer_requirements]]\naspect = "title"\nmood = "good"',
        'name = "x"\nsigner_requirements = [3]',
        "{",
        "name =",
        "\udcff",
    ],
)
def test_what_is_not_understood_is_refused(text):
    with pytest.raises(PolicyMalformed) as refusal:
        read_policy(text.encode("utf-8", "surrogateescape"))
    assert refusal.value.parameters["detail"]


def test_a_preset_that_there_is_not_is_refused():
    with pytest.raises(PolicyUnknown):
        preset("mars")
    with pytest.raises(PolicyUnknown):
        read_policy(b'name = "x"\nbased_on = "mars"')


OWN_CATALOGUE = """
name = "sakura"
[catalogue]
name = "さくらの一覧"
based_on = "modern"
digests = [{ algorithm = "SHA-256", until = 2030-01-01, source = "社内規程" }]
schemes = [{ scheme = "RSASSA-PSS", minimum_bits = 4096, until = "2040-01-01T00:00:00Z", source = "社内規程" }]
"""


def test_a_policy_brings_a_catalogue_of_its_own():
    policy = read_policy(OWN_CATALOGUE.encode())
    pss, key = SignatureAlgorithm(Scheme.RSA_PSS), PublicKey(b"", None, 4096)
    assert reliable_until(DigestAlgorithm.SHA256, None, policy.catalogue) == instant("2030-01-01T00:00:00Z")
    assert reliable_until(pss, key, policy.catalogue) == instant("2040-01-01T00:00:00Z")
    assert policy.catalogue.digest(DigestAlgorithm.SHA512) == MODERN.digest(DigestAlgorithm.SHA512)
    alone = read_policy(OWN_CATALOGUE.replace('based_on = "modern"', "").encode())
    assert alone.catalogue.digest(DigestAlgorithm.SHA512) is None
    assert len({policy.digest(), alone.digest(), JAPAN.digest()}) == 3


NAMED = SignaturePolicyIdentifier("1.2.3", Digest(DigestAlgorithm.SHA256, bytes(32)))
DOCUMENTS = """
name = "sakura"
signature_policy_document = "fail"
[[signature_policy_documents]]
oid = "1.2.3"
digests = { SHA-256 = "%s" }
"""


def test_the_document_of_a_signature_policy(world_signature):
    good, other = (read_policy((DOCUMENTS % (byte * 32)).encode()) for byte in ("00", "01"))
    assert good.signature_policy_documents == (SignaturePolicyDocument("1.2.3", (NAMED.digest,)),)
    named = replace(world_signature, policy=NAMED)
    assert initialise_context(named, good).passed
    said = initialise_context(named, other)
    assert said.is_indeterminate(SubIndication.POLICY_PROCESSING_ERROR)
    assert said.reasons == (reason("SIGNATURE_POLICY_DOCUMENT_ANOTHER", policy="1.2.3"),)
    absent = initialise_context(replace(world_signature, policy=replace(NAMED, oid="1.2.4")), good)
    assert absent.is_indeterminate(SubIndication.SIGNATURE_POLICY_NOT_AVAILABLE)
    told = initialise_context(named, replace(other, signature_policy_digest=Severity.INFORM))
    assert told.passed
    assert [type(each) for each in told.warnings] == [Information]
    limited = replace(other, acceptable_signature_policies=frozenset({"1.2.9"}))
    first = initialise_context(named, limited)
    assert first.is_indeterminate(SubIndication.SIGNATURE_POLICY_NOT_AVAILABLE)
    assert initialise_context(world_signature, limited).passed


@pytest.fixture(scope="module")
def world_signature():
    return World().signature()


@pytest.mark.parametrize(
    ("severity", "part"),
    [(Severity.WARN, "warnings"), (Severity.INFORM, "information"), (Severity.IGNORE, None)],
)
def test_what_a_check_says_goes_where_the_policy_wants_it(severity, part, sakura_verdict):
    verdict = sakura_verdict(severity)
    told = {name: [each.code for each in getattr(verdict, name)] for name in ("warnings", "information")}
    for name, codes in told.items():
        assert ("CERTIFICATE_REQUIREMENT_UNMET" in codes) is (name == part)


@pytest.fixture
def sakura_verdict():
    world = World()

    def judge(severity):
        demand = Requirement(Aspect.TITLE, frozenset({"Emperor"}), severity=severity)
        return world.judge(world.signature(), policy=replace(EU, signer_requirements=(demand,)))

    return judge


@pytest.mark.corpora
def test_the_policy_of_the_eus_library_judges_as_our_preset(corpora):
    read = read_policy((corpora / "policies" / "dss-default-constraint.xml").read_bytes())
    differing = {
        "name",
        "catalogue",
        "structure",  # where ours fails, DSS warns
        "ca_freshness",  # None is as `freshness`, and that is ignored in both
        "signature_policy_document",
        "signature_policy_digest",
        "signer_requirements",
        "ca_requirements",
        "time_stamp_requirements",
        "unmapped",
    }
    wanted = {name: getattr(EU, name) for name in EU.__dataclass_fields__ if name not in differing}
    assert {name: getattr(read, name) for name in wanted} == wanted
    assert read.signature_policy_document is Severity.INFORM
    assert {"Revocation", "eIDAS", "WHIRLPOOL: not known here"} <= set(read.unmapped)
    assert "SignatureConstraints/BasicSignatureConstraints/DocMDP: warn" in read.unmapped
    forbidden = Requirement(Aspect.EXTENSION, none_of=frozenset({"1.3.6.1.5.5.7.48.1.5"}))
    assert forbidden in read.signer_requirements
    for digest in (entry.algorithm for entry in ETSI.digests):
        assert reliable_until(digest, None, read.catalogue) == reliable_until(digest, None, ETSI)
    for scheme in (Scheme.RSA_PKCS1, Scheme.RSA_PSS, Scheme.DSA):
        for bits in (1024, 2048, 3072, 4096):
            algorithm, key = SignatureAlgorithm(scheme), PublicKey(b"", None, bits)
            ends = [reliable_until(algorithm, key, each) for each in (read.catalogue, ETSI)]
            assert ends[0] == ends[1], (scheme, bits)


@pytest.mark.corpora
def test_the_machine_readable_catalogue_and_its_known_errors(corpora):
    data = (corpora / "policies" / "19312MachineReadable.json").read_bytes()
    read = read_policy(data)
    assert read.name == "ETSI ESI Cryptographic Suites, 2024-10-13"
    notes = " ".join(read.unmapped)
    for wrong in ("SHA224: 1.2.840.10045.4.3.1", "SHA384: 2.16.840.1.101.3.4.2 ", "secp512r1"):
        assert wrong in notes
    assert {"Ed25519: not listed", "ML-DSA-65: not listed"} <= set(read.unmapped)
    for digest in (DigestAlgorithm.SHA224, DigestAlgorithm.SHA384, DigestAlgorithm.SHA3_512):
        assert reliable_until(digest, None, read.catalogue) == reliable_until(digest, None, ETSI)
    inside = json.dumps({"name": "mine", "based_on": "eu", "catalogue": json.loads(data)})
    assert read_policy(inside.encode()) == replace(EU, name="mine", catalogue=read.catalogue)
    for size, scheme in ((2048, Scheme.RSA_PKCS1), (3072, Scheme.RSA_PSS), (3072, Scheme.DSA)):
        algorithm = SignatureAlgorithm(scheme, DigestAlgorithm.SHA256)
        ends = [
            reliable_until(algorithm, PublicKey(b"", None, size), each) for each in (read.catalogue, ETSI)
        ]
        assert ends[0] == ends[1], (scheme, size)
