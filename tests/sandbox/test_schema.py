"""The sandbox against the published Bot API schema, where it is at hand: parameters and every answer."""

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import telegram

from sandbox.client import SandboxClient
from sandbox.telegram.methods import HANDLERS
from sandbox.telegram.schema import METHODS

SCHEMA = Path(__file__).parents[2].parent / "shared" / "spec" / "bot-api.json"
ANNA = 71
PLAIN: dict[str, type | tuple[type, ...]] = {
    "Integer": int,
    "String": str,
    "Boolean": bool,
    "True": bool,
    "Float": (int, float),
}

Schema = dict[str, Any]


@pytest.fixture(scope="session")
def schema() -> Schema:
    if not SCHEMA.exists():
        pytest.skip("the published Bot API schema is not at hand")
    loaded: Schema = json.loads(SCHEMA.read_text())
    return loaded


def ptb_parameters(name: str) -> set[str]:
    method = getattr(telegram.Bot, re.sub(r"([A-Z])", lambda found: f"_{found[1].lower()}", name))
    return set(inspect.signature(method).parameters)


def complaints(schema: Schema, value: Any, allowed: list[str], where: str) -> Iterator[str]:
    """Say what is wrong with a value that should be of one of the schema's types."""
    found = [list(_complaints_as(schema, value, kind, where)) for kind in allowed]
    if all(found):
        yield from min(found, key=len)


def _complaints_as(schema: Schema, value: Any, kind: str, where: str) -> Iterator[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            yield f"{where} is no array"
            return
        for number, item in enumerate(value):
            yield from _complaints_as(schema, item, kind.removeprefix("Array of "), f"{where}[{number}]")
    elif kind in PLAIN:
        if not isinstance(value, PLAIN[kind]) or (isinstance(value, bool) and kind in ("Integer", "Float")):
            yield f"{where} is no {kind}: {value!r}"
    else:
        yield from _complaints_about_object(schema, value, kind, where)


def _complaints_about_object(schema: Schema, value: Any, kind: str, where: str) -> Iterator[str]:
    described = schema["types"][kind]
    if described.get("subtypes"):
        yield from complaints(schema, value, described["subtypes"], where)
        return
    fields = {field["name"]: field for field in described.get("fields", [])}
    if not isinstance(value, dict):
        yield f"{where} is no {kind}"
        return
    yield from (
        f"{where}.{name} is missing" for name, field in fields.items() if field["required"] and name not in value
    )
    for name, item in value.items():
        if name in fields:
            yield from complaints(schema, item, fields[name]["types"], f"{where}.{name}")
        else:
            yield f"{where}.{name} is unknown"


@pytest.mark.parametrize("name", sorted(HANDLERS))
def test_the_parameters_are_the_published_ones(schema: Schema, name: str) -> None:
    published = {field["name"]: field for field in schema["methods"][name].get("fields", [])}
    fields = METHODS[name.lower()].model.model_fields
    common = published.keys() & ptb_parameters(name)
    assert not common - fields.keys()
    required = {parameter for parameter in common if published[parameter]["required"]}
    assert {parameter for parameter in common if fields[parameter].is_required()} == required


def exercise(sandbox: SandboxClient) -> Iterator[tuple[str, Any]]:
    """Call every method once, with something to answer; give names and results."""

    def call(name: str, **params: Any) -> Any:
        return name, sandbox.result(name, **params)

    sandbox.limits(chat_per_second=0, bot_per_second=0)
    here = {"chat_id": ANNA}
    sandbox.send(ANNA, text="/start see https://x.org", username="anna_s")
    sandbox.send(ANNA, contact="self")
    sandbox.send(ANNA, sticker="🙂")
    sandbox.send(ANNA, poll={"question": "Why?", "options": ["a", "b"]})
    sandbox.send(ANNA, location={"latitude": 1.5, "longitude": 2})
    for kind in ("photo", "voice", "document"):
        sandbox.send(ANNA, file={"kind": kind, "base64": "eHl6", "caption": "see"})
    keyboard = {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}
    name, message = call("sendMessage", **here, text="<b>x</b>", parse_mode="HTML", reply_markup=keyboard)
    yield name, message
    one = {**here, "message_id": message["message_id"]}
    sandbox.send(ANNA, button={"message_id": message["message_id"], "data": "x"})
    sandbox.send(ANNA, edit={"message_id": sandbox.chat(ANNA)["messages"][0]["message_id"], "text": "y"})
    sandbox.describe(ANNA, blocked=True)
    sandbox.describe(ANNA, blocked=False)
    name, updates = call("getUpdates")
    yield name, updates
    held = {kind: update["message"][kind] for update in updates for kind in update.get("message", {})}
    query = next(update["callback_query"] for update in updates if "callback_query" in update)
    yield call("answerCallbackQuery", callback_query_id=query["id"])
    yield call("sendPhoto", **here, photo=held["photo"][-1]["file_id"], caption="see")
    for kind in ("document", "voice", "sticker"):
        yield call(f"send{kind.title()}", **here, **{kind: held[kind]["file_id"]})
    yield call("getFile", file_id=held["document"]["file_id"])
    yield call("editMessageText", **one, text="z", reply_markup=keyboard)
    yield call("editMessageReplyMarkup", **one)
    for name in ("copyMessage", "forwardMessage"):
        yield call(name, **one, from_chat_id=ANNA)
    yield call("pinChatMessage", **one)
    yield call("getChat", **here)
    yield call("unpinChatMessage", **one)
    yield call("deleteMessage", **one)
    yield call("deleteMessages", **here, message_ids=[message["message_id"]])
    yield call("sendChatAction", **here, action="typing")
    yield call("sendMessageDraft", **here, draft_id=1, text="x")
    yield call("setMyCommands", commands=[{"command": "help", "description": "Help"}])
    yield call("setMyDescription", description="x")
    yield call("setMyShortDescription", short_description="x")
    yield call("setWebhook", url="http://127.0.0.1:9/hook")
    for name in ("getMe", "getMyCommands", "getMyDescription", "getMyShortDescription", "getWebhookInfo"):
        yield call(name)
    yield call("deleteMyCommands")
    yield call("deleteWebhook")


def test_every_answer_is_what_the_schema_says(sandbox: SandboxClient, schema: Schema) -> None:
    called = set()
    for name, result in exercise(sandbox):
        returns = schema["methods"][name]["returns"]
        assert list(complaints(schema, result, returns, name)) == []
        called.add(name)
    assert called == set(HANDLERS)
