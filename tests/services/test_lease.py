"""The heartbeat: claims live for as long as they are held, whatever one beat meets."""

from threading import Event
from uuid import uuid4

import pytest

from database.db import Database
from database.queries.conversation import Claim
from services.lease import Heartbeat
from tests.twins import TwinSignals

ENOUGH = 60.0


class Tripping(TwinSignals):
    """Trips over the first sign; `beaten` is set by the next."""

    def __init__(self) -> None:
        super().__init__()
        self.beaten = Event()

    def typing(self, chat_id: int) -> None:
        """Show nothing at first."""
        first = not self.typings
        super().typing(chat_id)
        if first:
            raise RuntimeError("a mistake of ours")
        self.beaten.set()


def test_a_beat_that_fails_is_not_the_last(sqlite: Database, caplog: pytest.LogCaptureFixture) -> None:
    signals = Tripping()
    heartbeat = Heartbeat(sqlite, signals, lease=0.03)
    with heartbeat.holding(Claim(uuid4(), 1), 1):
        heartbeat.start()
        assert signals.beaten.wait(ENOUGH)
        heartbeat.stop()
    assert "leases could not be extended" in caplog.text
