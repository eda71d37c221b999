"""A person signs with a key on a card of their own, through the same port: others accept it."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from shirushi.core.algorithms import KeyType
from shirushi.core.verdict import Indication
from shirushi.domain import LocalFiles, open_domain
from shirushi.main import application
from shirushi.services.ca.model import CertificateRequest, DistinguishedName
from shirushi.services.signing.model import CredentialKind
from tests.interop.pdfsig_judge import pdfsig
from tests.tokens import softhsm, token_section, with_tokens

__all__ = ["softhsm"]

PIN = "271828"
HANAKO = "hanako@example.jp"


@pytest.mark.needs("softhsm2-util", "softhsm2")
@pytest.mark.needs("pkcs11-tool", "opensc")
@pytest.mark.parametrize("made", [("EC:prime256v1", KeyType.P_256), ("rsa:2048", KeyType.RSA_2048)])
def test_a_card_signs(data, softhsm, contract, tmp_path, made):
    kind, key_type = made
    softhsm.make("hanako", PIN)
    login = ("--token-label", "hanako", "--login", "--pin", PIN)
    softhsm.tool(*login, "--keypairgen", "--key-type", kind, "--label", "sign", "--id", "01")
    with_tokens(data, token_section("hanako", personal=True))
    run, place = CliRunner(), ["--data", str(data)]
    words = ["key", "adopt", "hanako", "--token", "hanako", "--name", "sign", "--pin", "-", *place]
    assert run.invoke(application(), words, input=f"{PIN}\n").exit_code == 0
    with open_domain(data) as domain:
        key = domain.keys.reference("hanako")
        assert (key.key_type, key.pin_protected) == (key_type, True)
        parts = {"countryName": "JP", "givenName": "花子", "surname": "試験", "commonName": "試験 花子"}
        subject = DistinguishedName.of(**parts, serialNumber="A-0099")
        issued = domain.ca.issue(CertificateRequest("issuing", "person-signature", subject, key.spki))
        domain.signing.enrol(HANAKO, CredentialKind.SIGNATURE, "hanako", domain.ca.chain(issued))
    signed = tmp_path / "signed.pdf"
    words = ["sign", str(contract), "--as", HANAKO, "--pin", "-", "-o", str(signed), *place]
    wrong = run.invoke(application(), words, input="000000\n")
    assert (wrong.exit_code != 0, "WRONG_PIN" in wrong.output) == (True, True)
    assert not signed.exists()
    done = run.invoke(application(), words, input=f"{PIN}\n")
    assert done.exit_code == 0, done.output
    with open_domain(data) as domain:
        assert domain.validation.validate(LocalFiles().read(signed)).indication is Indication.TOTAL_PASSED
        assert domain.audit.verify().intact
        root = domain.ca.authority("root").certificate
    (judged,) = pdfsig(signed, [root.der])
    assert (judged.valid, judged.trusted, judged.whole_document) == (True, True, True), judged
