"""The words of time-stamping."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.issue.extensions import extension
from shirushi.core.algorithms import DigestAlgorithm, SignatureAlgorithm
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import Certificate
from shirushi.core.instant import Instant, rfc3339
from shirushi.ports.clock import TimeNotAvailable

ACCEPTED_IMPRINTS = frozenset(
    {
        DigestAlgorithm.SHA256,
        DigestAlgorithm.SHA384,
        DigestAlgorithm.SHA512,
        DigestAlgorithm.SHA3_256,
        DigestAlgorithm.SHA3_384,
        DigestAlgorithm.SHA3_512,
        DigestAlgorithm.SHAKE256,
    }
)
"""The digests that a token may be asked over (EN 319 422 §5.2, TS 119 312 §5): none that is weak today."""

QUALIFIED_STATEMENT = extension("1.3.6.1.5.5.7.1.3", der.sequence(der.sequence(der.oid("0.4.0.19422.1.1"))))
"""qcStatements with esi4-qtstStatement-1: a token of a qualified service (EN 319 422 §9.1, annex B)."""


@dataclass(frozen=True, slots=True)
class TimeStampUnit:
    """A key that makes tokens under one policy (EN 319 421 §3.1).

    `accuracy` is what the unit declares of its clock against UTC; `chain` runs from the unit's certificate upwards.
    The tokens of a `qualified` unit say so (EN 319 422 §9.1).
    """

    name: str
    key_label: str
    chain: tuple[Certificate, ...] = field(repr=False)
    policy_oid: str
    accuracy: timedelta
    algorithm: SignatureAlgorithm
    qualified: bool = False
    rotate_before: timedelta = timedelta(0)
    """How long before its usage ends the unit gets another key; zero: never."""

    @property
    def certificate(self) -> Certificate:
        """The unit's own certificate."""
        return self.chain[0]

    @property
    def extensions(self) -> tuple[bytes, ...]:
        """The Extensions of its tokens' TSTInfo, in DER."""
        return (QUALIFIED_STATEMENT,) if self.qualified else ()

    def check(self, at: Instant) -> None:
        """Raise `TimeNotAvailable` unless the unit's key may make tokens at `at`.

        It may while its certificate is valid and its usage period runs (RFC 3161 §2.3, EN 319 421 §7.7.1).
        """
        first, last = self.usage
        if not first <= at <= last:
            raise TimeNotAvailable(detail=f"{self.name}: {rfc3339(first)} – {rfc3339(last)}")

    @property
    def usage(self) -> tuple[Instant, Instant]:
        """The first and the last instant at which its key may make tokens (RFC 3280 §4.2.1.4)."""
        held = self.certificate
        first, last = held.extensions.private_key_usage or (None, None)
        return max(held.not_before, first or held.not_before), min(held.not_after, last or held.not_after)


class FailureInfo(IntEnum):
    """PKIFailureInfo, by bit number (RFC 3161 §2.4.2)."""

    BAD_ALG = 0
    BAD_REQUEST = 2
    BAD_DATA_FORMAT = 5
    TIME_NOT_AVAILABLE = 14
    UNACCEPTED_POLICY = 15
    UNACCEPTED_EXTENSION = 16
    ADD_INFO_NOT_AVAILABLE = 17
    SYSTEM_FAILURE = 25


class StampRefused(ShirushiError):
    """No token was made; `failure` says why in the words of the protocol."""

    code = "STAMP_REFUSED"
    failure = FailureInfo.SYSTEM_FAILURE


class ImprintRefused(StampRefused):
    """The digest algorithm is weak, or not one that this authority stamps."""

    code = "IMPRINT_REFUSED"
    failure = FailureInfo.BAD_ALG


class RequestMalformed(StampRefused):
    """The request is not a TimeStampReq, or its imprint has not the length of its digest."""

    code = "STAMP_REQUEST_MALFORMED"
    failure = FailureInfo.BAD_DATA_FORMAT


class PolicyRefused(StampRefused):
    """No unit makes tokens under the policy that was asked for."""

    code = "STAMP_POLICY_REFUSED"
    failure = FailureInfo.UNACCEPTED_POLICY


class ExtensionRefused(StampRefused):
    """The request carries an extension; this authority knows none."""

    code = "STAMP_EXTENSION_REFUSED"
    failure = FailureInfo.UNACCEPTED_EXTENSION


class UnitUnknown(ShirushiError):
    """There is no time-stamping unit of that name."""

    code = "TSA_UNIT_UNKNOWN"


class RequestVersionRefused(StampRefused):
    """The request is of a version of the protocol that there is not."""

    code = "STAMP_REQUEST_MALFORMED"
    failure = FailureInfo.BAD_REQUEST


def failure_of(refusal: ShirushiError) -> FailureInfo:
    """What the protocol calls a refusal, or a failure on our side."""
    if isinstance(refusal, StampRefused):
        return refusal.failure
    return (
        FailureInfo.TIME_NOT_AVAILABLE
        if isinstance(refusal, TimeNotAvailable)
        else FailureInfo.SYSTEM_FAILURE
    )


@dataclass(frozen=True, slots=True)
class UnitKey:
    """A key that a unit got by rotation: the `number`th after the one of the configuration."""

    unit: str
    number: int
    key_label: str
    chain: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SerialBlock:
    """Serial numbers reserved for one process: `first` up to, but not including, `end`.

    `latest` is an instant before which no later token may be dated: the time of the newest reservation.
    """

    first: int
    end: int
    latest: Instant | None
