"""ACME over HTTP (RFC 8555 §7). Its problems are its own, those of the kit as well; what the kit refuses brings no nonce."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from shirushi.codecs.asn1.pem import to_pem
from shirushi.codecs.jose.signed_request import ALGORITHMS
from shirushi.core.catalogue import Language, lookup
from shirushi.core.errors import ShirushiError
from shirushi.core.instant import rfc3339
from shirushi.faces.http import Answer, Call, Operation, Outcome, Raw, Router, Words
from shirushi.faces.http.problems import MEDIA_TYPE, problem
from shirushi.services.ca.model.acme import (
    Account,
    AccountKeyInUse,
    AcmeError,
    AcmeRateLimited,
    Authorization,
    AuthorizationStatus,
    ChallengeType,
    Order,
    OrderStatus,
)
from shirushi.services.ca.service.acme import AcmeServer

JOSE = "application/jose+json"
CHAIN = "application/pem-certificate-chain"
LARGEST = 131_072
"""Bytes of a request: a certification request of a hundred names takes a tenth of that."""
RENEWAL_SECONDS = 21_600
"""After how long renewal information should be asked again (RFC 9773 §4.3.2)."""

_KINDS = {  # RFC 8555 §6.7; what is raised by the authority itself
    "CSR_MALFORMED": "badCSR",
    "CSR_SIGNATURE_WRONG": "badCSR",
    "CSR_ATTRIBUTE_REFUSED": "badCSR",
    "CSR_EXTENSION_REFUSED": "badCSR",
    "SUBJECT_KEY_WEAK": "badCSR",
    "SUBJECT_KEY_REFUSED": "badCSR",
    "SUBJECT_KEY_REUSED": "badCSR",
    "SUBJECT_KEY_COMPROMISED": "badCSR",
    "SUBJECT_NAME_REFUSED": "badCSR",
    "SUBJECT_NAME_CONFUSABLE": "badCSR",
    "CERTIFICATE_ALREADY_REVOKED": "alreadyRevoked",
    "CERTIFICATE_UNKNOWN": "malformed",
    "REVOCATION_REFUSED": "badRevocationReason",
    "ACME_CONTROL_NOT_SHOWN": "incorrectResponse",
    "ACME_CONTROL_UNREACHABLE": "connection",
    "ACME_DNS_UNANSWERED": "dns",
    "ACME_TLS_REFUSED": "tls",
    "ACME_CAA_FORBIDS": "caa",
    "RATE_LIMITED": "rateLimited",
}


class ResourcePath(Words):
    """Which account, order, or authorization."""

    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class ChallengePath(ResourcePath):
    """Which challenge."""

    kind: Literal["http-01", "dns-01", "tls-alpn-01"]


class RenewalPath(Words):
    """Which certificate (RFC 9773 §4.1)."""

    certificate: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,80}\.[A-Za-z0-9_-]{1,40}$")]


def acme(server: AcmeServer) -> Router:
    """The resources of the ACME server."""
    base = f"{server.terms.address}/acme"

    def guarded(run: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
        """With a nonce, the directory's address, and problems as ACME words them."""

        def answer(call: Call) -> Answer:
            try:
                found = run(call)
            except ShirushiError as error:
                found = _problem(error, call)
            links = [f'<{base}/directory>;rel="index"', *filter(None, [found.headers.get("Link")])]
            added = {"Replay-Nonce": server.new_nonce(call.actor), "Link": ", ".join(links)}
            return Answer(found.content, found.status, found.media_type, {**found.headers, **added})

        return answer

    def directory(call: Call) -> Answer:  # noqa: ARG001  the same for everyone
        meta: dict[str, Any] = {"externalAccountRequired": server.terms.external_required}
        if server.terms.caa_identities:
            meta["caaIdentities"] = list(server.terms.caa_identities)
        if server.terms.terms_of_service:
            meta["termsOfService"] = server.terms.terms_of_service
        names = ("newNonce", "newAccount", "newOrder", "revokeCert", "keyChange", "renewalInfo")
        paths = ("new-nonce", "new-account", "new-order", "revoke-cert", "key-change", "renewal-info")
        return Answer(
            {name: f"{base}/{path}" for name, path in zip(names, paths, strict=True)} | {"meta": meta}
        )

    def new_nonce(call: Call) -> Answer:
        return Answer(b"", 200 if call.method == "HEAD" else 204, "text/plain")

    def new_account(call: Call) -> Answer:
        made, fresh = server.new_account(call.actor, call.body)
        place = {"Location": server.account_url(made)}
        return Answer(_account(server, made), 201 if fresh else 200, headers=place)

    def account(call: Call) -> Answer:
        return Answer(_account(server, server.account(call.actor, call.body, call.parameters.id)))

    def orders(call: Call) -> Answer:
        found = server.orders(call.actor, call.body, call.parameters.id)
        return Answer({"orders": [f"{base}/order/{each.id}" for each in found]})

    def change_key(call: Call) -> Answer:
        return Answer(_account(server, server.change_key(call.actor, call.body)))

    def ordered(found: tuple[Order, list[Authorization]], status: int = 200) -> Answer:
        order, authorizations = found
        headers = {"Location": f"{base}/order/{order.id}"}
        if order.status is OrderStatus.PROCESSING:
            headers["Retry-After"] = "5"
        return Answer(_order(base, order, authorizations), status, headers=headers)

    def new_order(call: Call) -> Answer:
        return ordered(server.new_order(call.actor, call.body), 201)

    def order(call: Call) -> Answer:
        return ordered(server.order(call.actor, call.body, call.parameters.id))

    def finalize(call: Call) -> Answer:
        return ordered(server.finalize(call.actor, call.body, call.parameters.id))

    def authorization(call: Call) -> Answer:
        found, status = server.authorization(call.actor, call.body, call.parameters.id)
        return Answer(_authorization(base, found, status, call.language))

    def challenge(call: Call) -> Answer:
        kind = ChallengeType(call.parameters.kind)
        found = server.challenge(call.actor, call.body, call.parameters.id, kind)
        up = {"Link": f'<{base}/authorization/{found.id}>;rel="up"'}
        return Answer(_challenge(base, found, kind, call.language), headers=up)

    def certificate(call: Call) -> Answer:
        id_ = call.parameters.id
        chain = server.certificate(call.actor, call.body, id_, whole=False)
        alternate = {"Link": f'<{base}/certificate/{id_}/whole>;rel="alternate"'}
        return Answer("".join(map(to_pem, chain)).encode(), media_type=CHAIN, headers=alternate)

    def whole_chain(call: Call) -> Answer:
        chain = server.certificate(call.actor, call.body, call.parameters.id, whole=True)
        return Answer("".join(map(to_pem, chain)).encode(), media_type=CHAIN)

    def revoke(call: Call) -> Answer:
        server.revoke(call.actor, call.body)
        return Answer(b"", media_type="text/plain")

    def renewal(call: Call) -> Answer:
        start, end = server.renewal(call.actor, call.parameters.certificate)
        suggested = {"start": rfc3339(start), "end": rfc3339(end)}
        return Answer({"suggestedWindow": suggested}, headers={"Retry-After": str(RENEWAL_SECONDS)})

    def post(
        name: str,
        path: str,
        summary: str,
        run: Callable[[Call], Answer],
        *,
        parameters: type[Words] | None = None,
        outcomes: tuple[Outcome, ...] = (Outcome("as RFC 8555 has it"),),
    ) -> Operation:
        return Operation(
            id=f"acme.{name}",
            method="POST",
            path=f"/acme/{path}",
            summary=summary,
            run=guarded(run),
            outcomes=outcomes,
            parameters=parameters,
            body=Raw(JOSE, "a flattened JWS (RFC 8555 §6.2)", LARGEST),
            errors=_ERRORS,
            problem_type=_type,
            public=True,
            tag="acme",
        )

    chain_told = (Outcome("the chain in PEM", media_type=CHAIN),)
    made = (Outcome("it was made", 201), Outcome("it was there"))
    return (
        _get("directory", "directory", "The directory (RFC 8555 §7.1.1)", directory),
        _get("new_nonce", "new-nonce", "A new nonce (RFC 8555 §7.2)", guarded(new_nonce), status=204),
        _get(
            "renewal_info",
            "renewal-info/{certificate}",
            "When to renew a certificate (RFC 9773 §4)",
            guarded(renewal),
            parameters=RenewalPath,
        ),
        post("new_account", "new-account", "Make or find an account", new_account, outcomes=made),
        post("account", "account/{id}", "Read, change or end an account", account, parameters=ResourcePath),
        post("orders", "account/{id}/orders", "An account's orders", orders, parameters=ResourcePath),
        post("key_change", "key-change", "Give an account another key", change_key),
        post("new_order", "new-order", "Order a certificate", new_order, outcomes=(Outcome("made", 201),)),
        post("order", "order/{id}", "Read an order", order, parameters=ResourcePath),
        post("finalize", "order/{id}/finalize", "Have it issued", finalize, parameters=ResourcePath),
        post(
            "authorization",
            "authorization/{id}",
            "Read or end an authorization",
            authorization,
            parameters=ResourcePath,
        ),
        post("challenge", "challenge/{id}/{kind}", "Have it looked at", challenge, parameters=ChallengePath),
        post(
            "certificate",
            "certificate/{id}",
            "The certificate, with those above it",
            certificate,
            parameters=ResourcePath,
            outcomes=chain_told,
        ),
        post(
            "certificate_whole",
            "certificate/{id}/whole",
            "The same, up to the root's own",
            whole_chain,
            parameters=ResourcePath,
            outcomes=chain_told,
        ),
        post("revoke", "revoke-cert", "Revoke a certificate", revoke, outcomes=(Outcome("it is revoked"),)),
    )


