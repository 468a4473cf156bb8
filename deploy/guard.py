"""An exec shim that ties a command's life to its parent's: the kernel signals it when the parent dies.

However the parent dies. Linux only (`prctl(2)`, PR_SET_PDEATHSIG); elsewhere the command starts unguarded.
The kernel watches the *thread* that started the child, so guarded commands are started from the main thread.
The shim runs without site packages, in about 50 ms.
"""

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1


def guarded(
    command: Sequence[str], death_signal: signal.Signals = signal.SIGKILL, *, user: str | None = None
) -> list[str]:
    """Return a command line that becomes `command` (as `user`) and gets `death_signal` when we die."""
    return [
        *(sys.executable, "-I", "-S", __file__),
        *(str(int(death_signal)), str(os.getpid()), user or ""),
        *command,
    ]


def _become(death_signal: int, parent: int, user: str, command: Sequence[str]) -> None:
    if user:
        entry = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
    if sys.platform == "linux":  # after the change of user, which takes the request away
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # it died before the kernel was asked to watch it
            sys.exit(1)
    os.execvp(command[0], list(command))  # noqa: S606 - replacing this process is the purpose


if __name__ == "__main__":
    _become(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
