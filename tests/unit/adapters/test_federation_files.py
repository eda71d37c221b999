"""A federation in the configuration: who is trusted over its chains, and that one bad chain spoils no other."""

import json
import logging

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shirushi.adapters.configuration_file import read_configuration
from shirushi.adapters.data_directory import DataDirectory
from shirushi.adapters.federation_files import FederationFiles
from shirushi.core.errors import ConfigurationInvalid
from shirushi.domain import compose
from shirushi.ports.trust import NoTrustAnchors
from tests.unit.adapters.test_federation_anchors import AT, END, KIND, TOP, Federation


@pytest.fixture
def laid(tmp_path):
    federation = Federation()
    chains = tmp_path / "chains"
    chains.mkdir()
    (tmp_path / "keys.json").write_text(json.dumps(federation.jwks(TOP)))
    (chains / "good.json").write_text(json.dumps(federation.chain()))
    (chains / "notes.txt").write_text("nothing")
    return federation, tmp_path


def files(folder):
    return FederationFiles(TOP, folder / "keys.json", [folder / "chains"], KIND)


def test_the_services_of_the_chains_are_trusted(laid):
    federation, folder = laid
    (anchor,) = files(folder).anchors(AT)
    assert anchor.certificate.public_key.spki == _spki(federation)
    with pytest.raises(NoTrustAnchors):
        files(folder).anchors(END)


def test_a_chain_that_does_not_hold_takes_no_other_with_it(laid, caplog):
    federation, folder = laid
    (folder / "chains/bad.json").write_text(json.dumps(federation.chain(leaf={"exp": 1})))
    with caplog.at_level(logging.WARNING):
        assert len(files(folder).anchors(AT)) == 1
    assert [each.code for each in caplog.records] == ["FEDERATION_REFUSED"]


@pytest.mark.parametrize(
    ("name", "content"), [("keys.json", "[]"), ("chains/b.json", "{}"), ("keys.json", "{")]
)
def test_a_file_of_another_kind_is_named(laid, name, content):
    _, folder = laid
    (folder / name).write_text(content)
    with pytest.raises(ConfigurationInvalid) as refused:
        files(folder).anchors(AT)
    assert name.split("/")[-1] in str(refused.value)


def test_the_configuration_names_federations(laid, tmp_path):
    federation, folder = laid
    with DataDirectory.creating(tmp_path / "data") as directory:
        directory.configuration.write_text(
            f'[domain]\nname = "a"\n[[federation]]\nname = "{TOP}"\nkeys = "{folder / "keys.json"}"\n'
            f'chains = ["{folder / "chains"}"]\n'
        )
        with compose(directory, read_configuration(directory.configuration)) as domain:
            (anchor,) = domain.ports.anchors.anchors(AT)
    assert anchor.certificate.public_key.spki == _spki(federation)


def _spki(federation):
    return federation.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
