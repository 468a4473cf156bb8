"""The benchmark of a large broadcast still runs: with a few people, on tables as they are now."""

import pytest

from benchmarks.large_broadcast import run
from deploy.servers.postgres import PostgresServer


def test_everybody_is_written_to_and_named(postgres_server: PostgresServer, capsys: pytest.CaptureFixture[str]) -> None:
    run(postgres_server.create_database("large"), 1_000)
    printed = capsys.readouterr().out
    assert "until the first messages are in the outbox" in printed
    assert "the file csv of everybody" in printed
