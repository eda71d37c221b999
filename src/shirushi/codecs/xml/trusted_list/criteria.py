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


def write_criteria(criteria: Criteria, name: str) -> Element:
    """The element `name` with the criteria; those that are not known here are not written, for nobody could read them."""
    element = etree.Element(name, {"assert": criteria.assertion.value})
    for bits in criteria.key_usages:
        usage = etree.SubElement(element, sie("KeyUsage"))
        for bit, wanted in bits:
            etree.SubElement(usage, sie("KeyUsageBit"), name=bit).text = "true" if wanted else "false"
    for policies in criteria.policy_sets:
        _write_identifiers(etree.SubElement(element, sie("PolicySet")), sie("PolicyIdentifier"), policies)
    for nested in criteria.nested:
        element.append(write_criteria(nested, sie("CriteriaList")))
    if criteria.description:
        etree.SubElement(element, sie("Description")).text = criteria.description
    if criteria.extended_key_usages or criteria.subject_attributes or criteria.statement_sets:
        other = etree.SubElement(element, sie("otherCriteriaList"))
        for purposes in criteria.extended_key_usages:
            _write_identifiers(
                etree.SubElement(other, tslx("ExtendedKeyUsage")), tslx("KeyPurposeId"), purposes
            )
        for attributes in criteria.subject_attributes:
            _write_identifiers(
                etree.SubElement(other, tslx("CertSubjectDNAttribute")), tslx("AttributeOID"), attributes
            )
        for statements in criteria.statement_sets:
            container = etree.SubElement(other, mra("QcStatementSet"))
            for each in statements:
                _write_statement(container, each)
    return element


def _write_identifiers(parent: Element, name: str, oids: Iterable[str]) -> None:
    for each in oids:
        _write_oid(etree.SubElement(parent, name), each)


def _write_oid(parent: Element, dotted: str) -> None:
    identifier = etree.SubElement(parent, xades("Identifier"), Qualifier="OIDAsURN")
    identifier.text = f"urn:oid:{dotted}"


def _write_statement(parent: Element, statement: QcStatementCriterion) -> None:
    element = etree.SubElement(parent, mra("QcStatement"))
    _write_oid(etree.SubElement(element, mra("QcStatementId")), statement.oid)
    if statement.qc_type or statement.legislation:
        info = etree.SubElement(element, mra("QcStatementInfo"))
        if statement.qc_type:
            _write_oid(etree.SubElement(info, mra("QcType")), statement.qc_type)
        else:
            etree.SubElement(info, mra("QcCClegislation")).text = statement.legislation
