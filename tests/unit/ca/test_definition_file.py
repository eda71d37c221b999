"""An authority's definition as a file: everything that `AuthorityDefinition` names, and nothing passed over."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from shirushi.core.algorithms import KeyType
from shirushi.services.ca.model import AuthorityDefinition, CertificateRequest, DistinguishedName
from shirushi.services.ca.model.definition_file import read_definition
from shirushi.services.ca.model.errors import DefinitionRefused
from tests.unit.ca.world import OPERATOR, World

WHOLE = b"""
key_type = "RSA-4096"
key_label = "token-7"
pss = true
not_before = 2027-01-01T00:00:00+09:00
not_after = 2037-01-01T00:00:00Z
path_length = 0
crl_urls = ["http://a.example/{partition}.crl"]
ocsp_urls = ["http://a.example/ocsp"]
ca_issuers_urls = ["http://a.example/ca.cer"]
crl_hours = 12
ocsp_hours = 2
delta_hours = 3
delta_crl_urls = ["http://a.example/{partition}/delta.crl"]
legislation = ["JP"]
retention_years = 10
cps = "https://a.example/cps"
partitions = 4
succeeds = "issuing-2026"
lint = false
[subject]
countryName = "JP"
commonName = "Example CA"
[pds]
ja = ["https://a.example/pds-ja.pdf"]
en = ["https://a.example/pds-en.pdf"]
[policies]
tsu = ["1.2.392.1", "1.2.392.2"]
"""


def test_every_field_can_be_said():
    found = read_definition("issuing-2027", WHOLE)
    assert found == AuthorityDefinition(
        name="issuing-2027",
        subject=DistinguishedName.of(countryName="JP", commonName="Example CA"),
        key_type=KeyType.RSA_4096,
        key_label="token-7",
        pss=True,
        not_before=datetime(2026, 12, 31, 15, tzinfo=UTC),
        not_after=datetime(2037, 1, 1, tzinfo=UTC),
        path_length=0,
        crl_urls=("http://a.example/{partition}.crl",),
        ocsp_urls=("http://a.example/ocsp",),
        ca_issuers_urls=("http://a.example/ca.cer",),
        crl_validity=timedelta(hours=12),
        ocsp_validity=timedelta(hours=2),
        pds=(("https://a.example/pds-ja.pdf", "ja"), ("https://a.example/pds-en.pdf", "en")),
        legislation=("JP",),
        retention_years=10,
        cps="https://a.example/cps",
        policies=(("tsu", "1.2.392.1"), ("tsu", "1.2.392.2")),
        partitions=4,
        delta_crl_urls=("http://a.example/{partition}/delta.crl",),
        delta_validity=timedelta(hours=3),
        succeeds="issuing-2026",
        lint=False,
    )
    found.check()
    bare = AuthorityDefinition("a", found.subject, KeyType.P_384)
    left = [each.name for each in fields(found) if getattr(found, each.name) == getattr(bare, each.name)]
    assert left == ["subject"], "what the file does not set"


def test_what_it_leaves_out_is_what_the_definition_leaves_out():
    found = read_definition("root", b'[subject]\ncommonName = "Root"')
    assert found == AuthorityDefinition("root", DistinguishedName.of(commonName="Root"), KeyType.P_384)
    placed = found.published_under("https://ca.example.jp")
    assert placed.crl_urls == ("https://ca.example.jp/crl/root.crl",)
    assert placed.ocsp_urls == ("https://ca.example.jp/ocsp",)
    assert placed.ca_issuers_urls == ("https://ca.example.jp/certificates/root.cer",)
    assert read_definition("root", WHOLE).published_under("https://ca.example.jp").crl_urls == (
        "http://a.example/{partition}.crl",
    )


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "subject"),
        (b"\xff", "utf-8"),
        (b"[subject", "table declaration"),
        (b'path = 1\n[subject]\ncommonName = "a"', "path"),
        (b'key_type = "P-12"\n[subject]\ncommonName = "a"', "key_type"),
        (b'retention_years = "ten"\n[subject]\ncommonName = "a"', "retention_years"),
        (b"[subject]\ncommonName = 3", "subject.commonName"),
        (b'[subject]\ncommonName = "a"\n[policies]\ntsu = "1.2"', "policies.tsu"),
    ],
)
def test_what_cannot_stand_is_named(content, named):
    with pytest.raises(DefinitionRefused) as refused:
        read_definition("root", content)
    assert named in str(refused.value)


@pytest.mark.parametrize("policy", ["1.2.x", "3.1", "1..2", ""])
def test_a_policy_is_an_object_identifier(policy):
    subject = DistinguishedName.of(commonName="a")
    with pytest.raises(DefinitionRefused):
        AuthorityDefinition("root", subject, KeyType.P_256, policies=(("tsu", policy),)).check()


def test_its_own_policies_are_asserted_before_those_of_the_profile(tmp_path):
    world = World(tmp_path)
    subject = DistinguishedName.of(countryName="JP", organizationName="Example", commonName="Example CA")
    definition = AuthorityDefinition("own", subject, KeyType.P_256, policies=(("tsu", "1.2.392.1"),))
    world.ca.establish_root(OPERATOR, definition)
    key = world.keys.generate("unit", KeyType.P_256)
    unit = DistinguishedName.of(countryName="JP", organizationName="Example", commonName="Unit")
    issued = world.ca.issue(OPERATOR, CertificateRequest("own", "tsu", unit, key.spki))
    asserted = issued.certificate.extensions.certificate_policies or ()
    assert [each.oid for each in asserted] == ["1.2.392.1", "0.4.0.2042.1.2"]
