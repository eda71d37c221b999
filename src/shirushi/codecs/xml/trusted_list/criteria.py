"""CriteriaList (ETSI TS 119 612 §5.5.9.2.2, and the MRA schema's QcStatementSet inside it)."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from shirushi.codecs.xml.names import xades
from shirushi.codecs.xml.reader import Element
from shirushi.codecs.xml.trusted_list.names import mra, sie, tslx
from shirushi.codecs.xml.trusted_list.reading import MalformedTrustedList, text
from shirushi.core.criteria import Assertion, Criteria, QcStatementCriterion

DEEPEST = 16


def read_criteria(element: Element, depth: int = 0) -> Criteria:
    """A CriteriaList; what is not known here is named in `unknown`. Raises `MalformedTrustedList`."""
    if depth > DEEPEST:
        raise MalformedTrustedList(detail="criteria nested too deeply")
    try:
        assertion = Assertion(element.get("assert", "all"))
    except ValueError as error:
        raise MalformedTrustedList(detail=f"criteria combined by {element.get('assert')!r}") from error
    own: list[Element] = list(_elements(element))
    for other in element.iterfind(sie("otherCriteriaList")):
        own += _elements(other)
    usages, policies, extended, attributes, statements, nested, unknown = [], [], [], [], [], [], []
    for each in own:
        if each.tag == sie("KeyUsage"):
            usages.append(_bits(each))
        elif each.tag == sie("PolicySet"):
            policies.append(_identifiers(each.iterfind(sie("PolicyIdentifier"))))
        elif each.tag == tslx("ExtendedKeyUsage"):
            extended.append(_identifiers(each.iterfind(tslx("KeyPurposeId"))))
        elif each.tag in {tslx("CertSubjectDNAttribute"), sie("CertSubjectDNAttribute")}:
            names = (tslx("AttributeOID"), sie("AttributeOID"))
            attributes.append(_identifiers(child for child in each if child.tag in names))
        elif each.tag == mra("QcStatementSet"):
            statements.append(tuple(_statement(child) for child in each.iterfind(mra("QcStatement"))))
        elif each.tag == sie("CriteriaList"):
            nested.append(read_criteria(each, depth + 1))
        elif each.tag not in {sie("Description"), sie("otherCriteriaList")}:
            unknown.append(etree.QName(each).localname)
    return Criteria(
        assertion,
        tuple(usages),
        tuple(policies),
        tuple(extended),
        tuple(attributes),
        tuple(statements),
        tuple(nested),
        tuple(unknown),
        text(element, sie("Description")),
    )


def _elements(parent: Element) -> Iterable[Element]:
    return (child for child in parent if isinstance(child.tag, str))


def _bits(element: Element) -> tuple[tuple[str, bool], ...]:
    return tuple(
        (each.get("name", ""), (each.text or "").strip() in {"true", "1"})
        for each in element.iterfind(sie("KeyUsageBit"))
    )


def _identifiers(elements: Iterable[Element]) -> tuple[str, ...]:
    return tuple(oid(each) for each in elements)


def oid(element: Element) -> str:
    """The dotted OID of a XAdES ObjectIdentifier, which may be written as a URN.

    What a real list wrote wrongly stays as it stands: it is then the OID of nothing, and no certificate meets it.
    """
    return text(element, xades("Identifier")).lower().removeprefix("urn:").removeprefix("oid:")


def _statement(element: Element) -> QcStatementCriterion:
    identifier = element.find(mra("QcStatementId"))
    if identifier is None:
        raise MalformedTrustedList(detail="QcStatement has no QcStatementId")
    qc_type = element.find(f"{mra('QcStatementInfo')}/{mra('QcType')}")
    return QcStatementCriterion(
        oid(identifier),
        "" if qc_type is None else oid(qc_type),
        text(element, f"{mra('QcStatementInfo')}/{mra('QcCClegislation')}"),
    )
