from dataclasses import replace

import pytest

from shirushi.core.evidence import (
    BasicConstraints,
    Extensions,
    GeneralName,
    GeneralNameKind,
    KeyUsage,
    NameConstraints,
    PolicyConstraints,
    TrustAnchor,
)
from shirushi.rules.path import (
    ANY_POLICY,
    Path,
    PathFailureKind,
    PathParameters,
    validate_path,
)
from tests.unit.rules_path.world import AT, CA, DAY, END, START, World, chain, named, policies

GOLD, SILVER = "1.2.3.1", "1.2.3.2"


def dns(text):
    return GeneralName(GeneralNameKind.DNS, text)


def codes(result):
    return [failure.reason.code for failure in result.failures]


def judge(world, path, at=AT, **parameters):
    return validate_path(path, at, world.material, PathParameters(**parameters))


@pytest.fixture
def world():
    return World()


@pytest.fixture
def path(world):
    root = world.ca("root")
    issuing = world.ca("issuing", root)
    return chain(world.certificate("target", issuing), issuing, root)


def remade(path, index, **changes):
    """The path with one certificate, or its extensions, changed."""
    made = list(path.certificates)
    fields = {name: changes.pop(name) for name in list(changes) if hasattr(made[index], name)}
    made[index] = replace(made[index], **fields, extensions=replace(made[index].extensions, **changes))
    return Path(made[0], tuple(made), path.anchor)


def test_a_plain_path_holds(world, path):
    result = judge(world, path)
    assert result.valid
    assert result.path == path
    assert result.policies == frozenset()


def test_both_ends_of_the_validity_period_belong_to_it(world, path):
    assert judge(world, path, START).valid
    assert judge(world, path, END).valid
    early, late = judge(world, path, START - DAY), judge(world, path, END + DAY)
    assert codes(early) == ["PATH_NOT_YET_VALID"] * 2
    assert codes(late) == ["PATH_EXPIRED"] * 2
    assert {failure.kind for failure in late.failures} == {PathFailureKind.VALIDITY}


def test_a_signature_that_does_not_verify_is_told_apart(world, path):
    world.signed.discard((path.target.id, path.certificates[1].id))
    [failure] = judge(world, path).failures
    assert failure.kind is PathFailureKind.SIGNATURE
    assert failure.certificate == path.target
    assert failure.reason.code == "PATH_SIGNATURE_INVALID"
    assert "CN=issuing" in failure.reason.explain("en")


def test_another_certificate_of_the_same_key_proves_the_signature(world, path):
    older = path.anchor.certificate
    twin = world.ca("root")
    world.signed.discard((path.certificates[1].id, older.id))
    world.signed.add((path.certificates[1].id, twin.id))
    assert judge(world, path).valid


@pytest.mark.parametrize(
    ("index", "changes", "expected"),
    [
        (0, {"issuer": named("another")}, ["PATH_NAMES_DO_NOT_CHAIN"]),
        (1, {"version": 1}, ["PATH_NOT_A_CA"]),
        (1, {"basic_constraints": None}, ["PATH_NOT_A_CA"]),
        (1, {"basic_constraints": BasicConstraints(ca=False)}, ["PATH_NOT_A_CA"]),
        (1, {"key_usage": None}, []),
        (1, {"key_usage": frozenset({KeyUsage.CRL_SIGN})}, ["PATH_KEY_USAGE_NOT_CERT_SIGN"]),
        (0, {"key_usage": frozenset()}, []),
        (0, {"version": 1}, []),
        (0, {"critical": frozenset({"1.2.3.4"})}, ["PATH_EXTENSION_UNKNOWN"]),
        (1, {"critical": frozenset({"2.5.29.35"})}, ["PATH_EXTENSION_UNKNOWN"]),
        (1, {"critical": frozenset({"2.5.29.19", "2.5.29.15", "2.5.29.30"})}, []),
        (0, {"malformed": frozenset({"2.5.29.17"})}, ["PATH_EXTENSION_MALFORMED"]),
        (1, {"repeated": frozenset({"2.5.29.17"})}, ["PATH_EXTENSION_REPEATED"]),
        (1, {"policy_mappings": ((ANY_POLICY, GOLD),)}, ["PATH_ANY_POLICY_MAPPED"]),
        (1, {"policy_mappings": ((GOLD, ANY_POLICY),)}, ["PATH_ANY_POLICY_MAPPED"]),
        (1, {"name_constraints": NameConstraints(unusable=True)}, ["PATH_NAME_CONSTRAINTS_UNUSABLE"]),
        (0, {"name_constraints": NameConstraints((dns("example.jp"),))}, ["PATH_CONSTRAINTS_WITHOUT_CA"]),
        (
            0,
            {
                "name_constraints": NameConstraints((dns("example.jp"),)),
                "basic_constraints": BasicConstraints(ca=True),
            },
            [],
        ),
    ],
)
def test_each_certificate_is_what_its_place_demands(world, path, index, changes, expected):
    result = judge(world, remade(path, index, **changes))
    assert codes(result) == expected
    assert all(failure.kind is PathFailureKind.CONSTRAINTS for failure in result.failures)
    assert result.valid is (not expected)


def test_an_issuer_without_a_name_is_none(world):
    root = world.ca("")
    assert codes(judge(world, chain(world.certificate("target", root), root))) == ["PATH_NAMES_DO_NOT_CHAIN"]


