"""Commands of `manage.py` in processes forked from one that has its modules: reading them is most of what one costs."""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path
from subprocess import CalledProcessError, TimeoutExpired
from tempfile import TemporaryDirectory

from config import ROOT
from manage import main

_LONGEST = 180.0  # seconds for a command, on a busy machine


def manage(environment: Mapping[str, str], arguments: Sequence[str]) -> str:
    """Run a command in a process of its own and return what it printed.

    Raises CalledProcessError for one that failed, TimeoutExpired for one that does not end. It ends as a fork does,
    with connections open: what it wrote to SQLite is whole, but may stand in the log beside the file.
    """
    with TemporaryDirectory() as name:
        said, complained = Path(name) / "out", Path(name) / "err"
        process = _warm().Process(target=_run, args=(dict(environment), tuple(arguments), said, complained))
        process.start()
        process.join(_LONGEST)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutExpired(["manage.py", *arguments], _LONGEST)
        code = process.exitcode
        process.close()
        if code:
            raise CalledProcessError(code, ["manage.py", *arguments], said.read_text(), complained.read_text())
        return said.read_text()


@cache
def _warm() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def _run(environment: Mapping[str, str], arguments: Sequence[str], said: Path, complained: Path) -> None:
    """Be `manage.py`: nothing of the environment, the folder or the streams of whoever asked is left."""
    for stream, file in ((1, said), (2, complained)):
        opened = os.open(file, os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, stream)
        os.close(opened)
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["manage.py", *arguments]
    sys.exit(main())
