"""DSS reads our lists and applies our agreement to the same end as we do."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import shirushi
from shirushi import Level
from shirushi.demo.lists import publish_lists
from shirushi.demo.plan import load_plan
from shirushi.services.trustlist.service.reading import candidate
from tests.interop.dss_list_judge import Lists, dss_by_lists

SAKURA = "さくら商事株式会社"
PREFIX = "https://trust.example.eu/lists/"


@dataclass(frozen=True, slots=True)
class World:
    """A domain that has published its lists, a seal of Japan's, and a signature of the member state's."""

    domain: Any
    lists: Lists
    sealed: Path
    crls: tuple[bytes, ...]


@pytest.fixture(scope="module")
def world(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    path = shutil.copytree(template, tmp_path_factory.mktemp("lists") / "domain")
    invoice = Path(shirushi.__file__).parent / "demo/documents/invoice.pdf"
    with shirushi.open(path) as opened:
        domain: Any = opened
        publish_lists(domain, load_plan(), path, lambda _: None)
        sealed = domain.signing.seal(shirushi.read(invoice), by=SAKURA, level=Level.B_T)
        shirushi.write(sealed, path / "sealed.pdf")
        folder = path / "trust/lists"
        contents = {
            PREFIX + ("eu.xml" if each.name == "lotl.xml" else each.name): each.read_bytes()
            for each in folder.iterdir()
        }
        signer = domain.signing.credential("Trusted Lists").chain[0].der
        lists = Lists(PREFIX + "eu.xml", (signer,), contents)
        crls = tuple(domain.ca.crl(name) for name in ("root", "issuing"))
        yield World(domain, lists, path / "sealed.pdf", crls)


def ours(world: World, *, mra: bool) -> str:
    verdict = world.domain.validation.validate(shirushi.read(world.sealed), offline=True)
    explained = world.domain.trusted_lists.explain(verdict.signatures[0], verdict.validation_time)
    if mra:
        return str(explained.qualification.conclusion.value)
    without = [
        conclusion for said, conclusion in explained.alternatives if said.code == "ALTERNATIVE_NO_AGREEMENT"
    ]
    return str(without[0].value)


@pytest.mark.parametrize("agreement", ["mra", ""])
def test_dss_qualifies_a_seal_of_japan_as_we_do_with_the_agreement_and_without(
    world: World, agreement: str
) -> None:
    found = dss_by_lists(world.sealed, world.lists, mra=bool(agreement), crls=world.crls)
    assert "error" not in found, found
    assert [(each["valid"], each["error"]) for each in found["lists"]] == [(True, None)] * 4, found["lists"]
    (signature,) = found["signatures"]
    if agreement:
        assert signature["indication"] == "TOTAL_PASSED"
        assert signature["qualification"] == ours(world, mra=True) == "QESeal"
        assert signature["time_stamps"] == ["QTSA"]
    else:
        assert signature["qualification"] != "QESeal"
        assert ours(world, mra=False) != "QESeal"


@pytest.mark.long
@pytest.mark.corpora
@pytest.mark.parametrize(("agreement", "expected"), [("mra", "QESig"), ("", "AdESig")])
def test_dss_and_we_agree_on_a_signature_of_the_corpora(corpora: Path, agreement: str, expected: str) -> None:
    """`tests.corpora.test_trusted_lists` holds our own answers: QESig through the agreement, AdESig or less without."""
    folder = corpora / "trusted-lists/mra"
    source = (folder / "mra-lotl.xml").read_bytes()
    said = candidate(shirushi.read(folder / "mra-lotl.xml"))
    assert said.trusted_list is not None
    assert said.signer is not None
    location = next(each.location for each in said.trusted_list.pointers if each.agreement)
    lists = Lists(
        "https://example.org/lotl.xml",
        (said.signer.der,),
        {"https://example.org/lotl.xml": source, location: (folder / "mra-zz-tl.xml").read_bytes()},
    )
    found = dss_by_lists(folder / "john-doe-lta.xml", lists, mra=bool(agreement))
    assert "error" not in found, found
    (signature,) = found["signatures"]
    assert signature["qualification"].rpartition(" ")[2] == expected, "apart from what is indeterminate today"
