"""No document under 1 MB costs two seconds or 500 MB: a named limit refuses it, or what it adds is told as a change.

`benchmarks/bounds.py` measures what each costs; here it is held how each ends. Without its limit none ends in minutes.
"""

from collections.abc import Callable

import pytest

from shirushi.core.document import document
from shirushi.formats.xades.format import Xades
from tests.unit.bounds import certificates, containers, pdfs, xmls
from tests.unit.bounds.composed import EVERY, Composed, outcome

PDF_LIMIT = "PDF_LIMIT_EXCEEDED"
UNREACHED = "INDETERMINATE REVOCATION_DATA_MISSING"
"""Nothing refers to the hostile objects: the signature is as good as it was, at B-B without revocation data."""
FORBIDDEN = "TOTAL_FAILED FORBIDDEN_CHANGE_AFTER_SIGNING"
UNEXPLAINED = "TOTAL_FAILED UNEXPLAINED_BYTES_AFTER_SIGNING"
EFFORT = "EVIDENCE_LIMIT_EXCEEDED effort"
UNCHECKED = "INDETERMINATE REFERENCE_NOT_FOUND"
"""References that were not computed; `test_what_was_not_computed_is_told` holds that the limit is named."""
CHANGED = "TOTAL_FAILED REFERENCE_CHANGED"
ENDS = {
    pdfs.more_revisions_than_are_followed: f"{PDF_LIMIT} revisions",
    pdfs.as_many_revisions_as_are_followed: UNREACHED,
    pdfs.many_subsections: UNREACHED,
    pdfs.entries_that_share_an_object: UNREACHED,
    pdfs.objects_inside_each_other: UNEXPLAINED,
    pdfs.nested_objects_that_end: UNEXPLAINED,
    pdfs.bombs_in_object_streams: UNEXPLAINED,
    pdfs.long_header_of_an_object_stream: UNEXPLAINED,
    pdfs.millions_of_entries: f"{PDF_LIMIT} effort",
    pdfs.hybrids_that_share_a_bomb: f"{PDF_LIMIT} effort",
    pdfs.predictor_of_a_bomb: f"{PDF_LIMIT} effort",
    pdfs.pages_that_share_their_kids: f"{PDF_LIMIT} page tree",
    pdfs.pages_that_share_their_kids_and_a_page: FORBIDDEN,
    pdfs.one_page_named_often: FORBIDDEN,
    pdfs.many_fields: "",
    pdfs.many_signatures: "TOTAL_FAILED PADES_BYTE_RANGE_NOT_CONTENTS",
    pdfs.whole_signatures_over_one_range: f"{PDF_LIMIT} effort",
    pdfs.comments_without_end: UNEXPLAINED,
    pdfs.no_table_and_many_objects: "PDF_XREF_DAMAGED",
    pdfs.a_store_of_bombs: UNREACHED,
    pdfs.a_list_of_a_hundred_thousand_entries: UNREACHED,
    pdfs.a_hundred_and_twenty_signatures: UNREACHED,
    certificates.thousands_of_namesakes: UNREACHED,
    certificates.namesakes_of_large_keys: UNREACHED,
    certificates.exponents_as_long_as_the_modulus: UNREACHED,
    certificates.namesakes_on_a_slow_curve: UNREACHED,
    certificates.keys_that_inherit_their_parameters: UNREACHED,
    certificates.a_long_chain: "INDETERMINATE ROOT_NOT_TRUSTED",
    certificates.a_long_chain_of_names: "INDETERMINATE ISSUER_NOT_FOUND",
    certificates.a_mesh_of_cross_certificates: "INDETERMINATE ISSUER_NOT_FOUND",
    certificates.a_mesh_with_thousands_of_lists: "INDETERMINATE PATH_TOO_LONG",
    certificates.thousands_of_lists: UNREACHED,
    certificates.thousands_of_signers: "CMS_MALFORMED",
    certificates.as_many_signers_as_are_read: UNREACHED,
    certificates.signers_and_certificates: UNREACHED,
    certificates.a_list_with_many_entries: UNREACHED,
    certificates.one_certificate_with_many_distribution_points: UNREACHED,
    certificates.archive_time_stamps_of_the_old_kind: UNREACHED,
    certificates.archive_time_stamps: UNREACHED,
    certificates.archive_time_stamps_and_certificates: UNREACHED,
    certificates.signature_time_stamps: UNREACHED,
    certificates.counter_signatures: f"{UNREACHED}; TOTAL_FAILED REFERENCE_CHANGED",
    certificates.a_response_of_ten_thousand_answers: EFFORT,
    certificates.names_held_against_subtrees: EFFORT,
    xmls.whole_document_a_thousand_times: CHANGED,
    xmls.namespaces_over_many_elements: UNCHECKED,
    xmls.deep_namespaces: UNCHECKED,
    xmls.a_long_namespace_at_every_element: "XML_TOO_COMPLEX 1024",
    xmls.a_long_list_of_prefixes: UNCHECKED,
    xmls.one_manifest_many_times: UNCHECKED,
    xmls.crowds_of_attributes: CHANGED,
    xmls.filters_upon_filters: CHANGED,
    xmls.signed_infos_inside_each_other: f"{UNCHECKED}; TOTAL_FAILED XML_MALFORMED",
    containers.a_bomb_under_every_digest: "ZIP_LIMIT_EXCEEDED effort",
    containers.a_bomb_in_meta_inf: "ZIP_LIMIT_EXCEEDED META-INF",
    containers.many_manifests_for_many_signatures: "CMS_MALFORMED",
    containers.many_files_for_many_signatures: CHANGED,
}


LONG = {
    pdfs.as_many_revisions_as_are_followed,
    pdfs.entries_that_share_an_object,
    pdfs.nested_objects_that_end,
    pdfs.bombs_in_object_streams,
    pdfs.one_page_named_often,
    pdfs.a_hundred_and_twenty_signatures,
    certificates.thousands_of_namesakes,
    certificates.a_long_chain,
    certificates.a_long_chain_of_names,
    certificates.a_mesh_of_cross_certificates,
    certificates.a_mesh_with_thousands_of_lists,
    certificates.one_certificate_with_many_distribution_points,
    certificates.signers_and_certificates,
    certificates.archive_time_stamps_of_the_old_kind,
    certificates.archive_time_stamps_and_certificates,
}
"""Those whose making, or bounded cost, takes seconds."""


def test_each_is_held() -> None:
    assert {make.__name__ for make in ENDS} == set(EVERY)


@pytest.mark.parametrize(
    "make",
    [pytest.param(make, id=make.__name__, marks=pytest.mark.long if make in LONG else ()) for make in ENDS],
)
def test_it_ends_as_it_should(make: Callable[[], Composed]) -> None:
    made = make()
    assert len(made.data) < 1 << 20
    assert outcome(made) == ENDS[make]


@pytest.mark.parametrize(
    "make",
    [
        xmls.whole_document_a_thousand_times,
        xmls.namespaces_over_many_elements,
        xmls.deep_namespaces,
        xmls.a_long_list_of_prefixes,
        xmls.one_manifest_many_times,
        xmls.crowds_of_attributes,
        xmls.filters_upon_filters,
        xmls.signed_infos_inside_each_other,
    ],
)
def test_what_was_not_computed_is_told(make: Callable[[], Composed]) -> None:
    *_, evidence = Xades().parse(document(make().data))
    told = {each.code for each in (*evidence.structure, *evidence.level_failings)}
    assert "XML_TOO_COMPLEX" in told
    assert evidence.integrity is not True
