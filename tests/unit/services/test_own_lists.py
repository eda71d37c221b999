"""Own lists: built from drafts, sealed, read back before release; and what the demo's lists answer."""

import shutil
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

import shirushi
from shirushi import Level
from shirushi.core.actor import Actor
from shirushi.core.document import document
from shirushi.core.errors import NotPermitted
from shirushi.demo.lists import publish_lists
from shirushi.demo.plan import load_plan
from shirushi.main import application
from shirushi.services.trustlist.service.drafting import ListDraftMalformed, read_draft
from shirushi.services.trustlist.service.listed_trust import ListedTrust
from shirushi.services.trustlist.service.publishing import ListNotReleasable

KEEPER = "Trusted Lists"


@pytest.fixture(scope="module")
def world(template, tmp_path_factory):
    path = shutil.copytree(template, tmp_path_factory.mktemp("lists") / "domain")
    with shirushi.open(path) as domain:
        publish_lists(domain, load_plan(), path, lambda _: None)
        yield domain, path


def draft(name):
    return (files("shirushi.demo.lists") / f"{name}.toml").read_text(encoding="utf-8")


def published(world, text, by=KEEPER):
    domain, path = world
    given = document(text.encode(), "draft.toml", "application/toml")
    read = lambda name: (path / "certificates" / name).read_bytes()  # noqa: E731  a port's one method
    return domain.list_publishing.publish_draft(given, by, read)


def test_published_lists_are_held_and_every_service_is_found(world):
    domain, _ = world
    assert {each.snapshot.territory for each in domain.trusted_lists.lists()} == {"EU", "JP", "XE", "ZZ"}
    assert len(list(domain.trusted_lists.services("JP"))) == 3


def test_an_edition_of_a_number_that_was_used_is_not_released(world):
    with pytest.raises(ListNotReleasable) as refused:
        published(
            world, draft("zz").replace("https://trust.example.zz/scheme", "https://trust.example.zz/other")
        )
    assert "LIST_SEQUENCE_REUSED" in refused.value.parameters["detail"]
    assert published(world, draft("zz").replace("sequence = 1", "sequence = 2")).read()


def test_a_list_that_reads_back_differently_is_not_released(world):
    domain, path = world
    given = document(draft("zz").replace("sequence = 1", "sequence = 3").encode(), "d", "application/toml")
    read = lambda name: (path / "certificates" / name).read_bytes()  # noqa: E731
    made = read_draft(given, read, domain.ports.clock.now())
    with pytest.raises(ListNotReleasable) as refused:
        domain.list_publishing.publish(replace(made, issued=made.issued + timedelta(microseconds=5)), KEEPER)
    assert refused.value.parameters["detail"]
    actor = Actor("somebody")
    with pytest.raises(NotPermitted):
        domain.services.list_publishing.publish(actor, made, KEEPER)


@pytest.mark.parametrize(
    ("found", "replaced"),
    [
        ("sequence = 1", ""),
        ("sequence = 1", "sequence = 1\nnext_update_days = 200"),
        ("sequence = 1", "sequence = 1\nsurprise = 1"),
        ("certificates = [", "certificates = []\nx = ["),
        ("[list]", "[list"),
    ],
)
def test_a_draft_that_is_not_understood_is_refused(world, found, replaced):
    with pytest.raises(ListDraftMalformed):
        published(world, draft("zz").replace(found, replaced, 1))


def test_lists_of_lists_that_hold_different_agreements_are_rivals_and_neither_counts(world):
    _, path = world
    other = (
        draft("lotl")
        .replace("JP-EU-e-seal", "JP-EU-seal")
        .replace('territory = "EU"\nsequence', 'territory = "XX"\nsequence', 1)
    )
    rival = published(world, other).read()
    held = {each.name: each.read_bytes() for each in (path / "trust/lists").iterdir()}
    trust = ListedTrust({"a": held["lotl.xml"], "b": held["jp.xml"]})
    assert [(each.carried_by, each.rivals) for each in trust.index.sources] == [("a", ())]
    torn = ListedTrust({"a": held["lotl.xml"], "b": held["jp.xml"], "c": rival})
    assert [(each.agreement, each.rivals) for each in torn.index.sources] == [(None, ("a", "c"))]


