"""Metrics of several processes come out of one port."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from utils.metrics import MetricsError, PortTakenError, serve_metrics

ROOT = Path(__file__).parents[2]
PROCESS = """
from prometheus_client import Counter, Gauge, Histogram
import os
Counter("jobs", "Jobs done", ["queue"]).labels("inbox").inc(2)
Gauge("busy", "Slots in use", multiprocess_mode="livesum").set(3)
Histogram("wait_seconds", "Waits", buckets=(0.1, 0.25)).observe(0.2)
print(os.getpid(), flush=True)
input()
"""


def process(directory: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(directory), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", PROCESS],
        env=environment,
        cwd=directory,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def scrape(port: int) -> list[str]:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as answer:
        return [line for line in answer.read().decode().splitlines() if not line.startswith("#")]


def test_processes_are_summed_and_the_dead_leave_the_live_gauges(tmp_path: Path) -> None:
    server = serve_metrics(0, "127.0.0.1", tmp_path)
    first, second = process(tmp_path), process(tmp_path)
    with first, second:
        for started in (first, second):
            assert started.stdout
            assert int(started.stdout.readline()) == started.pid
        lines = scrape(server.port)
        assert 'jobs_total{queue="inbox"} 4.0' in lines
        assert "busy 6.0" in lines
        assert 'wait_seconds_bucket{le="0.25"} 2.0' in lines
        first.kill()
        first.wait(60)
        lines = scrape(server.port)
        assert "busy 3.0" in lines
        assert 'jobs_total{queue="inbox"} 4.0' in lines
        second.communicate("\n", timeout=60)
    server.close()


def test_a_process_may_serve_its_own() -> None:
    server = serve_metrics(0, "127.0.0.1", None)
    lines = scrape(server.port)
    server.close()
    assert any(line.startswith("process_resident_memory_bytes ") for line in lines)


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=str(port)) as error:
            serve_metrics(port, "127.0.0.1", tmp_path)
    assert error.value.port == port


def test_a_closed_server_frees_its_port(tmp_path: Path) -> None:
    server = serve_metrics(0, "127.0.0.1", tmp_path)
    port = server.port
    server.close()
    serve_metrics(port, "127.0.0.1", tmp_path).close()


def test_a_folder_or_an_address_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MetricsError, match="missing"):
        serve_metrics(0, "127.0.0.1", tmp_path / "missing")
    with pytest.raises(MetricsError, match=r"203\.0\.113\.1"):
        serve_metrics(0, "203.0.113.1", tmp_path)
