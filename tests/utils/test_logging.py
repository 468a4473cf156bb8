"""Log lines are JSON, carry no personal data, and a disk that is full stops nothing."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace

from utils.logging import RedactingFilter, setup_logging

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-pc"
CANARIES = [TOKEN, "+7 912 345-67-89", "4111 1111 1111 1111", "ivan@example.ru"]
log = logging.getLogger("tests.area")


@contextmanager
def suppress_and_log() -> Iterator[None]:
    try:
        yield
    except ValueError:
        log.exception("failed")


@pytest.fixture(autouse=True)
def clean_logging() -> Iterator[None]:
    root, level = logging.getLogger(), logging.getLogger().level
    yield
    for handler in [handler for handler in root.handlers if hasattr(handler, "dropped")]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_line_has_the_named_fields(capsys: pytest.CaptureFixture[str]) -> None:
    setup_logging("front", "info", None)
    log.info("took %d rows", 3, extra={"rows": 3, "kind": "text", "ok": True})
    (line,) = lines(capsys)
    assert line.pop("ts").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "logger": "tests.area",
        "msg": "took 3 rows",
        "part": "front",
        "rows": 3,
        "kind": "text",
        "ok": True,
    }


def test_the_current_span_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    setup_logging("front", "INFO", None)
    context = trace.SpanContext(trace_id=0xABC, span_id=0xDEF, is_remote=False)
    with trace.use_span(trace.NonRecordingSpan(context)):
        log.info("inside")
    log.info("outside")
    inside, outside = lines(capsys)
    assert (inside["trace_id"], inside["span_id"]) == (f"{0xABC:032x}", f"{0xDEF:016x}")
    assert "trace_id" not in outside


@pytest.mark.parametrize("canary", CANARIES)
def test_nothing_personal_gets_out_anywhere(canary: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    output = setup_logging("front", "INFO", tmp_path)
    log.info("in the text: %s", canary)
    log.info(f"formatted before: {canary}")  # noqa: G004 - people do it, and it must be redacted too
    log.info("%(named)s", {"named": canary})
    log.info("extra", extra={"note": canary, "nested": {"list": [canary], canary: 1}, "thing": Path(canary)})
    log.info("with the stack", stack_info=True)
    with suppress_and_log():
        int(canary)
    output.close()
    written = capsys.readouterr().out + (tmp_path / "front.log").read_text(encoding="utf-8")
    assert canary not in written
    assert written.count("\n") == 12
    assert output.dropped == 0


def test_a_phone_given_as_a_number_is_redacted_and_a_count_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    setup_logging("front", "INFO", None)
    log.info("x", extra={"phone": 79123456789, "rows": 79, "seconds": 0.25, "none": None})
    (line,) = lines(capsys)
    assert (line["phone"], line["rows"], line["seconds"], line["none"]) == ("[phone]", 79, 0.25, None)


def test_an_extra_field_cannot_replace_a_named_one(capsys: pytest.CaptureFixture[str]) -> None:
    setup_logging("front", "INFO", None)
    log.info("x", extra={"part": "other", "level": "none"})
    (line,) = lines(capsys)
    assert (line["part"], line["level"]) == ("front", "INFO")


def test_exceptions_are_whole(capsys: pytest.CaptureFixture[str]) -> None:
    setup_logging("front", "INFO", None)
    with suppress_and_log():
        int("many")
    (line,) = lines(capsys)
    assert "Traceback" in line["exc"]
    assert "ValueError: invalid literal for int() with base 10: 'many'" in line["exc"]


def test_half_a_character_is_written(tmp_path: Path) -> None:
    output = setup_logging("front", "INFO", tmp_path)
    for handler in output.handlers:  # past the root logger: the test runner's own handler cannot bear it
        handler.handle(logging.makeLogRecord({"msg": "odd \ud83d end", "levelno": logging.INFO}))
    assert output.dropped == 0
    assert "odd" in (tmp_path / "front.log").read_text(encoding="utf-8")


def test_the_file_is_rotated(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    output = setup_logging("worker-1", "INFO", tmp_path / "new", max_bytes=2_000, backups=2)
    for number in range(100):
        log.info("line %d", number)
    assert output.dropped == 0
    files = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert files == ["worker-1.log", "worker-1.log.1", "worker-1.log.2"]
    assert all(path.stat().st_size <= 2_000 for path in (tmp_path / "new").iterdir())
    assert len(lines(capsys)) == 100


def test_setting_up_again_replaces_the_handlers(capsys: pytest.CaptureFixture[str]) -> None:
    setup_logging("a", "INFO", None)
    setup_logging("b", "INFO", None)
    log.info("once")
    assert [line["part"] for line in lines(capsys)] == ["b"]


def test_talkative_libraries_are_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    setup_logging("front", "DEBUG", None)
    for name in ("httpx", "httpcore.connection", "telegram.ext.Application"):
        logging.getLogger(name).info("request to /bot%s/getMe", TOKEN)
        logging.getLogger(name).warning("loud")
    assert [line["msg"] for line in lines(capsys)] == ["loud"] * 3


def test_at_debug_only_our_own_say_more(capsys: pytest.CaptureFixture[str]) -> None:
    setup_logging("worker", "DEBUG", None)
    for name in ("services.answer", "anthropic._base_client"):
        logging.getLogger(name).debug("what a customer said")
    assert [line["logger"] for line in lines(capsys)] == ["services.answer"]


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="LOUD"):
        setup_logging("front", "loud", None)


def test_a_folder_that_cannot_be_made_drops_and_tells_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    output = setup_logging("front", "INFO", tmp_path / "taken")
    for _ in range(3):
        log.info("goes on")
    out, err = capsys.readouterr()
    assert (output.dropped, out.count("goes on"), err.count("being dropped")) == (3, 3, 1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's always full device")
def test_a_full_disk_drops_and_comes_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "front.log").symlink_to("/dev/full")
    output = setup_logging("front", "INFO", tmp_path)
    for _ in range(3):
        log.info("x" * 20_000)
    assert output.dropped == 3
    (tmp_path / "front.log").unlink()
    log.info("written again")
    output.close()
    assert output.dropped == 3
    (line,) = (tmp_path / "front.log").read_text().splitlines()
    assert json.loads(line)["msg"] == "written again"
    out, err = capsys.readouterr()
    assert (out.count("\n"), err.count("being dropped")) == (4, 1)


class ClosedPipe(io.StringIO):
    """A stdout that nobody reads any more."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(len(text))


def test_a_closed_stdout_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", ClosedPipe())
    output = setup_logging("front", "INFO", None)
    log.info("into nothing")
    assert output.dropped == 1


def test_wrong_arguments_are_redacted_too() -> None:
    record = logging.makeLogRecord({"msg": "none %d", "args": (CANARIES[3],)})
    assert RedactingFilter().filter(record)
    assert record.getMessage() == "none %d ('[e-mail]',)"