def _get(
    name: str,
    path: str,
    summary: str,
    run: Callable[[Call], Answer],
    *,
    status: int = 200,
    parameters: type[Words] | None = None,
) -> Operation:
    return Operation(
        id=f"acme.{name}",
        method="GET",
        path=f"/acme/{path}",
        summary=summary,
        run=run,
        outcomes=(Outcome("as RFC 8555 has it", status),),
        parameters=parameters,
        errors=_ERRORS if parameters else (),
        problem_type=_type,
        public=True,
        tag="acme",
    )


_ERRORS: tuple[type[ShirushiError] | str, ...] = (AcmeError, *_KINDS, "CA_UNKNOWN", "CA_NOT_ACTIVATED")


def _problem(error: ShirushiError, call: Call) -> Answer:
    """The error as ACME words it (RFC 8555 §6.7), with the members of ours beside."""
    members = problem(error, call.language) | {"type": _type(error)}
    headers: dict[str, str] = {}
    if isinstance(error, AcmeRateLimited):
        headers["Retry-After"] = str(error.parameters.get("seconds", 3600))
    if isinstance(error, AccountKeyInUse):
        headers["Location"] = str(error.parameters["account"])
    if members["type"].endswith(":badSignatureAlgorithm"):
        members["algorithms"] = list(ALGORITHMS)
    return Answer(json.dumps(members, ensure_ascii=False).encode(), members["status"], MEDIA_TYPE, headers)


