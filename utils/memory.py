"""What a process with many threads asks of the C library: to keep little memory that nobody uses."""

import ctypes

_TRIM_THRESHOLD, _ARENA_MAX = -1, -8  # mallopt(3)
_FREE = 128 * 1024  # bytes at the end of the heap that are kept; once set, glibc does not raise it by itself any more
_ARENAS = 2  # glibc would make sixteen on two cores; threads that wait for the interpreter do not wait for each other


def keep_little() -> None:
    """Have free memory go back to the system and threads share few arenas; does nothing where malloc is not glibc's."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(_ARENA_MAX, _ARENAS)
        libc.mallopt(_TRIM_THRESHOLD, _FREE)


def give_back() -> None:
    """Give memory that is free amid the heap back to the system; does nothing where malloc is not glibc's."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)
