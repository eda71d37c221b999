"""For every profile of an end entity, who is certified: the subject and the alternative names."""

from __future__ import annotations

from shirushi.codecs.asn1.names import name
from shirushi.core.evidence import GeneralName, GeneralNameKind
from shirushi.services.ca.model import DistinguishedName, legal_person, natural_person
from tests.unit.ca.world import ALICE, SAKURA

COMPANY = "NTRJP-7000012050002"
HOST = (GeneralName(GeneralNameKind.DNS, "www.example.jp"),)
CARD = (GeneralName(GeneralNameKind.URI, "urn:uuid:8d0d1ad3-6a4b-4b63-8f27-0d0f8a6c7f11"),)
TSU = DistinguishedName.of(countryName="JP", organizationName="印", commonName="TSU 1")
POST = DistinguishedName.of(
    countryName="JP",
    organizationName="Example Ministry",
    organizationalUnitName="Minister",
    commonName="Minister",
)
POST_IN_JAPANESE = DistinguishedName.of(
    countryName="JP", organizationName="見本省", organizationalUnitName="大臣官房", commonName="見本大臣"
)
NUMBERED = natural_person(
    country="JP",
    surname="有栖",
    given_name="花子",
    serial_number="PNOJP-A0001",
    common_name="有栖 花子",
)
"""Alice, under a number whose semantics the certificate states (EN 319 412-1 §5.1.3)."""

SUBJECTS = {
    "authentication": (ALICE, ()),
    "card-authentication": (
        DistinguishedName.of(countryName="JP", organizationName="印", serialNumber="C-1"),
        CARD,
    ),
    "device": (DistinguishedName.of(commonName="sensor 1"), ()),
    "document-encryption": (ALICE, ()),
    "e-seal": (SAKURA, ()),
    "e-seal-qscd": (SAKURA, ()),
    "ocsp-responder": (DistinguishedName.of(countryName="JP", commonName="OCSP Responder"), ()),
    "official-seal": (
        POST,
        (GeneralName(GeneralNameKind.DIRECTORY, name(POST_IN_JAPANESE.encode())),),
    ),
    "person-signature": (NUMBERED, ()),
    "person-signature-ncp": (ALICE, ()),
    "person-signature-qscd": (NUMBERED, ()),
    "tls-client": (DistinguishedName.of(commonName="client 1"), ()),
    "tls-server": (DistinguishedName.of(commonName="www.example.jp"), HOST),
    "tsu": (TSU, ()),
    "website": (
        legal_person(country="JP", organization="さくら", identifier=COMPANY, common_name="www.example.jp"),
        HOST,
    ),
}
