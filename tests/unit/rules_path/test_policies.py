"""The policy graph of RFC 9618 against the policy tree of RFC 5280, which it must equal, and where the tree explodes."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from shirushi.core.evidence import Extensions
from shirushi.rules.path import ANY_POLICY
from shirushi.rules.path.policies import PolicyGraph
from tests.unit.rules_path.world import World, policies

OIDS = ["1.1", "1.2", "1.3", ANY_POLICY]


@dataclass
class Node:
    """A node of the valid_policy_tree of RFC 5280 §6.1.2 (a)."""

    policy: str
    expected: set[str]
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)

    def add(self, policy, expected):
        self.children.append(Node(policy, set(expected), self))


class Tree:
    """RFC 5280 §6.1 as it is written, for short paths."""

    def __init__(self):
        self.root = Node(ANY_POLICY, {ANY_POLICY})
        self.depth = 0

    def at(self, depth):
        level = [self.root] if self.root else []
        for _ in range(depth):
            level = [child for node in level for child in node.children]
        return level

    def prune(self):
        for depth in range(self.depth - 1, -1, -1):
            for node in self.at(depth):
                if not node.children:
                    if node.parent is None:
                        self.root = None
                    else:
                        node.parent.children.remove(node)

    def assert_policies(self, asserted, any_policy_counts):
        if asserted is None:
            self.root = None
        if self.root is None:
            return
        above = self.at(self.depth)
        self.depth += 1
        for policy in asserted - {ANY_POLICY}:
            matching = [node for node in above if policy in node.expected]
            for node in matching or [node for node in above if node.policy == ANY_POLICY]:
                node.add(policy, {policy})
        if ANY_POLICY in asserted and any_policy_counts:
            for node in above:
                for policy in node.expected - {child.policy for child in node.children}:
                    node.add(policy, {policy})
        self.prune()

    def map_policies(self, mappings, mapping_allowed):
        for policy in dict.fromkeys(issuer for issuer, _ in mappings):
            if self.root is None:
                return
            mapped = {subject for issuer, subject in mappings if issuer == policy}
            level = self.at(self.depth)
            named = [node for node in level if node.policy == policy]
            if not mapping_allowed:
                for node in named:
                    node.parent.children.remove(node)
                self.prune()
            elif named:
                for node in named:
                    node.expected = mapped
            else:
                for node in [node for node in level if node.policy == ANY_POLICY]:
                    node.parent.add(policy, mapped)

    def user_constrained(self, initial):
        """§6.1.5 (g), with what is acceptable in the terms of the anchor."""
        if self.root is None:
            return set()
        inner = [node for depth in range(self.depth + 1) for node in self.at(depth)]
        roots = {
            n.policy for n in inner if n.parent and n.parent.policy == ANY_POLICY and n.policy != ANY_POLICY
        }
        any_at_the_end = any(node.policy == ANY_POLICY for node in self.at(self.depth))
        if ANY_POLICY in initial:
            return roots | ({ANY_POLICY} if any_at_the_end else set())
        return set(initial) if any_at_the_end else roots & initial


steps = st.tuples(
    st.one_of(
        st.none(), st.sets(st.sampled_from(OIDS), min_size=1), st.sets(st.sampled_from(OIDS), min_size=2)
    ),
    st.booleans(),
    st.lists(st.tuples(st.sampled_from(OIDS[:3]), st.sampled_from(OIDS[:3])), max_size=4),
    st.booleans(),
)


@given(st.lists(steps, min_size=1, max_size=5), st.sets(st.sampled_from(OIDS), min_size=1))
def test_the_graph_gives_what_the_tree_gives(path, initial):
    graph, tree, world = PolicyGraph(), Tree(), World()
    for asserted, any_policy_counts, mappings, mapping_allowed in path:
        certificate = world.certificate(
            "any",
            extensions=Extensions(
                certificate_policies=None if asserted is None else policies(*sorted(asserted)),
                policy_mappings=tuple(mappings),
            ),
        )
        graph.assert_policies(certificate, any_policy_counts=any_policy_counts)
        tree.assert_policies(asserted, any_policy_counts)
        assert graph.is_null is (tree.root is None)
        assert graph.user_constrained(initial) == tree.user_constrained(initial)
        graph.map_policies(certificate, mapping_allowed=mapping_allowed)
        tree.map_policies(mappings, mapping_allowed)


def test_the_graph_stays_small_where_the_tree_doubles_with_every_certificate():
    world, graph = World(), PolicyGraph()
    pair = ("1.1", "1.2")
    crossing = tuple((issuer, subject) for issuer in pair for subject in pair)
    certificate = world.certificate(
        "any", extensions=Extensions(certificate_policies=policies(*pair), policy_mappings=crossing)
    )
    for _ in range(200):
        graph.assert_policies(certificate, any_policy_counts=True)
        graph.map_policies(certificate, mapping_allowed=True)
    assert graph.user_constrained({ANY_POLICY}) == {"1.1", "1.2"}
    assert not graph.is_null