def _type(error: ShirushiError) -> str:
    return (
        f"urn:ietf:params:acme:error:{error.kind}" if isinstance(error, AcmeError) else _type_of(error.code)
    )


def _type_of(code: str) -> str:
    kind = _KINDS.get(code)
    if kind is None:
        status = lookup(code).http_status
        kind = "serverInternal" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "malformed"
    return f"urn:ietf:params:acme:error:{kind}"


def _kept_problem(code: str, language: Language) -> dict[str, Any]:
    """A problem that is remembered by its code alone."""
    entry = lookup(code)
    return {
        "type": _type_of(code),
        "status": entry.http_status,
        "detail": entry.text(language).remedy,
        "code": code,
    }


def _account(server: AcmeServer, found: Account) -> dict[str, Any]:
    return {
        "status": found.status.value,
        "contact": list(found.contacts),
        "termsOfServiceAgreed": bool(server.terms.terms_of_service),
        "orders": f"{server.account_url(found)}/orders",
    }


def _order(base: str, order: Order, authorizations: list[Authorization]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "status": order.status.value,
        "expires": rfc3339(order.expires),
        "identifiers": [{"type": "dns", "value": name} for name in order.identifiers],
        "authorizations": [f"{base}/authorization/{each.id}" for each in authorizations],
        "finalize": f"{base}/order/{order.id}/finalize",
    }
    if order.replaces is not None:
        said["replaces"] = order.replaces
    if order.serial_number is not None:
        said["certificate"] = f"{base}/certificate/{order.id}"
    if order.error is not None:
        said["error"] = _kept_problem(order.error, "en")
    return said


def _authorization(
    base: str, found: Authorization, status: AuthorizationStatus, language: Language
) -> Mapping[str, Any]:
    kinds = found.offered if found.challenge is None else (found.challenge,)
    said = {
        "status": status.value,
        "expires": rfc3339(found.expires),
        "identifier": {"type": "dns", "value": found.identifier},
        "challenges": [_challenge(base, found, kind, language) for kind in kinds],
    }
    return said | ({"wildcard": True} if found.wildcard else {})


def _challenge(base: str, found: Authorization, kind: ChallengeType, language: Language) -> dict[str, Any]:
    mine = found.challenge is kind
    settled = {AuthorizationStatus.INVALID: "invalid", AuthorizationStatus.VALID: "valid"}
    said: dict[str, Any] = {
        "type": kind.value,
        "url": f"{base}/challenge/{found.id}/{kind.value}",
        "status": settled.get(found.status, "pending") if mine else "pending",
        "token": found.token,
    }
    if mine and found.validated_at is not None and found.error is None:
        said["validated"] = rfc3339(found.validated_at)
    if mine and found.error is not None:
        said["error"] = _kept_problem(found.error, language)
    return said
