"""What a process asks of the C library, asked in processes of their own: there is no way back."""

import platform
import subprocess
import sys

import pytest

from tests.house.sources import ROOT

_SCRIPT = """
import ctypes
from threading import Barrier, Thread
from utils.memory import share_arenas
{}
everybody = Barrier(9)
def work():
    held = bytearray(5000)  # more than Python's own allocator serves
    everybody.wait()
threads = [Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
everybody.wait()
libc = ctypes.CDLL(None)
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library keeps memory in ways of its own")
def test_threads_share_few_arenas() -> None:
    assert _arenas("share_arenas()") <= 2 < _arenas("")


def _arenas(first: str) -> int:
    script = [sys.executable, "-c", _SCRIPT.format(first)]
    done = subprocess.run(script, cwd=ROOT, env={}, capture_output=True, text=True, check=True)
    return done.stdout.count("<heap nr=")
