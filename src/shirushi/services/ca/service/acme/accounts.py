"""Accounts: made, changed, given another key, deactivated; bound to ones outside (RFC 8555 §7.3)."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

from shirushi.codecs.jose.signed_request import (
    ALGORITHMS,
    MAC_ALGORITHMS,
    jwk_text,
    mac_jwk,
    thumbprint,
)
from shirushi.codecs.jose.strict import parse_object
from shirushi.codecs.jose.text import encode_base64url
from shirushi.core.actor import Actor
from shirushi.core.errors import MalformedInput
from shirushi.ports.audit import AuditEvent
from shirushi.services.ca.model.acme import (
    Account,
    AccountKeyInUse,
    AccountStatus,
    AccountUnknown,
    AcmeError,
    AcmeRateLimited,
    AcmeUnauthorized,
    ContactInvalid,
    ContactUnsupported,
    ExternalAccountRequired,
)
from shirushi.services.ca.service.acme.desk import Desk, Posted, same_key
from shirushi.services.ca.store import acme as store

_CONTACT = re.compile(r"mailto:[^\s,?@]{1,64}@[^\s,?@]{1,255}")
_MOST_CONTACTS = 10
NEW_ACCOUNT = "/acme/new-account"
KEY_CHANGE = "/acme/key-change"


class Accounts:
    """Keeps accounts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def make(self, actor: Actor, posted: Posted) -> tuple[Account, bool]:
        """The account of the key, and whether it was made now (RFC 8555 §7.3, §7.3.1)."""
        asked = posted.members
        desk, register = self._desk, self._desk.register
        print_ = thumbprint(posted.key)
        with register.database.reading() as connection:
            found = store.find_account(connection, thumbprint=print_)
        if found is not None:
            if found.status is not AccountStatus.VALID:
                raise AcmeUnauthorized(detail=found.status.value)
            return found, False
        if asked.get("onlyReturnExisting") is True:
            raise AccountUnknown
        if desk.terms.terms_of_service and asked.get("termsOfServiceAgreed") is not True:
            raise AcmeError(detail="termsOfServiceAgreed")
        contacts = _contacts(asked.get("contact", []))
        kid = self._external(asked.get("externalAccountBinding"), posted)
        now = register.clock.now()
        made = Account(desk.new_id(), jwk_text(posted.key), print_, contacts, AccountStatus.VALID, now, kid)
        with register.database.unit() as connection:
            store.hold_accounts(connection)
            found = store.find_account(connection, thumbprint=print_)
            if found is not None:
                return found, False
            if store.accounts_since(connection, now - timedelta(hours=1)) >= desk.terms.accounts_an_hour:
                raise AcmeRateLimited(limit=desk.terms.accounts_an_hour, what="accounts", seconds=3600)
            if kid is not None and not store.use_external(connection, kid):
                raise ExternalAccountRequired(detail="used")
            store.add_account(connection, made)
            event = AuditEvent("acme.new_account", made.id, detail={"external": kid} if kid else {})
            register.audit.record(connection, actor, event)
        return made, True

    def change(self, posted: Posted, id_: str) -> Account:
        """The account, with what the request changes: contacts, or its end (RFC 8555 §7.3.2, §7.3.6)."""
        account = posted.signer
        if account.id != id_:
            raise AcmeUnauthorized(detail="account")
        if posted.is_reading:
            return account
        asked = posted.members
        values: dict[str, Any] = {}
        if "contact" in asked:
            values["contacts"] = _contacts(asked["contact"])
        if asked.get("status") == AccountStatus.DEACTIVATED.value:
            values["status"] = AccountStatus.DEACTIVATED.value
        elif "status" in asked:
            raise AcmeError(detail="status")
        if not values:
            return account
        return self._changed(account, values, "acme.change_account")

    def change_key(self, posted: Posted) -> Account:
        """Give the account the key that signed the inner request (RFC 8555 §7.3.5)."""
        account, desk = posted.signer, self._desk
        inner = desk.inner(posted.payload, KEY_CHANGE, tuple(ALGORITHMS))
        if inner.jwk is None:
            raise AcmeError(detail="jwk")
        desk.check_key(inner.jwk)
        if not inner.is_signed_by(inner.jwk):
            raise AcmeUnauthorized(detail="signature")
        said = _object(inner.payload)
        old = said.get("oldKey")
        if said.get("account") != desk.account_url(account.id):
            raise AcmeError(detail="account")
        if not isinstance(old, dict) or not same_key(old, posted.key):
            raise AcmeError(detail="oldKey")
        print_ = thumbprint(inner.jwk)
        with desk.register.database.unit() as connection:
            store.hold_accounts(connection)
            other = store.find_account(connection, thumbprint=print_)
            if other is not None:
                raise AccountKeyInUse(account=desk.account_url(other.id))
            store.change_account(connection, account.id, jwk=jwk_text(inner.jwk), thumbprint=print_)
            event = AuditEvent("acme.key_change", account.id)
            desk.register.audit.record(connection, desk.actor(account), event)
            found = store.find_account(connection, id_=account.id)
        return found or account

    def new_external(self, actor: Actor) -> tuple[str, str]:
        """A key for external account binding: its `kid` and its secret, which is told this once."""
        register = self._desk.register
        kid, secret = self._desk.new_id(), encode_base64url(register.entropy.bytes(32))
        with register.database.unit() as connection:
            store.add_external(connection, kid, secret, register.clock.now())
            register.audit.record(connection, actor, AuditEvent("acme.new_external", kid))
        return kid, secret

    def _external(self, binding: Any, posted: Posted) -> str | None:
        """The key that the new account is bound by (RFC 8555 §7.3.4)."""
        if binding is None:
            if self._desk.terms.external_required:
                raise ExternalAccountRequired(detail="externalAccountBinding")
            return None
        inner = self._desk.inner(json.dumps(binding).encode(), NEW_ACCOUNT, MAC_ALGORITHMS)
        kid = inner.kid or ""
        with self._desk.register.database.reading() as connection:
            secret = store.external_secret(connection, kid[:64])
        if secret is None or not inner.is_signed_by(mac_jwk(secret)):
            raise ExternalAccountRequired(detail="kid, signature")
        if not same_key(_object(inner.payload), posted.key):
            raise ExternalAccountRequired(detail="jwk")
        return kid

    def _changed(self, account: Account, values: dict[str, Any], action: str) -> Account:
        register = self._desk.register
        with register.database.unit() as connection:
            store.change_account(connection, account.id, **values)
            detail = {"status": str(values["status"])} if "status" in values else {}
            event = AuditEvent(action, account.id, detail=detail)
            register.audit.record(connection, self._desk.actor(account), event)
            return store.find_account(connection, id_=account.id) or account


def _object(data: bytes) -> dict[str, Any]:
    try:
        return parse_object(data)
    except MalformedInput as error:
        raise AcmeError(detail="payload") from error


def _contacts(value: Any) -> tuple[str, ...]:
    """Addresses for mail alone, without header fields and one person each (RFC 8555 §7.3)."""
    if not isinstance(value, list) or len(value) > _MOST_CONTACTS:
        raise AcmeError(detail="contact")
    for each in value:
        if not isinstance(each, str):
            raise AcmeError(detail="contact")
        if not each.lower().startswith("mailto:"):
            raise ContactUnsupported(scheme=each.partition(":")[0][:20])
        if not _CONTACT.fullmatch(each):
            raise ContactInvalid
    return tuple(value)
