"""What the model says is checked before anybody believes it, and counted: answers that no good server gives."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from prometheus_client import REGISTRY

from services.errors import ModelError
from services.ports import Draft
from tests.services.test_openai_service import model_at, prompt


class _Scripted(ThreadingHTTPServer):
    """Answers every call with the same JSON."""

    answer: object = None


class _Handler(BaseHTTPRequestHandler):
    server: _Scripted

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps(self.server.answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
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
    assert model_at(answering(_completion(ANSWER))).reply(prompt()) == Draft("answer", "Free.", (1, 2), "scripted")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (_completion(ANSWER | {"sources": [3]}), "unknown source"),
        (_completion(ANSWER | {"sources": [0]}), "unknown source"),
        (_completion(ANSWER | {"text": " \n"}), "empty answer"),
        (_completion(ANSWER | {"kind": "guess"}), "ValidationError"),
        (_completion(ANSWER | {"sources": ["first"]}), "ValidationError"),
        (_completion("{"), "JSONDecodeError"),
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
    with pytest.raises(ModelError, match=error):
        model_at(answering(answer)).reply(prompt())


def test_tokens_and_their_cost_are_counted(answering: Callable[[object], str]) -> None:
    before = _counted()
    model_at(answering(_completion({"kind": "answer", "text": "Free.", "sources": [1]}))).reply(prompt())
    tokens_in, tokens_out, cost = (now - then for now, then in zip(_counted(), before, strict=True))
    assert (tokens_in, tokens_out) == (2000, 100)
    assert cost == pytest.approx((2000 * 3.0 + 100 * 15.0) / 1_000_000)


def _counted() -> list[float]:
    names = [("bot_model_tokens_total", {"direction": "in"}), ("bot_model_tokens_total", {"direction": "out"})]
    return [REGISTRY.get_sample_value(name, labels) or 0.0 for name, labels in [*names, ("bot_model_cost_total", {})]]