def test_explain_names_level_rule_digests_and_alternatives(world, tmp_path):
    domain, path = world
    invoice = Path(shirushi.__file__).parent / "demo/documents/invoice.pdf"
    sealed = domain.signing.seal(shirushi.read(invoice), by="Beispiel Handel AG", level=Level.B_T)
    shirushi.write(sealed, tmp_path / "sealed.pdf")
    verdict = domain.validation.validate(sealed, offline=True)
    explained = domain.trusted_lists.explain(verdict.signatures[0], verdict.validation_time)
    (answer,) = explained.equivalences
    assert (str(answer.grade), answer.rules) == ("e-seal level 2", ("EU-QESeal",))
    assert set(answer.snapshots) > answer.native.snapshots
    assert "ALTERNATIVE_WITHOUT_AGREEMENT" in {said.code for said, *_ in answer.alternatives}
    as_japan = domain.trusted_lists.explain(verdict.signatures[0], verdict.validation_time, party="EU")
    assert {each.native.party for each in as_japan.equivalences} == {"JP"}, "the time-stamp alone is Japan's"
    shown = CliRunner().invoke(
        application(), ["trust", "explain", str(tmp_path / "sealed.pdf"), "--data", str(path)]
    )
    assert shown.exit_code == 0
    assert "e-seal level 2" in shown.stdout
    listed = CliRunner().invoke(application(), ["trust", "agreements", "--data", str(path)])
    assert "jp-zz-example" in listed.stdout
    assert "repealed" in listed.stdout


STUB = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="%s">%s</xs:schema>"""
ANY = b"""<xs:element name="%s"><xs:complexType><xs:sequence>
<xs:any minOccurs="0" maxOccurs="unbounded" processContents="skip"/></xs:sequence>
<xs:anyAttribute processContents="skip"/></xs:complexType></xs:element>"""
TYPE = b"""<xs:complexType name="%s"><xs:sequence>
<xs:any minOccurs="0" maxOccurs="unbounded" processContents="skip"/></xs:sequence>
<xs:anyAttribute processContents="skip"/></xs:complexType>"""


class Stubs(etree.Resolver):
    """Stand-ins of ours for the schemas of signatures, which are another standard's."""

    def resolve(self, url, public_id, context):  # noqa: ARG002  lxml's own signature
        if "xmldsig" in url:
            space, names, types = b"http://www.w3.org/2000/09/xmldsig#", (b"Signature", b"KeyValue"), ()
        elif "xades" in url.lower() or "01903" in url:
            space = b"http://uri.etsi.org/01903/v1.3.2#"
            names, types = (b"ObjectIdentifier",), (b"ObjectIdentifierType",)
        elif url.endswith("xml.xsd"):
            text = b'<xs:attribute name="lang" type="xs:language"/>'
            return self.resolve_string(STUB % (b"http://www.w3.org/XML/1998/namespace", text), context)
        else:
            return None
        return self.resolve_string(
            STUB % (space, b"".join(ANY % each for each in names) + b"".join(TYPE % each for each in types)),
            context,
        )


@pytest.mark.corpora
@pytest.mark.parametrize("name", ["lotl", "xe", "zz", "jp"])
def test_published_lists_fit_the_schema(world, corpora, name):
    parser = etree.XMLParser()
    parser.resolvers.add(Stubs())
    schema = etree.XMLSchema(etree.parse(corpora / "schemas/trusted-list/ts_119612v020401_xsd.xsd", parser))
    schema.assertValid(etree.parse(world[1] / f"trust/lists/{name}.xml"))
