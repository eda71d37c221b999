"""Catalogues in files: our own tables, and the machine-readable catalogue of TS 119 312 (TS 119 322 V1.2.1, JSON)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from shirushi.core.algorithms import DigestAlgorithm, Scheme
from shirushi.core.instant import Instant, instant
from shirushi.rules.suites.catalogues import CATALOGUES
from shirushi.rules.suites.model import AlgorithmCatalogue, DigestEntry, SchemeEntry, layered

ROOT = "SecuritySuitabilityPolicyType"
"""The member of a TS 119 322 file that holds the catalogue."""

_DIGEST_NAMES = {each.label.replace("-", ""): each for each in DigestAlgorithm}
_SCHEME_NAMES = {
    **{
        f"{digest.lower()}WithRSAEncryption": Scheme.RSA_PKCS1
        for digest in ("SHA224", "SHA256", "SHA384", "SHA512")
    },
    **{f"id-rsassa-pkcs1-v1-5-with-sha3-{size}": Scheme.RSA_PKCS1 for size in (224, 256, 384, 512)},
    "rsassa-pss": Scheme.RSA_PSS,
    "DSA": Scheme.DSA,
}
_LENGTHS = {Scheme.RSA_PKCS1: "moduluslength", Scheme.RSA_PSS: "moduluslength", Scheme.DSA: "plength"}
_CURVE_BITS = {
    "1.2.250.1.223.101.256.1": 256,  # FRP256v1
    "1.3.36.3.3.2.8.1.1.7": 256,  # brainpoolP256r1
    "1.3.36.3.3.2.8.1.1.11": 384,  # brainpoolP384r1
    "1.3.36.3.3.2.8.1.1.13": 512,  # brainpoolP512r1
    "1.2.840.10045.3.1.7": 256,  # secp256r1
    "1.3.132.0.34": 384,  # secp384r1
    "1.3.132.0.35": 521,  # secp521r1, which the file calls secp512r1
}


@dataclass(frozen=True, slots=True)
class ReadCatalogue:
    """A catalogue out of a file, and what in the file is wrong, missing, or not understood."""

    catalogue: AlgorithmCatalogue
    notes: tuple[str, ...] = ()


def read_table(told: Any) -> AlgorithmCatalogue:
    """Our own form: `name`, `based_on` one of `CATALOGUES`, and the entries of `digests` and `schemes` over it.

    Without `based_on` nothing else is listed. Raises ValueError, TypeError or KeyError for what is not understood.
    """
    _known(told, {"name", "based_on", "digests", "schemes"})
    own = AlgorithmCatalogue(
        _text(told["name"]),
        tuple(_digest(each) for each in told.get("digests", ())),
        tuple(_scheme(each) for each in told.get("schemes", ())),
    )
    beneath = told.get("based_on")
    return own if beneath is None else layered(own.name, CATALOGUES[beneath], own)


def _known(told: Any, names: set[str]) -> None:
    if not isinstance(told, dict) or told.keys() - names:
        raise ValueError(told)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(value)
    return value


def _time(value: Any) -> Instant | None:
    """An exclusive end or a beginning: a date of TOML, "2031-01-01", or an instant; None where there is none."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return instant(value.isoformat())
    text = value.isoformat() if isinstance(value, date) else _text(value)
    return instant(text if "T" in text else f"{text}T00:00:00Z")


def _digest(told: Any) -> DigestEntry:
    _known(told, {"algorithm", "until", "since", "source"})
    algorithm = _DIGEST_NAMES[_text(told["algorithm"]).replace("-", "")]
    return DigestEntry(algorithm, _time(told.get("until")), _text(told["source"]), _time(told.get("since")))


def _scheme(told: Any) -> SchemeEntry:
    _known(
        told,
        {"scheme", "minimum_bits", "maximum_bits", "until", "since", "source", "curves", "digest"},
    )
    digest = told.get("digest")
    return SchemeEntry(
        Scheme(_text(told["scheme"])),
        _bits(told.get("minimum_bits", 0)),
        _time(told.get("until")),
        _text(told["source"]),
        frozenset(_text(each) for each in told.get("curves", ())),
        None if digest is None else _DIGEST_NAMES[_text(digest).replace("-", "")],
        None if told.get("maximum_bits") is None else _bits(told["maximum_bits"]),
        _time(told.get("since")),
    )


def _bits(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str) or not 0 <= int(value) <= 1 << 20:
        raise ValueError(value)
    return int(value)


