"""Validation policies in files: TOML or JSON that names a preset and what differs from it, or another's policy.

Every entry is named as the constraint of `ValidationPolicy`; severities are "fail", "warn", "inform", "ignore", durations
seconds. A catalogue is a preset's name or a table of its own. Read as well are the EU's DSS policies in XML, and the
machine-readable TS 119 312 (TS 119 322 JSON), which takes the place of the preset's catalogue.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any, TypeVar, get_type_hints

from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import KeyUsage
from shirushi.rules.ades.dss_policy import read_dss_policy
from shirushi.rules.ades.policy import PRESETS, SignaturePolicyDocument, ValidationPolicy
from shirushi.rules.ades.requirements import Aspect, Requirement
from shirushi.rules.ades.severity import Severity
from shirushi.rules.suites import CATALOGUES, AlgorithmCatalogue
from shirushi.rules.suites.reading import ROOT, read_machine_readable, read_table

LARGEST = 1 << 20
"""Bytes of a policy file."""

T = TypeVar("T")
R = TypeVar("R")
_TYPES = get_type_hints(ValidationPolicy)


class PolicyMalformed(MalformedInput):
    """A validation policy that cannot be read: `detail` names the entry and what is wrong with it."""

    code = "VALIDATION_POLICY_MALFORMED"


class PolicyUnknown(MalformedInput):
    """A validation policy of a name that there is not; `name`, and `known` ones."""

    code = "VALIDATION_POLICY_UNKNOWN"


def preset(name: str) -> ValidationPolicy:
    """The preset of that name; raises `PolicyUnknown`."""
    try:
        return PRESETS[name]
    except KeyError:
        raise PolicyUnknown(name=name[:80], known=", ".join(sorted(PRESETS))) from None


def read_policy(data: bytes) -> ValidationPolicy:
    """The policy in a file. `based_on` names the preset, `name` the policy; what stands nowhere is as in the preset.

    Raises `PolicyMalformed` for what is not understood: a constraint that is passed over would be one that nobody checks.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _understood("the XML", read_dss_policy, data)
    told = _read(data)
    if ROOT in told:
        read = _understood(ROOT, read_machine_readable, told)
        return replace(
            PRESETS["japan"], name=read.catalogue.name, catalogue=read.catalogue, unmapped=read.notes
        )
    based_on = told.pop("based_on", "japan")
    name = told.pop("name", None)
    if not isinstance(based_on, str) or not isinstance(name, str) or not name:
        raise PolicyMalformed(detail="name and based_on are texts, and a policy has a name")
    known = {field.name for field in fields(ValidationPolicy)} - {"name", "path_parameters", "unmapped"}
    unknown = sorted(told.keys() - known)
    if unknown:
        raise PolicyMalformed(detail=f"{unknown[0]}: there is no such constraint")
    changes = {key: _value(key, value) for key, value in told.items()}
    return replace(preset(based_on), name=name, **changes)


def _read(data: bytes) -> dict[str, Any]:
    if len(data) > LARGEST:
        raise PolicyMalformed(detail=f"more than {LARGEST} bytes")
    try:
        text = data.decode("utf-8")
        told = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise PolicyMalformed(detail=str(error)[:200]) from None
    if not isinstance(told, dict):
        raise PolicyMalformed(detail="it is no table")
    return told


def _value(key: str, value: Any) -> Any:
    wanted = str(_TYPES[key])
    try:
        if "Severity" in wanted:
            return Severity(value)
        if "AlgorithmCatalogue" in wanted:
            return _catalogue(value)
        if "timedelta" in wanted:
            return _duration(value)
        if "KeyUsage" in wanted:
            return frozenset(KeyUsage[each] for each in _texts(value))
        if "Requirement" in wanted:
            return tuple(_requirement(each) for each in value)
        if "SignaturePolicyDocument" in wanted:
            return tuple(_document(each) for each in value)
        return frozenset(_texts(value))
    except (KeyError, ValueError, TypeError, OverflowError, AttributeError):
        raise PolicyMalformed(detail=f"{key}: {str(value)[:80]} is not what it takes") from None


def _understood(what: str, read: Callable[[T], R], given: T) -> R:
    try:
        return read(given)
    except MalformedInput as error:
        raise PolicyMalformed(detail=str(error.parameters.get("detail", error.code))) from error
    except (KeyError, ValueError, TypeError, OverflowError, AttributeError) as error:
        raise PolicyMalformed(detail=f"{what}: {str(error)[:200]}") from None


def _catalogue(value: Any) -> AlgorithmCatalogue:
    """The name of a preset's, a table of our own, or a TS 119 322 catalogue in its own words."""
    if isinstance(value, str):
        return CATALOGUES[value]
    return read_machine_readable(value).catalogue if ROOT in value else read_table(value)


def _document(told: Any) -> SignaturePolicyDocument:
    """A signature policy's object identifier, and hexadecimal digests of its document by their algorithms."""
    if told.keys() - {"oid", "digests"} or not isinstance(told["oid"], str):
        raise ValueError(told)
    found = ((DigestAlgorithm[name.replace("-", "")], value) for name, value in told["digests"].items())
    return SignaturePolicyDocument(
        told["oid"], tuple(Digest(algorithm, bytes.fromhex(value)) for algorithm, value in found)
    )


def _duration(value: Any) -> timedelta | None:
    """Seconds; "next-update" for what the data themselves promise."""
    if value == "next-update":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise ValueError(value)
    return timedelta(seconds=value)


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError(value)
    return value


def _requirement(told: Any) -> Requirement:
    if told.keys() - {"aspect", "any_of", "none_of", "only", "severity"}:
        raise ValueError(told)
    only = told.get("only")
    return Requirement(
        Aspect(told["aspect"]),
        frozenset(_texts(told.get("any_of", []))),
        frozenset(_texts(told.get("none_of", []))),
        None if only is None else frozenset(_texts(only)),
        Severity(told.get("severity", "fail")),
    )
