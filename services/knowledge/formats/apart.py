"""Reads a document in a process of its own, bounded in time and memory: parsers of formats meet hostile files."""

import os
import resource
import subprocess
import sys
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from services.knowledge import errors
from services.knowledge.errors import KnowledgeError, KnowledgeUnreadableError
from services.knowledge.formats.readers import Format, read_as
from services.knowledge.parse import Parsed

_SECONDS = 60  # of a processor's time
_LONGEST = 180  # seconds by the clock, on a machine that has other work
_BYTES = 1 << 30  # of address space, some 300 MB of which Python and the parsers take
_REFUSED = 3  # the exit code of a child that says on its output why it refused
_INHERITED = ("PATH", "LANG", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH")  # no settings: some are keys
_ROOT = Path(__file__).resolve().parents[3]
_PARSED = TypeAdapter(Parsed)


def read_apart(kind: Format, content: bytes) -> Parsed:
    """Read a document in a child process; raises KnowledgeError, also when the child takes too much or dies."""
    command = [sys.executable, "-m", "services.knowledge.formats.apart", kind]
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and a word of ours
            command, input=content, capture_output=True, timeout=_LONGEST, check=False, cwd=_ROOT, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise KnowledgeUnreadableError(f"The document took more than {_LONGEST} seconds to read.") from error
    if done.returncode == _REFUSED:
        refused, _, sentence = done.stdout.decode().partition("\n")
        raise getattr(errors, refused)(sentence)
    try:
        if done.returncode:
            raise KnowledgeUnreadableError(
                "The document took too much time or memory to read, or is damaged: split it."
            )
        return _PARSED.validate_json(done.stdout)
    except ValidationError as error:
        raise KnowledgeUnreadableError("The document could not be read.") from error


def _child(kind: Format) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    try:
        parsed = read_as(kind, sys.stdin.buffer.read())
    except KnowledgeError as error:
        sys.stdout.write(f"{type(error).__name__}\n{error}")
        return _REFUSED
    sys.stdout.buffer.write(_PARSED.dump_json(parsed))
    return 0


if __name__ == "__main__":
    sys.exit(_child(Format(sys.argv[1])))
