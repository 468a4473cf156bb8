"""A model that takes a fixed time and next to none of the cores: `python -m benchmarks.bench.model PORT SECONDS`.

It speaks as much of the chat completions API as the bot asks for: one call of the tool, whole or as a stream.
"""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.installation import ROOT, wait_until
from deploy.guard import guarded
from deploy.servers.process import free_port

_ARGUMENTS = json.dumps(
    {"kind": "answer", "text": "Обслуживание карты «Маяк» бесплатное.", "sources": [1]}, ensure_ascii=False
)
_USAGE = {"prompt_tokens": 700, "completion_tokens": 40, "total_tokens": 740}
_ENVELOPE = {"id": "chatcmpl-benchmark", "created": 1_795_000_000, "model": "benchmark"}


@contextmanager
def running_model(seconds: float) -> Iterator[str]:
    """Run a model of this latency in a process of its own; yields its base URL."""
    port = free_port()
    command = guarded([sys.executable, "-m", "benchmarks.bench.model", str(port), str(seconds)])
    process = subprocess.Popen(command, cwd=ROOT)  # noqa: S603 - our own module
    try:
        wait_until(lambda: _listens(port), what="the model")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(10)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def serve(port: int, seconds: float) -> None:
    """Answer every request after so many seconds."""

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
                body = json.loads(await reader.readexactly(length))
                await asyncio.sleep(seconds)
                writer.write(_streamed(body) if body.get("stream") else _whole())
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(connection, "127.0.0.1", port, backlog=256)
    await server.serve_forever()


def _whole() -> bytes:
    call = {"id": "call_1", "type": "function", "function": {"name": "reply", "arguments": _ARGUMENTS}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls"}
    completion = {**_ENVELOPE, "object": "chat.completion", "choices": [choice], "usage": _USAGE}
    return _response("application/json", json.dumps(completion, ensure_ascii=False).encode())


def _streamed(body: dict[str, Any]) -> bytes:
    function = {"name": "reply", "arguments": _ARGUMENTS}
    call = {"index": 0, "id": "call_1", "type": "function", "function": function}
    delta = {"role": "assistant", "content": None, "tool_calls": [call]}
    choices: list[list[dict[str, Any]]] = [
        [{"index": 0, "delta": delta, "finish_reason": None}],
        [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}],
    ]
    chunks = [{**_ENVELOPE, "object": "chat.completion.chunk", "choices": choice} for choice in choices]
    if (body.get("stream_options") or {}).get("include_usage"):
        chunks.append({**_ENVELOPE, "object": "chat.completion.chunk", "choices": [], "usage": _USAGE})
    lines = [f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n" for chunk in chunks]
    return _response("text/event-stream", "".join([*lines, "data: [DONE]\n\n"]).encode())


def _response(kind: str, body: bytes) -> bytes:
    return f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
