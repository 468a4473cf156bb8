"""What the model says is checked before anybody believes it: answers that no good server gives."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from services.drafts import Draft
from services.errors import ModelAwayError, ModelError
from services.usage import Usage
from tests.services.modelling import prompt, server_at


class _Scripted(ThreadingHTTPServer):
    """Answers every call with the same JSON, or with the same events when they are a text."""

    answer: object = None


class _Handler(BaseHTTPRequestHandler):
    server: _Scripted

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.server.answer
        body = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream" if isinstance(answer, str) else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""


@pytest.fixture
def answering() -> Iterator[Callable[[object], str]]:
    """Give a function that starts a server which says one thing, and returns its address."""
    with _Scripted(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()

        def start(answer: object) -> str:
            server.answer = answer
            return f"http://127.0.0.1:{server.server_address[1]}"

        yield start
        server.shutdown()
        thread.join()


def _completion(arguments: object, **message: object) -> dict[str, object]:
    said = arguments if isinstance(arguments, str) else json.dumps(arguments)
    call = {"id": "1", "type": "function", "function": {"name": "reply", "arguments": said}}
    return {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "scripted",
        "choices": [
            {
                "index": 0,
                "finish_reason": "tool_calls",
                "message": {"role": "assistant", "content": None, "tool_calls": [call], **message},
            }
        ],
        "usage": {"prompt_tokens": 2000, "completion_tokens": 100, "total_tokens": 2100},
    }


ANSWER = {"kind": "answer", "text": "Free.", "sources": [1, 2]}


def test_a_good_answer_of_that_server_is_believed(answering: Callable[[object], str]) -> None:
    draft = server_at(answering(_completion(ANSWER))).ask(prompt(), 10.0, None)
    assert draft == Draft("answer", "Free.", (1, 2), "scripted", usage=Usage(2000, 100))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (_completion(ANSWER | {"sources": [3]}), "unknown source"),
        (_completion(ANSWER | {"sources": [0]}), "unknown source"),
        (_completion(ANSWER | {"text": " \n"}), "empty answer"),
        (_completion(ANSWER | {"kind": "clarify", "text": ""}), "empty answer"),
        (_completion(ANSWER | {"kind": "guess"}), "ValidationError"),
        (_completion(ANSWER | {"sources": ["first"]}), "ValidationError"),
        (_completion("{"), "ValueError"),
        (_completion(ANSWER, tool_calls=None, content="Free."), "IndexError"),
        (_completion(ANSWER, tool_calls=[{"id": "1", "type": "custom", "custom": {"name": "x", "input": ""}}]), "tool"),
        (_completion(ANSWER) | {"choices": []}, "IndexError"),
        ({}, "TypeError"),
        ([], "AttributeError"),
    ],
)
def test_an_answer_that_cannot_be_believed_is_a_model_error(
    answering: Callable[[object], str], answer: object, error: str
) -> None:
    with pytest.raises(ModelError, match=error) as raised:
        server_at(answering(answer)).ask(prompt(), 10.0, None)
    assert not isinstance(raised.value, ModelAwayError), "the server is well"


_CALL = {"index": 0, "function": {"name": "reply", "arguments": json.dumps(ANSWER)}}


def _stream(*events: object) -> str:
    return "".join(f": a comment\n\ndata: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"


def test_a_stream_of_that_server_is_believed_with_what_a_compatible_one_leaves_out(
    answering: Callable[[object], str],
) -> None:
    heard: list[str] = []
    events = ({"choices": [{"delta": {"content": None}}]}, {"choices": [{"delta": {"tool_calls": [_CALL]}}]})
    draft = server_at(answering(_stream(*events))).ask(prompt(), 10.0, heard.append)
    assert draft == Draft("answer", "Free.", (1, 2), "sandbox-chat")
    assert heard == ["Free."]


@pytest.mark.parametrize(
    ("events", "error", "away"),
    [
        ([{"error": {"message": "overloaded"}}], "an error amid the stream", True),
        ([{"choices": [{"delta": {"tool_calls": [{}]}}]}], "KeyError", False),
        ([{"choices": [{"delta": {"content": "Free."}}]}], "ValueError", False),
        ([["no event"]], "AttributeError", False),
    ],
)
def test_a_stream_that_cannot_be_believed_is_a_model_error(
    answering: Callable[[object], str], events: list[object], error: str, *, away: bool
) -> None:
    with pytest.raises(ModelError, match=error) as raised:
        server_at(answering(_stream(*events))).ask(prompt(), 10.0, lambda _: None)
    assert isinstance(raised.value, ModelAwayError) is away
