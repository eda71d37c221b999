"""Signatures whose key stands there without a certificate: intact or not, and nobody's."""

from base64 import b64encode

import pytest
from lxml import etree
from signxml import XMLSigner, methods

from shirushi.codecs.xml.reader import parse_xml
from shirushi.core.algorithms import KeyType
from shirushi.core.document import document
from shirushi.core.evidence import Material
from shirushi.core.instant import instant
from shirushi.core.verdict import Indication, SubIndication
from shirushi.formats.xades.bare_keys import bare_keys
from shirushi.formats.xades.parse import parse
from shirushi.rules.ades import EU, validate_signature
from tests.unit.formats_cms.keys import private_key

KEYS = {
    "rsa-sha256": private_key(KeyType.RSA_3072),
    "ecdsa-sha256": private_key(KeyType.P_256),
}


def signed(algorithm: str) -> bytes:
    signer = XMLSigner(
        method=methods.enveloped,
        signature_algorithm=algorithm,
        digest_algorithm="sha256",
        c14n_algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    )
    return etree.tostring(
        signer.sign(etree.fromstring(b"<order><item>12</item></order>"), key=KEYS[algorithm])
    )


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_bare_key_tells_what_was_changed_and_nothing_of_the_signer(algorithm):
    data = signed(algorithm)
    assert b"KeyValue" in data
    assert b"X509Certificate" not in data
    (found,) = parse(document(data, "order.xml", "application/xml"))
    assert (found.integrity, found.signing_certificate) == (True, None)
    verdict = validate_signature(found, Material(), (), EU, instant("2026-11-22T00:00:00Z"))
    assert (verdict.indication, verdict.sub_indication) == (
        Indication.INDETERMINATE,
        SubIndication.NO_SIGNING_CERTIFICATE_FOUND,
    )
    (changed,) = parse(document(data.replace(b"12", b"13"), "order.xml", "application/xml"))
    assert changed.integrity is False


def test_a_value_that_another_key_made_is_not_intact():
    ours = signed("rsa-sha256")
    number = KEYS["rsa-sha256"].public_key().public_numbers().n
    modulus = number.to_bytes((number.bit_length() + 7) // 8)
    other = bytes((modulus[0] ^ 1, *modulus[1:]))
    swapped = ours.replace(b64encode(modulus), b64encode(other))
    assert swapped != ours
    (found,) = parse(document(swapped, "order.xml", "application/xml"))
    assert found.value_intact is False


@pytest.mark.parametrize(
    "value",
    [
        b"<RSAKeyValue><Modulus>%%</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>",
        b"<RSAKeyValue><Modulus>AQAB</Modulus></RSAKeyValue>",
        b'<ECKeyValue xmlns="http://www.w3.org/2009/xmldsig11#"><PublicKey>BAAA</PublicKey></ECKeyValue>',
        b'<ECKeyValue xmlns="http://www.w3.org/2009/xmldsig11#"><NamedCurve URI="urn:oid:x"/></ECKeyValue>',
    ],
)
def test_keys_that_cannot_be_read_are_left_out(value):
    info = (
        b'<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><KeyValue>' + value + b"</KeyValue></KeyInfo>"
    )
    assert bare_keys(parse_xml(info).root) == ()
    assert bare_keys(None) == ()
