"""CMS under 1 MB whose certificates or revocation data would cost far more than their size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.algorithms import encode_signature_algorithm
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.algorithms import Digest, DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.document import document
from shirushi.formats.cades import oids
from shirushi.formats.cades.format import Cades
from shirushi.formats.cades.signed_data import SignedDataParts, ocsp_revocation_info
from shirushi.formats.cms import oids as cms_oids
from tests.unit.bounds import pdfs
from tests.unit.bounds.composed import Composed, composed
from tests.unit.formats_cades.world import ED25519, Entity, World
from tests.unit.formats_cms.keys import sign

CMS = "application/pkcs7-signature"
P_384 = SignatureAlgorithm(Scheme.ECDSA, DigestAlgorithm.SHA256)
VALIDITY = der.sequence(der.tlv(der.UTC_TIME, b"260101000000Z"), der.tlv(der.UTC_TIME, b"360101000000Z"))
CA = der.tlv(
    0xA3,
    der.sequence(
        der.sequence(
            der.oid("2.5.29.19"),
            der.tlv(der.BOOLEAN, b"\xff"),
            der.octets(der.sequence(der.tlv(der.BOOLEAN, b"\xff"))),
        )
    ),
)


def named(text: str) -> bytes:
    """A name of one part."""
    part = der.sequence(der.oid("2.5.4.3"), der.tlv(der.UTF8_STRING, text.encode()))
    return der.sequence(der.tlv(der.SET, part))


def spki(key: Any) -> bytes:
    found: bytes = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return found


def ed25519_key(number: int) -> Any:
    return ed25519.Ed25519PrivateKey.from_private_bytes(number.to_bytes(32))


def issued(  # noqa: PLR0917  as the fields stand in a certificate
    subject: bytes,
    issuer: bytes,
    key: bytes,
    serial: int,
    signer: Any,
    algorithm: SignatureAlgorithm = ED25519,
    extensions: bytes = CA,
) -> bytes:
    """A certificate; a signer that is bytes is the signature itself."""
    identifier = encode_signature_algorithm(algorithm)
    tbs = der.sequence(
        der.tlv(0xA0, der.integer(2)),
        der.integer(serial),
        identifier,
        issuer,
        VALIDITY,
        subject,
        key,
        extensions,
    )
    value = signer if isinstance(signer, bytes) else sign(signer, tbs, algorithm)
    return der.sequence(tbs, identifier, der.bits(value))


@cache
def signed(content: bytes = b"content") -> bytes:
    """A good signature of Alice's."""
    world = World(curves=True)
    return world.sign(Cades(), document(content, "small.txt")).read()


def holding(
    certificates: Iterable[bytes] = (), crls: Iterable[bytes] = (), encoding: bytes | None = None
) -> Composed:
    """That signature with more beside it, up to a megabyte."""
    parts = SignedDataParts.read(encoding or signed())
    return Composed(
        CMS,
        replace(parts, certificates=(*parts.certificates, *certificates), crls=(*parts.crls, *crls)).encode(),
    )


@composed
def thousands_of_namesakes() -> Composed:
    """Five thousand certificates of one name, each of which may have issued all."""
    name, key = named("N"), ed25519_key(1)
    return holding(issued(name, name, spki(ed25519_key(n + 2)), n, key, extensions=b"") for n in range(4800))


@composed
def namesakes_of_large_keys() -> Composed:
    """RSA keys as large as are read, with exponents as long."""
    name, random = named("N"), Random(1)
    algorithm = SignatureAlgorithm(Scheme.RSA_PKCS1, DigestAlgorithm.SHA256)

    def one(serial: int) -> bytes:
        modulus = random.getrandbits(16384) | 1 | 1 << 16383
        key = spki_of_rsa(modulus, (1 << 64) - 1)
        return issued(name, name, key, serial, random.randbytes(2047).rjust(2048, b"\1"), algorithm)

    return holding(one(n) for n in range(220))


