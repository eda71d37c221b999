"""The fuzz targets take their seeds, and a few damaged ones, as they take what a fuzzer finds."""

import pytest

from tests.fuzz.targets import targets
from tests.mutations import damaged

NAMES = [each.name for each in targets()]


@pytest.mark.parametrize("name", NAMES)
def test_the_target_takes_its_seeds(name, rng, tmp_path):
    (target,) = [each for each in targets() if each.name == name]
    assert target.seeds
    for seed in target.seeds:
        target.run(seed)
    laid = sorted(target.lay_seeds(tmp_path).iterdir())
    assert len(laid) == len(target.seeds)
    for _ in range(20):
        target.once(damaged(rng, rng.choice(target.seeds)))
