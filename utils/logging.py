"""JSON logs without personal data, to stdout and to a rotated file of the process."""

import json
import logging
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from utils.masking import redact

# Their INFO lines hold addresses with the bot's token, or one line per request.
_QUIET = ("httpx", "httpx2", "httpcore", "httpcore2", "telegram")
# Who says more than INFO: only our own. At DEBUG libraries log what they send, a model's prompt for instance.
_OURS = frozenset({"contexts", "database", "handlers", "middlewares", "services", "tasks", "utils"})
_FIELDS_OF_EVERY_RECORD = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}


class RedactingFilter(logging.Filter):
    """Redacts the message with its arguments, the traceback and extra fields of every record it sees."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the record's texts by redacted ones; lets every record through."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError, KeyError):
            message = f"{record.msg} {record.args!r}"
        record.msg, record.args = redact(message), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        for name, value in _extra(record).items():
            record.__dict__[name] = _redacted(value)
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line: ts (UTC), level, logger, msg, part, trace_id, span_id, exc, stack, extras."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self._part = part

    def format(self, record: logging.LogRecord) -> str:
        """Write `record` as a line of JSON; what JSON does not know becomes its `str`."""
        line: dict[str, Any] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "msg": record.getMessage(),
            "part": self._part,
            **_trace_ids(),
        }
        if record.exc_text:
            line["exc"] = record.exc_text
        if record.stack_info:
            line["stack"] = record.stack_info
        line.update({name: value for name, value in _extra(record).items() if name not in line})
        text = json.dumps(line, ensure_ascii=False, default=str)
        # Half a surrogate pair cannot be written as UTF-8.
        return text.encode(errors="backslashreplace").decode()


class _Forgiving(logging.Handler):
    """Drops what cannot be written, counts it, and says so once on stderr: logging never breaks the work."""

    dropped = 0

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Count a record that was lost and let the handler start afresh with the next one."""
        self.dropped += 1
        if self.dropped == 1:
            with suppress(OSError, ValueError, AttributeError):
                sys.stderr.write(f"log lines are being dropped by {self!r} ({record.name}): {sys.exc_info()[1]}\n")
        self.start_afresh()

    def start_afresh(self) -> None:
        """Forget what is half written."""


class _Stdout(_Forgiving, logging.StreamHandler[Any]):
    pass


class _File(_Forgiving, RotatingFileHandler):
    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()

    def start_afresh(self) -> None:
        stream, self.stream = self.stream, None
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.close()


@dataclass(frozen=True)
class LogOutput:
    """The handlers that `setup_logging` put in place."""

    handlers: tuple[_Forgiving, ...]

    @property
    def dropped(self) -> int:
        """How many lines could not be written."""
        return sum(handler.dropped for handler in self.handlers)

    def close(self) -> None:
        """Take the handlers away again."""
        for handler in self.handlers:
            logging.getLogger().removeHandler(handler)
            handler.close()


def setup_logging(
    part: str, level: str, folder: Path | None, *, max_bytes: int = 10_000_000, backups: int = 5
) -> LogOutput:
    """Log to stdout and, with a folder, to `<folder>/<part>.log`, rotated at `max_bytes`.

    `part` names the process; no two running processes may share it, since each rotates its own file.
    Of libraries nothing below INFO is logged. Calling it again replaces the earlier handlers. Raises ValueError for an
    unknown level.
    """
    root = logging.getLogger()
    root.setLevel(level.upper())
    handlers: list[_Forgiving] = [_Stdout(sys.stdout)]
    if folder is not None:
        file = folder / f"{part}.log"
        handlers.append(_File(file, maxBytes=max_bytes, backupCount=backups, encoding="utf-8", delay=True))
    LogOutput(tuple(handler for handler in root.handlers if isinstance(handler, _Forgiving))).close()
    for handler in handlers:
        handler.addFilter(_at_most_info_of_others)
        handler.addFilter(RedactingFilter())
        handler.setFormatter(JsonFormatter(part))
        root.addHandler(handler)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    return LogOutput(tuple(handlers))


def _at_most_info_of_others(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.INFO or record.name.partition(".")[0] in _OURS


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _FIELDS_OF_EVERY_RECORD}


def _redacted(value: object) -> object:
    match value:
        case None | bool() | float():
            return value
        case int():
            text = str(value)
            clean = redact(text)
            return value if clean == text else clean
        case Mapping():
            return {redact(str(name)): _redacted(item) for name, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_redacted(item) for item in value]
        case _:
            return redact(str(value))


def _trace_ids() -> dict[str, str]:
    trace = sys.modules.get("opentelemetry.trace")  # a process that does not trace need not import it
    if trace is None:
        return {}
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return {}
    return {"trace_id": f"{context.trace_id:032x}", "span_id": f"{context.span_id:016x}"}