@composed
def exponents_as_long_as_the_modulus() -> Composed:
    """RSA keys whose verification is a private operation."""
    name, random = named("N"), Random(1)
    algorithm = SignatureAlgorithm(Scheme.RSA_PKCS1, DigestAlgorithm.SHA256)

    def one(serial: int) -> bytes:
        key = spki_of_rsa(random.getrandbits(3072) | 1 | 1 << 3071, (1 << 3000) - 1)
        return issued(name, name, key, serial, random.randbytes(383).rjust(384, b"\1"), algorithm)

    return holding(one(n) for n in range(700))


def spki_of_rsa(modulus: int, exponent: int) -> bytes:
    key = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@composed
def namesakes_on_a_slow_curve() -> Composed:
    """Keys of a curve without a quick way."""
    name, key = named("N"), ec.derive_private_key(7, ec.BrainpoolP512R1())
    value = key.sign(b"", ec.ECDSA(SHA256()))
    return holding(issued(name, name, spki(key), n, value, P_384, b"") for n in range(2400))


@composed
def keys_that_inherit_their_parameters() -> Composed:
    """DSA keys that take their parameters from one another, over many ways."""
    name = named("N")
    algorithm = SignatureAlgorithm(Scheme.DSA, DigestAlgorithm.SHA256)
    bare = der.sequence(der.oid("1.2.840.10040.4.1"))
    value = der.sequence(der.integer(5), der.integer(7))
    keys = (der.sequence(bare, der.bits(der.integer(1 << 1000 | n))) for n in range(2000))
    return holding(issued(name, name, key, n, value, algorithm, b"") for n, key in enumerate(keys))


@composed
def a_long_chain() -> Composed:
    """Three thousand certificates, each the issuer of the one before, all of one name, below the signer's issuer."""
    return chain_of([named("N")] * 3501)


@composed
def a_long_chain_of_names() -> Composed:
    """As before, each of a name of its own."""
    return chain_of([named(f"{n}") for n in range(3501)])


def chain_of(names: list[bytes]) -> Composed:
    """A signer at the end of a chain that leads nowhere."""
    count = len(names) - 1
    every = [
        issued(names[n], names[n + 1], spki(ed25519_key(n + 1)), n + 1, ed25519_key(n + 2))
        for n in range(count)
    ]
    return holding(every[1:], encoding=signed_by(ed25519_key(1), every[0]))


def signed_by(key: Any, certificate: bytes, content: bytes = b"content") -> bytes:
    """A signature by the holder of that certificate."""
    world = World()
    entity = Entity(key, ED25519, x509.load_der_x509_certificate(certificate))
    entity = replace(entity, issuer=Entity(key, ED25519, world.root.issued))
    return world.sign(Cades(), document(content, "small.txt"), entity).read()


def trusting(made: Composed, root: bytes) -> Composed:
    """The same, with that certificate trusted."""
    return replace(made, roots=(parse_certificate(root),))


@composed
def a_mesh_of_cross_certificates() -> Composed:
    """Fifty authorities that have certified one another, below a trusted root, each path too long for its limit."""
    return mesh(50, 1)


def mesh(count: int, lists: int) -> Composed:
    """Authorities that certify one another, with so many lists of each."""
    keys = [ed25519_key(n + 1000) for n in range(count)]
    names = [named(f"M{n}") for n in range(count)]
    root = issued(named("R"), named("R"), spki(keys[0]), 1, keys[0])
    cross = [
        issued(names[a], names[b], spki(keys[a]), a * 100 + b, keys[b])
        for a in range(count)
        for b in range(count)
        if a != b
    ]
    below = issued(names[1], named("R"), spki(keys[1]), 9, keys[0], ED25519, limit(0))
    signer = issued(named("S"), names[count - 1], spki(ed25519_key(5)), 7, keys[count - 1], ED25519, b"")
    revoking = [revoking_nothing(names[n], keys[n], each) for n in range(count) for each in range(lists)]
    made = holding([below, *cross], revoking, signed_by(ed25519_key(5), signer))
    return trusting(made, root)


