from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.ca.world import World


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.database.close()


@pytest.fixture
def world(empty: World) -> World:
    empty.establish()
    return empty
