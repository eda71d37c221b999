from dataclasses import replace

from shirushi.core.evidence import Material, TrustAnchor
from shirushi.rules.path import building, candidate_paths
from tests.unit.rules_path.world import CA, DAY, END, START, World, key


def chains(paths):
    return [[certificate.subject.get("2.5.4.3") for certificate in path.certificates] for path in paths]


def test_the_path_runs_from_the_target_to_the_certificate_below_the_anchor():
    world = World()
    root = world.ca("root")
    issuing = world.ca("issuing", root)
    target = world.certificate("target", issuing)
    [path] = candidate_paths(target, world.material, [TrustAnchor(root, "the list")])
    assert path.certificates == (target, issuing)
    assert path.anchor.name == "the list"
    assert path.issuer_of(0) == issuing
    assert path.issuer_of(1) == root


def test_without_an_anchor_above_there_is_no_path():
    world = World()
    target = world.certificate("target", world.ca("issuing", world.ca("root")))
    stranger = world.ca("stranger")
    assert list(candidate_paths(target, world.material, [TrustAnchor(stranger)])) == []
    assert list(candidate_paths(target, world.material, [])) == []


def test_a_signature_that_does_not_verify_is_no_link():
    world = World()
    root = world.ca("root")
    target = world.certificate("target", root)
    material = replace(world.material, verified=frozenset())
    assert list(candidate_paths(target, material, [TrustAnchor(root)])) == []


def test_a_name_that_does_not_chain_is_no_link():
    world = World()
    root = world.ca("root")
    target = replace(world.certificate("target", root), issuer=world.ca("another").subject)
    assert list(candidate_paths(target, world.material, [TrustAnchor(root)])) == []


def test_a_target_that_is_an_anchor_has_an_empty_path():
    world = World()
    root = world.ca("root")
    issuing = world.ca("issuing", root)
    paths = list(candidate_paths(issuing, world.material, [TrustAnchor(root), TrustAnchor(issuing)]))
    assert chains(paths) == [[], ["issuing"]]
    assert paths[0].anchor.certificate == issuing


def test_a_self_signed_copy_of_an_anchor_leads_to_it():
    world = World()
    older = world.ca("root", hidden=True)
    newer = world.ca("root", not_before=START + DAY)
    target = world.certificate("target", newer)
    [path] = candidate_paths(target, world.material, [TrustAnchor(older)])
    assert path.certificates == (target,)
    assert path.anchor.certificate == older
    [empty] = candidate_paths(newer, world.material, [TrustAnchor(older)])
    assert empty.certificates == ()


def test_an_inherited_dsa_key_is_no_copy_of_another():
    world = World()
    anchor = world.ca("root", hidden=True)
    impostor = world.ca("root", public_key=replace(key("root"), parameters_inherited=True))
    target = world.certificate("target", impostor)
    assert list(candidate_paths(target, world.material, [TrustAnchor(anchor)])) == []


def test_cross_certificates_give_several_paths():
    world = World()
    one, two = world.ca("one"), world.ca("two")
    by_one = world.ca("issuing", one)
    by_two = world.ca("issuing", two)
    target = world.certificate("target", by_one)
    world.signed.add((target.id, by_two.id))
    paths = list(candidate_paths(target, world.material, [TrustAnchor(one), TrustAnchor(two)]))
    assert {path.anchor.certificate.id for path in paths} == {one.id, two.id}
    assert all(len(path.certificates) == 2 for path in paths)


def test_an_anchor_in_the_middle_does_not_hide_the_one_above():
    world = World()
    root = world.ca("root")
    issuing = world.ca("issuing", root)
    target = world.certificate("target", issuing)
    anchors = [TrustAnchor(root), TrustAnchor(issuing)]
    assert chains(candidate_paths(target, world.material, anchors)) == [["target"], ["target", "issuing"]]


def test_the_issuer_with_the_named_key_identifier_comes_first():
    world = World()
    root = world.ca("root")
    wrong = world.ca("issuing", root, extensions=replace(CA, subject_key_identifier=b"other"))
    right = world.ca("issuing", root, extensions=replace(CA, subject_key_identifier=b"named"), key_of="new")
    target = world.certificate("target", wrong, extensions=replace(CA, authority_key_identifier=b"named"))
    world.signed.add((target.id, right.id))
    paths = list(candidate_paths(target, world.material, [TrustAnchor(root)]))
    assert [path.certificates[1] for path in paths] == [right, wrong]


def test_the_issuer_that_was_valid_at_issuance_and_lives_longest_comes_first():
    world = World()
    root = world.ca("root")
    expired = world.ca("issuing", root, not_after=START - DAY)
    shorter = world.ca("issuing", root, not_after=END - DAY)
    longer = world.ca("issuing", root)
    target = world.certificate("target", expired)
    world.signed |= {(target.id, shorter.id), (target.id, longer.id)}
    paths = list(candidate_paths(target, world.material, [TrustAnchor(root)]))
    assert [path.certificates[1] for path in paths] == [longer, shorter, expired]


def test_no_path_goes_round():
    world = World()
    root = world.ca("root")
    one = world.ca("one", root)
    two = world.ca("two", one)
    back = world.ca("one", two)
    target = world.certificate("target", back)
    world.signed.add((target.id, one.id))
    paths = chains(candidate_paths(target, world.material, [TrustAnchor(root)]))
    assert paths == [["target", "one"]]


def meshed(size: int) -> tuple[World, list]:
    """Authorities that all certify one another, the last of which the root certifies as well."""
    world = World()
    root = world.ca("root")
    holders: dict[int, list] = {n: [] for n in range(size)}
    for issuer in range(size):
        for subject in range(size):
            if issuer != subject:
                made = world.ca(f"mesh {subject}", world.ca(f"mesh {issuer}", hidden=True))
                holders[subject].append(made)
    holders[size - 1].append(world.ca(f"mesh {size - 1}", root))
    target = world.certificate("target", holders[0][0])
    for certificate in [*world.certificates]:
        for certificates in holders.values():
            if certificate.issuer == certificates[0].subject:
                world.signed |= {(certificate.id, issuer.id) for issuer in certificates}
    return world, [target, root]


def test_a_mesh_of_authorities_is_searched_within_bounds(monkeypatch):
    world, (target, root) = meshed(8)
    material, anchors = world.material, [TrustAnchor(root)]
    paths = list(candidate_paths(target, material, anchors))
    assert len(paths) == 64
    assert len(paths[0].certificates) == 3
    assert len({tuple(c.id for c in path.certificates) for path in paths}) == 64
    monkeypatch.setattr(building, "MAX_STEPS", 10)
    assert 0 < len(list(candidate_paths(target, material, anchors))) <= 10


def test_a_chain_without_end_is_given_up():
    world = World()
    above = root = world.ca("root")
    for number in range(building.MAX_LENGTH + 5):
        above = world.ca(f"level {number}", above)
    target = world.certificate("target", above)
    assert list(candidate_paths(target, world.material, [TrustAnchor(root)])) == []


def test_no_more_paths_than_asked_for_are_given():
    world, (target, root) = meshed(4)
    assert len(list(candidate_paths(target, world.material, [TrustAnchor(root)], limit=2))) == 2


def test_nothing_at_hand_gives_nothing():
    world = World()
    root = world.ca("root")
    target = world.certificate("target", root)
    assert list(candidate_paths(target, Material(), [TrustAnchor(root)])) == []