def limit(length: int) -> bytes:
    """Extensions of a CA that may have so many below it."""
    value = der.sequence(der.tlv(der.BOOLEAN, b"\xff"), der.integer(length))
    found = der.sequence(der.oid("2.5.29.19"), der.tlv(der.BOOLEAN, b"\xff"), der.octets(value))
    return der.tlv(0xA3, der.sequence(found))


def revoking_nothing(name: bytes, key: Any, number: int, seconds: int = 0) -> bytes:
    """An empty list, without extensions."""
    identifier = encode_signature_algorithm(ED25519)
    times = [
        der.tlv(der.UTC_TIME, b"2603%02d0%d0%04dZ" % (1 + seconds, number // 6000 % 6, number)) for _ in "12"
    ]
    tbs = der.sequence(der.integer(1), identifier, name, times[0], times[1])
    return der.sequence(tbs, identifier, der.bits(key.sign(tbs)))


@composed
def a_mesh_with_thousands_of_lists() -> Composed:
    """Twenty-five authorities that certified one another, with a hundred lists of each."""
    return mesh(25, 100)


@composed
def thousands_of_lists() -> Composed:
    """Five thousand lists of the signer's issuer, which nobody verified."""
    world = World(curves=True)
    name = world.issuing.certificate.subject.der
    return holding(crls=[revoking_nothing(name, ed25519_key(3), n) for n in range(5000)])


@composed
def thousands_of_signers() -> Composed:
    """More than a thousand signers."""
    parts = SignedDataParts.read(signed())
    return Composed(CMS, replace(parts, signers=parts.signers * 1500).encode())


@composed
def as_many_signers_as_are_read() -> Composed:
    """A content as long as there is room, which each of them has hashed."""
    parts = SignedDataParts.read(signed(bytes(700_000)))
    return Composed(CMS, replace(parts, signers=parts.signers * 500).encode())


@composed
def signers_and_certificates() -> Composed:
    """As many signers as are read among three thousand certificates."""
    name, key = named("N"), ed25519_key(1)
    more = [issued(named(f"{n}"), name, spki(key), n, bytes(64), extensions=b"") for n in range(3000)]
    parts = SignedDataParts.read(signed())
    return holding(more, encoding=replace(parts, signers=parts.signers * 500).encode())


@composed
def a_list_with_many_entries() -> Composed:
    """A list of a hundred thousand entries, asked by every signature."""
    world = World(curves=True)
    parts = SignedDataParts.read(signed())
    held = replace(parts, signers=parts.signers * 100).encode()
    return holding(crls=[pdfs.long_list(world, world.issuing, 30_000)], encoding=held)


@composed
def one_certificate_with_many_distribution_points() -> Composed:
    """A signer's certificate of thousands of distribution points, beside thousands of lists."""
    point = der.sequence(der.tlv(0xA0, der.tlv(0xA0, der.tlv(0x86, b"a:"))))
    points = der.sequence(der.oid("2.5.29.31"), der.octets(der.sequence(point * 20_000)))
    root_key = ed25519_key(4)
    root = issued(named("R"), named("R"), spki(root_key), 1, root_key)
    signer = issued(
        named("S"),
        named("R"),
        spki(ed25519_key(5)),
        7,
        root_key,
        ED25519,
        der.tlv(0xA3, der.sequence(points)),
    )
    lists = [revoking_nothing(named("R"), root_key, n) for n in range(3000)]
    return trusting(holding(crls=lists, encoding=signed_by(ed25519_key(5), signer)), root)


def carrying(attributes: Iterable[bytes], certificates: Iterable[bytes] = ()) -> Composed:
    """The good signature with more unsigned attributes."""
    parts = SignedDataParts.read(signed())
    (signer,) = parts.signers
    grown = replace(signer, unsigned=(*signer.unsigned, *attributes))
    return holding(certificates, encoding=replace(parts, signers=(grown,)).encode())


def attribute(kind: str, *values: bytes) -> bytes:
    """An attribute."""
    return der.sequence(der.oid(kind), der.tlv(der.SET, *values))


def token() -> bytes:
    """A time-stamp token without certificates, over nothing that is here."""
    world = World(curves=True)
    parts = SignedDataParts.read(world.stamp(Digest(DigestAlgorithm.SHA256, bytes(32)), world.start))
    return replace(parts, certificates=()).encode()


@composed
def archive_time_stamps_of_the_old_kind() -> Composed:
    """Time-stamps each of which covers those before."""
    return carrying([attribute(oids.ARCHIVE_TIMESTAMP_V2, token())] * 1400)


@composed
def archive_time_stamps() -> Composed:
    """Time-stamps without an index."""
    return carrying([attribute(oids.ARCHIVE_TIMESTAMP_V3, token())] * 1400)


@composed
def archive_time_stamps_and_certificates() -> Composed:
    """Time-stamps over thousands of certificates."""
    name, key = named("N"), ed25519_key(1)
    more = [issued(named(f"{n}"), name, spki(key), n, bytes(64), extensions=b"") for n in range(2500)]
    return carrying([attribute(oids.ARCHIVE_TIMESTAMP_V2, token())] * 300, more)


@composed
def signature_time_stamps() -> Composed:
    """More than a thousand of them."""
    return carrying([attribute(cms_oids.SIGNATURE_TIMESTAMP, token())] * 1400)


@composed
def counter_signatures() -> Composed:
    """Two thousand of them among certificates."""
    value = SignedDataParts.read(signed()).signers[0].encode()
    name, key = named("N"), ed25519_key(1)
    more = [issued(named(f"{n}"), name, spki(key), n, bytes(64), extensions=b"") for n in range(2000)]
    return carrying([attribute(oids.COUNTERSIGNATURE, *[value] * 1000)], more)


@composed
def a_response_of_ten_thousand_answers() -> Composed:
    """An OCSP response with that many answers about one serial number, for fifty signers."""
    world = World(curves=True)
    number = der.integer(world.alice.certificate.serial_number)
    identifier = der.sequence(
        der.sequence(der.oid("2.16.840.1.101.3.4.2.1")), der.octets(b""), der.octets(b""), number
    )
    answer = der.sequence(identifier, der.tlv(0x80), der.tlv(der.GENERALIZED_TIME, b"20260301090000Z"))
    responder = der.tlv(0xA1, named("N"))
    data = der.sequence(
        responder, der.tlv(der.GENERALIZED_TIME, b"20260301090000Z"), der.sequence(answer * 12_000)
    )
    basic = der.sequence(data, encode_signature_algorithm(ED25519), der.bits(bytes(64)))
    parts = SignedDataParts.read(signed())
    held = replace(parts, signers=parts.signers * 100).encode()
    return holding(crls=[ocsp_revocation_info(basic)], encoding=held)


@composed
def names_held_against_subtrees() -> Composed:
    """A thousand names held against a thousand subtrees, on every way through a mesh."""
    count = 10
    keys = [ed25519_key(n + 1000) for n in range(count)]
    names = [named(f"M{n}") for n in range(count)]
    trees = b"".join(der.sequence(der.tlv(0x82, b"%d.example" % n)) for n in range(200))
    constraints = der.sequence(der.oid("2.5.29.30"), der.octets(der.sequence(der.tlv(0xA1, trees))))
    extensions = der.tlv(0xA3, der.sequence(der.single(CA).only().only().raw, constraints))
    root = issued(named("R"), named("R"), spki(keys[0]), 1, keys[0])
    cross = [
        issued(names[a], names[b], spki(keys[a]), a * 100 + b, keys[b], ED25519, extensions)
        for a in range(count)
        for b in range(count)
        if a != b
    ]
    below = issued(names[1], named("R"), spki(keys[1]), 9, keys[0], ED25519, limit(0))
    alternative = der.sequence(*(der.tlv(0x82, b"%d.example.org" % n) for n in range(4000)))
    signer = issued(
        named("S"),
        names[count - 1],
        spki(ed25519_key(5)),
        7,
        keys[count - 1],
        ED25519,
        der.tlv(0xA3, der.sequence(der.sequence(der.oid("2.5.29.17"), der.octets(alternative)))),
    )
    return trusting(holding([below, *cross], encoding=signed_by(ed25519_key(5), signer)), root)
