"""The words of ACME (RFC 8555 §7.1), and what its server refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import ClassVar

from shirushi.core.errors import ShirushiError
from shirushi.core.instant import Instant


class AcmeError(ShirushiError):
    """What ACME answers as a problem of its own `kind` (RFC 8555 §6.7)."""

    kind: ClassVar[str] = "malformed"
    code = "ACME_MALFORMED"


class BadNonce(AcmeError):
    """The nonce was used before, is too old, or is none of ours."""

    kind = "badNonce"
    code = "ACME_BAD_NONCE"


class AcmeUnauthorized(AcmeError):
    """The account, or key, may not do this."""

    kind = "unauthorized"
    code = "ACME_UNAUTHORIZED"


class AccountUnknown(AcmeError):
    """No account has this key or address."""

    kind = "accountDoesNotExist"
    code = "ACME_ACCOUNT_UNKNOWN"


class SigningAlgorithmRefused(AcmeError):
    """The request is signed with an algorithm that is not accepted."""

    kind = "badSignatureAlgorithm"
    code = "ACME_ALGORITHM_REFUSED"


class AccountKeyRefused(AcmeError):
    """The account's key is weak, or of a kind that is not accepted."""

    kind = "badPublicKey"
    code = "ACME_KEY_REFUSED"


class ExternalAccountRequired(AcmeError):
    """Accounts are bound to ones outside, and the binding is missing or wrong."""

    kind = "externalAccountRequired"
    code = "ACME_EXTERNAL_ACCOUNT_REQUIRED"


class IdentifierRejected(AcmeError):
    """No certificate is issued for that name."""

    kind = "rejectedIdentifier"
    code = "ACME_IDENTIFIER_REJECTED"


class OrderNotReady(AcmeError):
    """The order is not in a state in which it can be finalised."""

    kind = "orderNotReady"
    code = "ACME_ORDER_NOT_READY"


class RequestNamesDiffer(AcmeError):
    """The certification request names other hosts than the order."""

    kind = "badCSR"
    code = "ACME_CSR_NAMES_DIFFER"


class AcmeRateLimited(AcmeError):
    """The account has asked too often."""

    kind = "rateLimited"
    code = "ACME_RATE_LIMITED"


class ResourceUnknown(AcmeError):
    """Nothing is found at that address, or not by this account."""

    code = "ACME_RESOURCE_UNKNOWN"


class AccountKeyInUse(AcmeError):
    """Another account has the new key already."""

    code = "ACME_KEY_IN_USE"


class AlreadyReplaced(AcmeError):
    """The certificate that the order would replace has been replaced (RFC 9773 §5)."""

    kind = "alreadyReplaced"
    code = "ACME_ALREADY_REPLACED"


class ContactUnsupported(AcmeError):
    """A contact is no address for mail."""

    kind = "unsupportedContact"
    code = "ACME_CONTACT_UNSUPPORTED"


class ContactInvalid(AcmeError):
    """A contact is an address for mail that cannot be right."""

    kind = "invalidContact"
    code = "ACME_CONTACT_INVALID"


class IdentifierUnsupported(AcmeError):
    """Certificates are issued for DNS names alone."""

    kind = "unsupportedIdentifier"
    code = "ACME_IDENTIFIER_UNSUPPORTED"


class RevocationReasonRefused(AcmeError):
    """The reason is none that a subscriber may give."""

    kind = "badRevocationReason"
    code = "ACME_REVOCATION_REASON_REFUSED"


class CaaForbids(AcmeError):
    """The domain's CAA records let other authorities issue, or another account, or otherwise (RFC 8659, RFC 8657)."""

    kind = "caa"
    code = "ACME_CAA_FORBIDS"


class ControlNotShown(AcmeError):
    """A challenge was not fulfilled: what was found is something else."""

    kind = "incorrectResponse"
    code = "ACME_CONTROL_NOT_SHOWN"