def read_machine_readable(told: Mapping[str, Any]) -> ReadCatalogue:
    """The catalogue of a TS 119 322 file. Raises ValueError, TypeError, KeyError or AttributeError where it is none.

    Algorithms go by their names, for the edition of 2024-10 has wrong object identifiers; every identifier that is not
    the algorithm's own is noted. What a file does not list, as EdDSA and ML-DSA there, is not accepted, and is noted.
    """
    policy = told[ROOT]
    name = _text(policy["PolicyName"]["Name"])
    source = f"{name}, {_text(policy['PolicyIssueDate'])[:10]}"
    listed = [(each["AlgorithmIdentifier"], _evaluations(each)) for each in policy["Algorithm"]]
    curves = {_oid(each) for each, _ in listed if _oid(each) in _CURVE_BITS}
    digests: list[DigestEntry] = []
    schemes: list[SchemeEntry] = []
    notes: list[str] = []
    for identifier, evaluations in listed:
        called = _text(identifier["Name"])
        if called.replace("-", "") in _DIGEST_NAMES:
            digest = _DIGEST_NAMES[called.replace("-", "")]
            if _oid(identifier) != digest.oid:
                notes.append(f"{called}: {_oid(identifier)} is not its object identifier, {digest.oid} is")
            digests += [DigestEntry(digest, _end(each), source, _begin(each)) for each in evaluations]
        elif called in _SCHEME_NAMES or called.startswith("ECDSA with "):
            schemes += _schemes(called, evaluations, source, curves)
        elif _oid(identifier) in _CURVE_BITS:
            if called == "secp512r1":
                notes.append(f"{called}: 1.3.132.0.35 is secp521r1")
        else:
            notes.append(f"{called}: not known here")
    absent = [each.value for each in Scheme if each not in {entry.scheme for entry in schemes}]
    notes += [f"{each}: not listed" for each in absent]
    return ReadCatalogue(AlgorithmCatalogue(source, tuple(digests), tuple(schemes)), tuple(notes))


def _oid(identifier: Mapping[str, Any]) -> str:
    """As the schema spells the member, or as the published file does."""
    return str(identifier.get("ObjectIdentifier") or identifier.get("Objectidentifier") or "")


def _evaluations(algorithm: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """A list as the schema demands, or the single object of the published file."""
    found = algorithm["Evaluation"]
    return found if isinstance(found, list) else [found]


def _end(evaluation: Mapping[str, Any]) -> Instant | None:
    """The exclusive end.

    The file ends a year with its last millisecond in central European time; it is read as the next day's beginning in
    UTC, an hour later.
    """
    said = evaluation["Validity"].get("End")
    if said is None:
        return None
    last = datetime.fromisoformat(_text(said))
    if last.hour == 23 and last.minute == 59:
        return instant(f"{(last + timedelta(days=1)).date().isoformat()}T00:00:00Z")
    return instant(last.isoformat())


def _begin(evaluation: Mapping[str, Any]) -> Instant | None:
    said = evaluation["Validity"].get("Start")
    return None if said is None else instant(_text(said))


def _schemes(
    called: str, evaluations: list[Mapping[str, Any]], source: str, curves: set[str]
) -> Iterator[SchemeEntry]:
    """RSA and DSA by the length of their keys, ECDSA on every curve that the file lists."""
    scheme = _SCHEME_NAMES.get(called, Scheme.ECDSA)
    digest = _digest_of(called)
    for each in evaluations:
        if scheme is Scheme.ECDSA:
            for curve in sorted(curves):
                bits = _CURVE_BITS[curve]
                yield SchemeEntry(
                    scheme, bits, _end(each), source, frozenset({curve}), digest, since=_begin(each)
                )
            continue
        minimum, maximum = _length(each, _LENGTHS[scheme])
        yield SchemeEntry(
            scheme, minimum, _end(each), source, digest=digest, maximum_bits=maximum, since=_begin(each)
        )


def _digest_of(called: str) -> DigestAlgorithm | None:
    """The digest in the name of a scheme; None where it goes with any."""
    found = re.search(r"sha(3-)?-?([0-9]{3})", called, re.IGNORECASE)
    return DigestAlgorithm[f"SHA{'3_' if found[1] else ''}{found[2]}"] if found else None


def _length(evaluation: Mapping[str, Any], wanted: str) -> tuple[int, int | None]:
    said = evaluation["Parameter"]
    for each in said if isinstance(said, list) else [said]:
        if each["name"] == wanted:
            return _bits(each["Min"]), _bits(each["Max"]) if "Max" in each else None
    raise KeyError(wanted)
