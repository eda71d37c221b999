"""Where ACME requests come in: nonces, and who signed what (RFC 8555 §6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shirushi.codecs.jose.errors import MalformedJws
from shirushi.codecs.jose.signed_request import (
    ALGORITHMS,
    JwkTooShort,
    SignedRequest,
    jwk_text,
    read_signed_request,
    spki_of,
    thumbprint,
)
from shirushi.codecs.jose.strict import parse_object
from shirushi.codecs.jose.text import decode_base64url, encode_base64url
from shirushi.core.actor import Actor, Role
from shirushi.core.errors import MalformedInput, ShirushiError
from shirushi.services.ca.model.acme import (
    Account,
    AccountKeyRefused,
    AccountStatus,
    AccountUnknown,
    AcmeError,
    AcmeTerms,
    AcmeUnauthorized,
    BadNonce,
    SigningAlgorithmRefused,
)
from shirushi.services.ca.model.compromised import CompromisedKeys
from shirushi.services.ca.model.keys import check_subject_key
from shirushi.services.ca.service.register import Register
from shirushi.services.ca.store import acme as store

NONCE_OCTETS = 16


@dataclass(frozen=True, slots=True)
class Posted:
    """A request that is in order: `account` signed it, or the holder of `key` where it has none."""

    payload: bytes = field(repr=False)
    key: Mapping[str, Any]
    account: Account | None = None

    @property
    def is_reading(self) -> bool:
        """Whether it is POST-as-GET (RFC 8555 §6.3)."""
        return not self.payload

    @property
    def members(self) -> dict[str, Any]:
        """The payload as an object; raises `AcmeError`."""
        try:
            return parse_object(self.payload)
        except MalformedInput as error:
            raise AcmeError(detail="payload") from error

    @property
    def signer(self) -> Account:
        """The account; raises `AccountUnknown` where the request has none."""
        if self.account is None:
            raise AccountUnknown
        return self.account


class Desk:
    """Takes requests in. Nonces are durable, and used once among all processes of all nodes."""

    def __init__(self, register: Register, terms: AcmeTerms, compromised: CompromisedKeys) -> None:
        self.register = register
        self.terms = terms
        self.compromised = compromised

    def new_nonce(self) -> str:
        """A nonce that can be used once (RFC 8555 §6.5)."""
        value = encode_base64url(self.register.entropy.bytes(NONCE_OCTETS))
        with self.register.database.unit() as connection:
            store.add_nonce(connection, value, self.register.clock.now())
        return value

    def new_id(self) -> str:
        """An identifier that nobody guesses."""
        return self.register.entropy.bytes(16).hex()

    def account_url(self, id_: str) -> str:
        """An account's address, which is its `kid`."""
        return f"{self.terms.address}/acme/account/{id_}"

    def take(self, body: bytes, path: str, *, with_key: bool | None = False) -> Posted:
        """Check a request to `path`: header, signature, then the nonce, which is used up by what is signed rightly.

        It names an account by `kid`; with `with_key` a key by `jwk`; where that is None, either.
        """
        request = self._read(body)
        if request.url != self.terms.address + path:
            raise AcmeUnauthorized(detail="url")
        if request.nonce is None:
            raise BadNonce
        if with_key is not None and with_key != (request.jwk is not None):
            raise AcmeError(detail="jwk" if with_key else "kid")
        if request.algorithm not in ALGORITHMS:
            raise SigningAlgorithmRefused(algorithm=request.algorithm[:20], known=", ".join(ALGORITHMS))
        account = None
        key = request.jwk
        if key is None:
            account = self._account(request.kid or "")
            key = parse_object(account.jwk.encode())
        else:
            self.check_key(key)
        if not request.is_signed_by(key):
            raise AcmeUnauthorized(detail="signature")
        with self.register.database.unit() as connection:
            since = self.register.clock.now() - self.terms.nonce_life
            fresh = store.use_nonce(connection, request.nonce, since)
        if not fresh:
            raise BadNonce
        if account is not None and account.status is not AccountStatus.VALID:
            raise AcmeUnauthorized(detail=account.status.value)
        return Posted(request.payload, key, account)

    def inner(self, value: Any, path: str, algorithms: tuple[str, ...]) -> SignedRequest:
        """A JWS within another, without a nonce and for the same address (RFC 8555 §7.3.4, §7.3.5)."""
        if not isinstance(value, bytes):
            raise AcmeError(detail="JWS")
        request = self._read(value, algorithms)
        if request.url != self.terms.address + path or request.nonce is not None:
            raise AcmeError(detail="url, nonce")
        if request.algorithm not in algorithms:
            raise SigningAlgorithmRefused(algorithm=request.algorithm[:20], known=", ".join(algorithms))
        return request

    def check_key(self, key: Mapping[str, Any]) -> None:
        """Raise `AccountKeyRefused` for a key that would not be certified either."""
        try:
            spki = spki_of(key)
            check_subject_key(spki)
            self.compromised.check(spki)
        except AcmeError:
            raise
        except (ShirushiError, ValueError) as error:
            raise AccountKeyRefused(detail=error) from error

    def actor(self, account: Account) -> Actor:
        """Who an account is in the audit log, and towards the authority."""
        return Actor(f"acme:{account.id}", frozenset({Role.SERVICE}))

    def _account(self, kid: str) -> Account:
        prefix = self.account_url("")
        if not kid.startswith(prefix):
            raise AccountUnknown
        with self.register.database.reading() as connection:
            found = store.find_account(connection, id_=kid.removeprefix(prefix)[:32])
        if found is None or self.account_url(found.id) != kid:
            raise AccountUnknown
        return found

    def _read(self, body: bytes, algorithms: tuple[str, ...] = tuple(ALGORITHMS)) -> SignedRequest:
        try:
            return read_signed_request(body, algorithms)
        except JwkTooShort as error:
            raise AccountKeyRefused(detail="RSA < 2048") from error
        except (MalformedJws, MalformedInput) as error:
            raise AcmeError(detail=error.parameters.get("detail", "JWS")) from error


def same_key(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both JWKs are one key."""
    return jwk_text(one) == jwk_text(other)


def key_authorization(token: str, account: Account) -> str:
    """What an account publishes to fulfil a challenge (RFC 8555 §8.1)."""
    return f"{token}.{account.thumbprint}"


def bytes_in(value: Any, name: str) -> bytes:
    """The bytes of a member in base64url; raises `AcmeError`."""
    try:
        return decode_base64url(value)
    except MalformedInput as error:
        raise AcmeError(detail=name) from error


__all__ = ["Desk", "Posted", "bytes_in", "key_authorization", "same_key", "thumbprint"]
