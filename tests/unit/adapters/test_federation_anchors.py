"""OpenID Federation trust chains as a source of trust anchors, with keys that are really generated."""

import base64
import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc import jws
from joserfc.jwk import ECKey

from shirushi.adapters.federation_anchors import FederationAnchors, FederationRefused
from shirushi.ports.trust import NoTrustAnchors
from tests.unit.rules_equivalence.worlds import issued

TOP, MIDDLE, LEAF = "https://ta.example", "https://middle.example", "https://tsp.example"
AT = datetime(2026, 6, 1, tzinfo=UTC)
BEGIN, END = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
KIND = "trust_service_provider"


class Federation:
    """Three entities with keys; the leaf's service has a certificate."""

    def __init__(self):
        self.keys = {name: ECKey.generate_key("P-256", auto_kid=True) for name in (TOP, MIDDLE, LEAF)}
        service = ECKey.generate_key("P-256", auto_kid=True)
        self.certificate = issued("Service", key=service.private_key)
        der = self.certificate.public_bytes(Encoding.DER)
        x5c = [base64.b64encode(der).decode()]
        self.service = {**service.as_dict(private=False), "x5c": x5c}

    def pinned(self):
        return {TOP: self.jwks(TOP)}

    def jwks(self, name):
        return {"keys": [self.keys[name].as_dict(private=False)]}

    def statement(self, issuer, subject, *, signer=None, typ="entity-statement+jwt", **claims):
        told = {
            "iss": issuer,
            "sub": subject,
            "iat": int(BEGIN.timestamp()),
            "exp": int(END.timestamp()),
            "jwks": self.jwks(subject),
            **claims,
        }
        key = self.keys[signer or issuer]
        header = {"alg": "ES256", "typ": typ, "kid": key.kid}
        return jws.serialize_compact(header, json.dumps(told), key)

    def chain(self, **changes):
        """Leaf's configuration, middle about leaf, top about middle, top's configuration; `changes` by place."""
        metadata = {KIND: {"jwks": {"keys": [self.service]}}}
        return [
            self.statement(LEAF, LEAF, **{"metadata": metadata, **changes.get("leaf", {})}),
            self.statement(MIDDLE, LEAF, **changes.get("about_leaf", {})),
            self.statement(TOP, MIDDLE, **changes.get("about_middle", {})),
            self.statement(TOP, TOP, **changes.get("top", {})),
        ]


@pytest.fixture(scope="module")
def federation():
    return Federation()


def anchors(federation, chain, at=AT, pinned=None):
    return FederationAnchors(federation.pinned() if pinned is None else pinned, [chain]).anchors(at)


def test_a_chain_from_the_pinned_anchor_gives_the_services_certificate_while_all_of_it_is_valid(federation):
    (found,) = anchors(federation, federation.chain())
    assert found.certificate.der == federation.certificate.public_bytes(Encoding.DER)
    assert (found.name, found.valid_from, found.valid_until) == (f"{LEAF} ({TOP})", BEGIN, END)


def test_a_statement_about_the_leaf_overrides_what_the_leaf_says_of_itself(federation):
    empty = {"about_leaf": {"metadata": {KIND: {"jwks": {"keys": []}}}}}
    with pytest.raises(NoTrustAnchors):
        anchors(federation, federation.chain(**empty))


def test_no_chain_gives_no_anchor(federation):
    with pytest.raises(NoTrustAnchors):
        FederationAnchors(federation.pinned(), []).anchors(AT)


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"about_leaf": {"signer": LEAF}}, "signature"),
        ({"top": {"signer": MIDDLE}}, "signature"),
        ({"leaf": {"signer": TOP}}, "signature"),
        ({"leaf": {"typ": "JWT"}}, "typ"),
        ({"about_middle": {"exp": int(BEGIN.timestamp())}}, "not valid at that time"),
        ({"about_middle": {"iat": int(END.timestamp())}}, "not valid at that time"),
        ({"about_middle": {"iat": True}}, "iat, exp"),
        ({"about_leaf": {"jwks": None}}, "jwks is missing"),
        ({"about_leaf": {"crit": ["x"]}}, "crit"),
        ({"about_leaf": {"sub": "https://other.example"}}, "does not follow"),
        ({"about_middle": {"metadata_policy": {KIND: {}}}}, "metadata_policy"),
        ({"about_middle": {"constraints": {"max_path_length": 0}}}, "max_path_length"),
        ({"leaf": {"metadata": {}}}, "no metadata"),
        ({"leaf": {"metadata": {KIND: {"jwks": {"keys": [{"x5c": ["%"]}]}}}}}, "jwks"),
    ],
)
def test_each_broken_link_is_refused_by_its_name(federation, changes, detail):
    with pytest.raises(FederationRefused) as refused:
        anchors(federation, federation.chain(**changes))
    assert detail in refused.value.parameters["detail"]


def test_a_certificate_of_another_key_is_refused(federation):
    other = ECKey.generate_key("P-256").as_dict(private=False)
    metadata = {KIND: {"jwks": {"keys": [{**other, "x5c": federation.service["x5c"]}]}}}
    with pytest.raises(FederationRefused) as refused:
        anchors(federation, federation.chain(leaf={"metadata": metadata}))
    assert refused.value.parameters["detail"] == "x5c is of another key"


def test_what_is_no_chain(federation):
    whole = federation.chain()
    for chain in (whole[:1], whole[:3], ["a", "b"], ["a.W10.c", "a.W10.c"], whole[1:], [*whole, *whole] * 3):
        with pytest.raises(FederationRefused):
            anchors(federation, chain)
    with pytest.raises(FederationRefused, match="pinned"):
        anchors(federation, whole, pinned={})
