"""What the launcher shows and keeps: its own lines and warnings on the terminal, everything in `logs/launcher.log`."""

import json
import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

_FILE_BYTES = 5_000_000
_FILES = 3


class Console:
    """Sorts lines: lifecycle and warnings to the terminal (all with `verbose`), all of them to a rotated file."""

    def __init__(self, folder: Path, *, verbose: bool, terminal: TextIO = sys.stdout) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._log = logging.Logger("launcher", logging.DEBUG)  # noqa: LOG001 - apart from the root's handlers
        screen = logging.StreamHandler(terminal)
        screen.setLevel(logging.DEBUG if verbose else logging.INFO)
        screen.setFormatter(logging.Formatter("%(message)s"))
        file = RotatingFileHandler(folder / "launcher.log", maxBytes=_FILE_BYTES, backupCount=_FILES, encoding="utf-8")
        file.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        self._log.handlers = [screen, file]

    def say(self, text: str) -> None:
        """Show a line of the launcher's own."""
        self._log.info(text)

    def part_says(self, part: str, line: str) -> None:
        """Take a line of a part: a JSON record at warning level or above is shown by its message."""
        record = _json_record(line)
        name = str(record.get("level"))
        level = logging.getLevelNamesMapping().get(name, logging.DEBUG)
        if level >= logging.WARNING:
            self._log.warning("%-10s| %s %s", part, name, record.get("msg", line))
        else:
            self._log.debug("%-10s| %s", part, line)

    def close(self) -> None:
        """Flush and close the file."""
        for handler in self._log.handlers:
            handler.close()


def _json_record(line: str) -> dict[str, object]:
    if not line.startswith("{"):
        return {}
    try:
        record = json.loads(line)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}
