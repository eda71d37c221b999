"""The catalogues as data.

TS 119 312 V1.5.1 names what may be used and until when; older algorithms keep the dates of the documents that retired
them, so that what was signed in their time can still be judged. End dates are exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from shirushi.core.algorithms import DigestAlgorithm, Scheme
from shirushi.core.instant import Instant
from shirushi.rules.suites.model import AlgorithmCatalogue, DigestEntry, SchemeEntry, layered


def _until(year: int, month: int = 1, day: int = 1) -> Instant:
    return datetime(year, month, day, tzinfo=UTC)


_TS_119_312 = "ETSI TS 119 312 V1.5.1 (2024-12)"
_TS_102_176 = "ETSI TS 102 176-1 V2.1.1 (2011-07)"
_SOGIS = "SOG-IS Agreed Cryptographic Mechanisms 1.2 (2020-01)"
_FIPS_186_5 = "FIPS 186-5 (2023-02) §7"
_FIPS_202 = "FIPS 202 (2015-08)"
_FIPS_204 = "FIPS 204 (2024-08)"
_LS_0003 = "CRYPTREC LS-0003-2022"

_CURVES_256 = frozenset(
    {
        "1.2.840.10045.3.1.7",  # secp256r1
        "1.3.36.3.3.2.8.1.1.7",  # brainpoolP256r1
        "1.2.250.1.223.101.256.1",  # FRP256v1
    }
)
_CURVES_384 = frozenset({"1.3.132.0.34", "1.3.36.3.3.2.8.1.1.11"})  # secp384r1, brainpoolP384r1
_CURVES_512 = frozenset({"1.3.36.3.3.2.8.1.1.13", "1.3.132.0.35"})  # brainpoolP512r1, secp521r1
_CURVES_224 = frozenset({"1.3.132.0.33"})  # secp224r1
_CURVES_192 = frozenset({"1.2.840.10045.3.1.1"})  # secp192r1

_D = DigestAlgorithm
_S = Scheme

ETSI = AlgorithmCatalogue(
    "ETSI TS 119 312",
    digests=(
        DigestEntry(_D.MD5, _until(2004, 8), _TS_102_176),
        DigestEntry(_D.SHA1, _until(2012, 8), _TS_119_312),
        DigestEntry(_D.RIPEMD160, _until(2014, 8), _TS_119_312),
        DigestEntry(_D.SHA224, _until(2029), _TS_119_312),
        DigestEntry(_D.SHA256, None, _TS_119_312),
        DigestEntry(_D.SHA384, None, _TS_119_312),
        DigestEntry(_D.SHA512, None, _TS_119_312),
        DigestEntry(_D.SHA3_256, None, _TS_119_312),
        DigestEntry(_D.SHA3_384, None, _TS_119_312),
        DigestEntry(_D.SHA3_512, None, _TS_119_312),
    ),
    schemes=(
        SchemeEntry(_S.RSA_PKCS1, 786, _until(2010, 8), _TS_102_176),
        SchemeEntry(_S.RSA_PKCS1, 1024, _until(2019, 10), _TS_119_312),
        SchemeEntry(_S.RSA_PKCS1, 1900, _until(2029), _TS_119_312),
        SchemeEntry(_S.RSA_PKCS1, 3000, _until(2029), _TS_119_312),
        SchemeEntry(_S.RSA_PSS, 786, _until(2010, 8), _TS_102_176),
        SchemeEntry(_S.RSA_PSS, 1024, _until(2019, 10), _TS_119_312),
        SchemeEntry(_S.RSA_PSS, 1900, _until(2029), _TS_119_312),
        SchemeEntry(_S.RSA_PSS, 3000, None, _TS_119_312),
        SchemeEntry(_S.DSA, 1024, _until(2015, 12), _TS_119_312),
        SchemeEntry(_S.DSA, 1900, _until(2029), _TS_119_312),
        SchemeEntry(_S.DSA, 3000, None, _TS_119_312),
        SchemeEntry(_S.ECDSA, 192, _until(2012, 8), _TS_102_176, _CURVES_192),
        SchemeEntry(_S.ECDSA, 224, _until(2021, 10), _SOGIS, _CURVES_224),
        SchemeEntry(_S.ECDSA, 256, None, _TS_119_312, _CURVES_256),
        SchemeEntry(_S.ECDSA, 384, None, _TS_119_312, _CURVES_384),
        SchemeEntry(_S.ECDSA, 512, None, _TS_119_312, _CURVES_512),
    ),
)
"""TS 119 312 V1.5.1, with the retired algorithms of its predecessors."""

MODERN = layered(
    "ETSI TS 119 312 + EdDSA + ML-DSA",
    ETSI,
    AlgorithmCatalogue(
        "EdDSA, ML-DSA",
        digests=(DigestEntry(_D.SHAKE256, None, _FIPS_202),),  # accompanies Ed448 in CMS, RFC 8419 §3.1
        schemes=(
            SchemeEntry(_S.ED25519, 0, None, _FIPS_186_5),
            SchemeEntry(_S.ED448, 0, None, _FIPS_186_5),
            SchemeEntry(_S.ML_DSA_44, 0, None, _FIPS_204),
            SchemeEntry(_S.ML_DSA_65, 0, None, _FIPS_204),
            SchemeEntry(_S.ML_DSA_87, 0, None, _FIPS_204),
        ),
    ),
)
"""TS 119 312 with a layer for EdDSA and ML-DSA, which it does not speak of."""

CRYPTREC = layered(
    "CRYPTREC",
    MODERN,
    AlgorithmCatalogue(
        "CRYPTREC LS-0003",
        digests=(
            DigestEntry(_D.SHA224, _until(2031), _LS_0003),  # 112 bit of security
            DigestEntry(_D.SHA256, _until(2051), _LS_0003),  # 128 bit of security
            DigestEntry(_D.SHA3_256, _until(2051), _LS_0003),
        ),
        schemes=(
            SchemeEntry(_S.RSA_PKCS1, 2048, _until(2031), _LS_0003),  # 112 bit of security
            SchemeEntry(_S.RSA_PKCS1, 3000, _until(2031), _LS_0003),
            SchemeEntry(_S.RSA_PKCS1, 3072, _until(2051), _LS_0003),  # 128 bit of security
            SchemeEntry(_S.RSA_PSS, 2048, _until(2031), _LS_0003),
            SchemeEntry(_S.RSA_PSS, 3000, _until(2031), _LS_0003),
            SchemeEntry(_S.RSA_PSS, 3072, _until(2051), _LS_0003),
            SchemeEntry(_S.ECDSA, 224, _until(2031), _LS_0003, _CURVES_224),
            SchemeEntry(_S.ECDSA, 256, _until(2051), _LS_0003, _CURVES_256),
            SchemeEntry(_S.ED25519, 0, _until(2051), _LS_0003),
        ),
    ),
)
"""The key lengths and years of CRYPTREC's cryptographic strength requirements over `MODERN`.

They are the years until which new signatures may be made: 112 bit of security until the end of 2030, 128 bit until the
end of 2050. What CRYPTREC does not date keeps the date of the layer beneath.
"""

CATALOGUES: Mapping[str, AlgorithmCatalogue] = {"cryptrec": CRYPTREC, "etsi": ETSI, "modern": MODERN}
"""The catalogues by the names that files give them."""
