"""What every test of the services leaves behind is put away here."""

from collections.abc import Iterator

import pytest

from tests.services.messenger import messenger, sandbox
from tests.services.modelling import end_connections

__all__ = ["messenger", "sandbox"]


@pytest.fixture(autouse=True)
def _connections_to_models() -> Iterator[None]:
    yield
    end_connections()
