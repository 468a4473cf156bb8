"""What a process with many threads asks of the C library's allocator."""

import ctypes

_ARENA_MAX = -8  # malloc.h
_ARENAS = 2


def share_arenas() -> None:
    """Let all threads take memory from two arenas; does nothing where malloc is not glibc's.

    By itself glibc makes eight a core, of which each keeps what was free in it. They spare threads waiting for each
    other, which those of the interpreter do anyway.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(_ARENA_MAX, _ARENAS)