def test_the_path_length_counts_what_is_not_self_issued(world):
    root = world.ca("root")
    limited = world.ca(
        "limited", root, extensions=replace(CA, basic_constraints=BasicConstraints(ca=True, path_length=0))
    )
    renewed = world.ca("limited", limited, key_of="new")
    target = world.certificate("target", renewed)
    assert judge(world, chain(target, renewed, limited, root)).valid
    below = world.ca("below", renewed)
    further = world.certificate("target", below)
    assert codes(judge(world, chain(further, below, renewed, limited, root))) == ["PATH_TOO_LONG"]
    assert judge(world, chain(below, renewed, limited, root)).valid


def test_a_policy_may_limit_the_path_length(world, path):
    assert judge(world, path, max_path_length=1).valid
    assert codes(judge(world, path, max_path_length=0)) == ["PATH_TOO_LONG"]
    assert judge(world, chain(path.certificates[1], path.anchor.certificate), max_path_length=0).valid


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"basic_constraints": BasicConstraints(ca=True, path_length=0)}, ["PATH_TOO_LONG"]),
        ({"name_constraints": NameConstraints((dns("example.jp"),))}, ["PATH_NAME_NOT_PERMITTED"]),
        ({"policy_constraints": PolicyConstraints(0, None)}, ["PATH_NO_VALID_POLICY"]),
        ({"critical": frozenset({"1.2.3.4"})}, ["PATH_EXTENSION_UNKNOWN"]),
        ({"malformed": frozenset({"2.5.29.30"})}, ["PATH_EXTENSION_MALFORMED"]),
        ({"malformed": frozenset({"2.5.29.31"}), "key_usage": frozenset()}, []),
    ],
)
def test_the_anchors_own_constraints_hold_unless_the_policy_leaves_them_out(world, changes, expected):
    root = world.ca("root", extensions=replace(CA, **changes))
    issuing = world.ca("issuing", root)
    target = world.certificate(
        "target", issuing, extensions=Extensions(subject_alternative_names=(dns("example.com"),))
    )
    path = chain(target, issuing, root)
    assert codes(judge(world, path)) == expected
    assert judge(world, path, anchor_constraints=False).valid


def test_the_anchor_is_trusted_for_its_period_and_names_alone(world):
    root = world.ca("root", not_after=START)
    target = world.certificate(
        "target", root, extensions=Extensions(subject_alternative_names=(dns("a.example.com"),))
    )
    trusted = TrustAnchor(root, valid_from=AT - DAY, valid_until=AT)
    assert judge(world, Path(target, (target,), trusted)).valid
    for at in (AT - 2 * DAY, AT + DAY):
        [failure] = judge(world, Path(target, (target,), trusted), at).failures
        assert failure.kind is PathFailureKind.TRUST
        assert failure.certificate == root
    limited = TrustAnchor(root, name_constraints=NameConstraints(excluded=(dns("example.com"),)))
    assert codes(judge(world, Path(target, (target,), limited), anchor_constraints=False)) == [
        "PATH_NAME_EXCLUDED"
    ]


def test_a_target_that_is_the_anchor_needs_nothing_else(world):
    root = world.ca("root", not_after=START, extensions=Extensions(critical=frozenset({"1.2.3.4"})))
    result = judge(world, Path(root, (), TrustAnchor(root)))
    assert result.valid
    assert result.policies == {ANY_POLICY}
    late = judge(world, Path(root, (), TrustAnchor(root, valid_until=AT - DAY)))
    assert codes(late) == ["PATH_ANCHOR_NOT_TRUSTED"]


def test_all_that_is_wrong_is_told(world, path):
    broken = remade(remade(path, 1, key_usage=frozenset()), 0, critical=frozenset({"1.2.3.4"}))
    result = judge(world, broken, END + DAY, initial_explicit_policy=True)
    assert codes(result) == [
        "PATH_EXPIRED",
        "PATH_NO_VALID_POLICY",
        "PATH_KEY_USAGE_NOT_CERT_SIGN",
        "PATH_EXPIRED",
        "PATH_EXTENSION_UNKNOWN",
    ]
    for failure in result.failures:
        assert failure.reason.explain("ja")
        assert failure.reason.remedy("en")


def test_the_policies_of_the_path_are_given(world, path):
    both = remade(
        remade(path, 1, certificate_policies=policies(GOLD, SILVER)), 0, certificate_policies=policies(GOLD)
    )
    assert judge(world, both).policies == {GOLD}
    assert judge(world, both, initial_policy_set=frozenset({SILVER})).policies == frozenset()
    assert judge(world, both, initial_policy_set=frozenset({SILVER})).valid
    refused = judge(world, both, initial_policy_set=frozenset({SILVER}), initial_explicit_policy=True)
    assert codes(refused) == ["PATH_NO_VALID_POLICY"]
    anything = remade(
        remade(path, 1, certificate_policies=policies(ANY_POLICY)),
        0,
        certificate_policies=policies(ANY_POLICY),
    )
    assert judge(world, anything, initial_explicit_policy=True).policies == {ANY_POLICY}
    assert codes(judge(world, anything, initial_explicit_policy=True, initial_any_policy_inhibit=True)) == [
        "PATH_NO_VALID_POLICY"
    ]


def test_the_target_may_require_an_explicit_policy_itself(world, path):
    asking = remade(path, 0, policy_constraints=PolicyConstraints(0, None))
    assert codes(judge(world, asking)) == ["PATH_NO_VALID_POLICY"]
