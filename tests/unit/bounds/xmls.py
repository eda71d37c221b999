"""Hostile XML: what each signature, reference or time-stamp may ask for over and over."""

from tests.unit.bounds.composed import Composed, composed
from tests.unit.formats_xades.test_references import DSIG, hand_made, reference, sha, transform

EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
ENVELOPED = transform(f"{DSIG}enveloped-signature")
WRONG = sha(b"x")


def _made(references: str, objects: str = "", around: str = "<r>{}</r>") -> Composed:
    return Composed("application/xml", hand_made(references, objects, around).read())


def _elements(octets: int) -> str:
    return "<a/>" * (octets // 4)


@composed
def whole_document_a_thousand_times() -> Composed:
    """Each reference copies the document to take the signature out."""
    return _made(reference("", WRONG, ENVELOPED) * 1_000, around=f"<r>{_elements(500_000)}{{}}</r>")


@composed
def namespaces_over_many_elements() -> Composed:
    """Inclusive canonical form looks up each of them for every element."""
    names = " ".join(f'xmlns:a{number}="urn:{number}"' for number in range(250))
    return _made(reference("", WRONG, ENVELOPED), around=f"<r {names}>{_elements(900_000)}{{}}</r>")


@composed
def deep_namespaces() -> Composed:
    """The same, with each declared one level deeper."""
    outer = "".join(f'<r xmlns:a{number}="urn:{number}">' for number in range(240))
    around = f"{outer}{_elements(900_000)}{{}}{'</r>' * 240}"
    return _made(reference("", WRONG, ENVELOPED), around=around)


@composed
def a_long_namespace_at_every_element() -> Composed:
    """Exclusive canonical form would repeat it to gigabytes."""
    around = f'<r xmlns:q="urn:{"x" * 400_000}">{"<q:x/>" * 80_000}{{}}</r>'
    return _made(reference("", WRONG, transform(EXCLUSIVE)), around=around)


@composed
def a_long_list_of_prefixes() -> Composed:
    """Each is looked up for every element."""
    prefixes = " ".join(f"a{number}" for number in range(70_000))
    listed = f'<ec:InclusiveNamespaces xmlns:ec="{EXCLUSIVE}" PrefixList="{prefixes}"/>'
    around = f"<r>{_elements(400_000)}{{}}</r>"
    return _made(reference("", WRONG, transform(EXCLUSIVE, listed)), around=around)


@composed
def one_manifest_many_times() -> Composed:
    """Each of a thousand references lists the thousand entries of one manifest."""
    manifest = f"<ds:Object><ds:Manifest Id='m'>{reference('#q', WRONG) * 1_500}</ds:Manifest></ds:Object>"
    return _made(reference("#m", WRONG, more=f' Type="{DSIG}Manifest"') * 1_500, manifest)


@composed
def crowds_of_attributes() -> Composed:
    """The library sorts them by insertion."""
    crowd = "<a " + " ".join(f'a{number:03}=""' for number in range(500)) + "/>"
    return _made(reference("", WRONG, ENVELOPED) * 500, around=f"<r>{crowd * 200}{{}}</r>")


@composed
def filters_upon_filters() -> Composed:
    """Each walks through the whole document."""
    one = transform(XPATH, "<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath>")
    return _made(reference("", WRONG, one * 16) * 200, around=f"<r>{_elements(300_000)}{{}}</r>")


@composed
def signed_infos_inside_each_other() -> Composed:
    """Each is made canonical with all that stands in it."""
    method = f'<ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>'
    one = f'<ds:Signature xmlns:ds="{DSIG}"><ds:SignedInfo>{method}'
    end = "</ds:SignedInfo></ds:Signature>"
    around = f"<r>{one * 120}{_elements(850_000)}{end * 120}{{}}</r>"
    return _made(reference("", WRONG), around=around)
