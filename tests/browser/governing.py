"""A front with nothing but its staff, for the pages of settings and of the system."""

from collections.abc import Iterator

import pytest

from benchmarks.installation import System
from tests.browser.front import front


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with front(tmp_path_factory.mktemp("governing")) as system:
        yield system
