import pytest

from shirushi.core.evidence import KeyUsage
from shirushi.services.ca.model import ProfileKind, ProfileUnknown, profile, profile_names


def test_the_profiles_are_these() -> None:
    assert profile_names() == (
        "authentication",
        "card-authentication",
        "cross",
        "device",
        "document-encryption",
        "e-seal",
        "e-seal-qscd",
        "issuing",
        "ocsp-responder",
        "official-seal",
        "person-signature",
        "person-signature-ncp",
        "person-signature-qscd",
        "root",
        "tls-client",
        "tls-server",
        "tsu",
        "website",
    )


@pytest.mark.parametrize("name", profile_names())
def test_every_choice_names_its_source(name: str) -> None:
    chosen = profile(name)
    made = {
        choice
        for choice in (
            *("extended_key_usage", "policies", "ocsp_no_check", "qc_compliance", "qc_types", "qc_sscd"),
            *("key_kinds", "alternatives", "both_scripts", "four_eyes", "revoked_by", "flagged_by"),
        )
        if getattr(chosen, choice)
    }
    assert made | {"key_usage", "validity", "longest", "required"} <= set(chosen.sources)
    assert all(source.strip() for source in chosen.sources.values())
    assert chosen.validity <= chosen.longest


@pytest.mark.parametrize("name", profile_names())
def test_authorities_sign_certificates_and_nobody_else_does(name: str) -> None:
    chosen = profile(name)
    signs = KeyUsage.KEY_CERT_SIGN in chosen.key_usage
    assert signs == (chosen.kind is not ProfileKind.END_ENTITY)


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(ProfileUnknown, match="tsu"):
        profile("no-such")