class ControlUnreachable(AcmeError):
    """A challenge could not be looked up: the host does not answer."""

    kind = "connection"
    code = "ACME_CONTROL_UNREACHABLE"


class NamesUnanswered(ControlUnreachable):
    """The name servers do not answer."""

    kind = "dns"
    code = "ACME_DNS_UNANSWERED"


class TlsRefused(ControlUnreachable):
    """The host was reached, and no TLS connection of `acme-tls/1` came about."""

    kind = "tls"
    code = "ACME_TLS_REFUSED"


class AccountStatus(Enum):
    """RFC 8555 §7.1.2."""

    VALID = "valid"
    DEACTIVATED = "deactivated"
    REVOKED = "revoked"


class OrderStatus(Enum):
    """RFC 8555 §7.1.3."""

    PENDING = "pending"
    READY = "ready"
    PROCESSING = "processing"
    VALID = "valid"
    INVALID = "invalid"


class AuthorizationStatus(Enum):
    """RFC 8555 §7.1.4. What is past its `expires` is expired."""

    PENDING = "pending"
    VALID = "valid"
    INVALID = "invalid"
    DEACTIVATED = "deactivated"
    EXPIRED = "expired"


class ChallengeType(Enum):
    """How control of a name is shown (RFC 8555 §8.3, §8.4, RFC 8737)."""

    HTTP = "http-01"
    DNS = "dns-01"
    TLS_ALPN = "tls-alpn-01"


@dataclass(frozen=True, slots=True)
class Account:
    """An account. `jwk` is its key as `jwk_text` writes it; `external` the outside account that it is bound to."""

    id: str
    jwk: str
    thumbprint: str
    contacts: tuple[str, ...]
    status: AccountStatus
    created_at: Instant
    external: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An order for a certificate over `identifiers`, DNS names in lower case.

    `processing_since` is when the process that finalises it began, while it is in processing.
    """

    id: str
    account: str
    status: OrderStatus
    identifiers: tuple[str, ...]
    created_at: Instant
    expires: Instant
    csr: bytes | None = field(default=None, repr=False)
    serial_number: int | None = None
    replaces: str | None = None
    error: str | None = None
    processing_since: Instant | None = None


@dataclass(frozen=True, slots=True)
class Authorization:
    """An account's leave to be certified for a name. `error` is the code of what failed, in `challenge`."""

    id: str
    account: str
    order: str
    identifier: str
    wildcard: bool
    status: AuthorizationStatus
    token: str
    expires: Instant
    challenge: ChallengeType | None = None
    validated_at: Instant | None = None
    error: str | None = None

    @property
    def offered(self) -> tuple[ChallengeType, ...]:
        """The challenges that are offered: wildcards are shown in the DNS alone (RFC 8555 §7.1.3)."""
        if self.challenge is not None and self.status is AuthorizationStatus.VALID:
            return (self.challenge,)
        return (ChallengeType.DNS,) if self.wildcard else tuple(ChallengeType)


@dataclass(frozen=True, slots=True)
class AcmeTerms:
    """What the server grants.

    Attributes:
        authority: the authority that issues.
        profile: the profile that it issues under.
        address: where the server answers, without a slash at the end.
        terms_of_service: the address of its terms, which accounts must agree to; empty for none.
        external_required: whether accounts must be bound to ones outside.
        orders_an_hour: orders of one account.
        failures_an_hour: challenges of one account for one name that may fail.
        accounts_an_hour: accounts that may be made in all.
        order_life: for how long an order, and its authorizations, can be used.
        caa_identities: the names, in lower case, by which CAA records of domains name this authority; with none, CAA
            records are not looked at.
        nonce_life: for how long a nonce can be used.
    """

    authority: str
    profile: str
    address: str
    terms_of_service: str = ""
    external_required: bool = False
    orders_an_hour: int = 300
    failures_an_hour: int = 5
    accounts_an_hour: int = 500
    caa_identities: tuple[str, ...] = ()
    order_life: timedelta = timedelta(days=1)
    nonce_life: timedelta = timedelta(hours=1)
