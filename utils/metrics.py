"""Prometheus metrics of all processes on a machine, served from one port, or of one process.

prometheus_client decides when it is imported, by the environment, whether values live in memory or in files
that processes share. A process that takes part must find `PROMETHEUS_MULTIPROC_DIR` (an existing folder, the
same for all, emptied before the first of them starts) in its environment when it starts: set it where
processes are started, not in Python code that may run after the import.
"""

import errno
import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from wsgiref.simple_server import WSGIServer

from prometheus_client import REGISTRY, CollectorRegistry, Metric, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector


class MetricsError(Exception):
    """Metrics cannot be served."""


class PortTakenError(MetricsError):
    """Another process listens on the port already; `port` is its number."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"port {port} on {host} is taken")
        self.port = port


@dataclass(frozen=True)
class MetricsServer:
    """A running server of `/metrics`."""

    server: WSGIServer
    thread: threading.Thread

    @property
    def port(self) -> int:
        """The port in use, also when any free one was asked for."""
        return self.server.server_port

    def close(self) -> None:
        """Stop serving and free the port."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def serve_metrics(port: int, host: str, directory: Path | None) -> MetricsServer:
    """Serve the metrics of every process that writes to `directory`, from a thread; port 0 takes a free one.

    Of a process that ended its counters stay in the sums, its live gauges go. Without a directory these are the
    metrics of this process, with its memory, processor time and open files.
    Raises PortTakenError, or MetricsError when the folder is not there or the address is not ours.
    """
    registry = REGISTRY if directory is None else _of_all(directory)
    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(host, port) from error
        raise MetricsError(f"cannot listen on {host}:{port}: {error}") from error
    return MetricsServer(server, thread)


class _OfAll(Collector):
    """The metrics of all processes that write to a folder; who is gone, killed perhaps, is forgotten at each look."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._collector = MultiProcessCollector(None, path=str(directory))  # type: ignore[no-untyped-call] # has no types

    def collect(self) -> Iterable[Metric]:
        """Return what the processes have counted, and what the live ones show."""
        names = (file.stem for file in self._directory.glob("gauge_live*_*.db"))  # prometheus_client's own
        for pid in {int(name.rpartition("_")[2]) for name in names}:
            if not _lives(pid):
                with suppress(FileNotFoundError):  # another look was faster
                    mark_process_dead(pid, str(self._directory))  # type: ignore[no-untyped-call] # has no types
        metrics: Iterable[Metric] = self._collector.collect()  # type: ignore[no-untyped-call] # has no types
        return metrics


def _of_all(directory: Path) -> CollectorRegistry:
    registry = CollectorRegistry()
    try:
        registry.register(_OfAll(directory))
    except ValueError:
        raise MetricsError(f"{directory} is not a folder") from None
    return registry


def _lives(pid: int) -> bool:
    """Tell whether a process is there: whoever shares a folder of metrics shares the process ids, too."""
    try:
        os.kill(pid, 0)
    except OSError as error:
        return error.errno != errno.ESRCH
    return True
