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
FILES = ("animation", "photo", "voice", "document", "video", "audio", "video_note")
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


KEYBOARD = {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}


def people_act(sandbox: SandboxClient, message_id: int) -> None:
    """Let Anna do everything that makes an update."""
    acts: tuple[dict[str, Any], ...] = (
        {"text": "/start see https://x.org", "username": "anna_s"},
        {"contact": "self"},
        {"sticker": "🙂"},
        {"poll": {"question": "Why?", "options": ["a", "b"]}},
        {"location": {"latitude": 1.5, "longitude": 2}},
        {"dice": "🎲"},
        *({"file": {"kind": kind, "base64": "eHl6", "caption": "<b>see</b>"}, "html": True} for kind in FILES),
        {"album": [{"kind": "photo", "base64": "eHl6"}, {"kind": "video", "base64": "eHl6"}]},
        {"button": {"message_id": message_id, "data": "x"}},
    )
    for act in acts:
        done = sandbox.send(ANNA, **act)
        if "text" in act:
            sandbox.send(ANNA, edit={"message_id": done["message_id"], "text": "y"})
    sandbox.describe(ANNA, blocked=True)
    sandbox.describe(ANNA, blocked=False)


def calls(message_id: int, updates: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every method but those that were needed to come so far, with parameters that have an answer."""
    here, one = {"chat_id": ANNA}, {"chat_id": ANNA, "message_id": message_id}
    held = {kind: update["message"][kind] for update in updates for kind in update.get("message", {})}
    query = next(update["callback_query"] for update in updates if "callback_query" in update)
    yield "answerCallbackQuery", {"callback_query_id": query["id"]}
    photo = held["photo"][-1]["file_id"]
    yield "sendPhoto", {**here, "photo": photo, "caption": "see"}
    for kind in ("document", "voice", "sticker", "video", "animation", "audio"):
        yield f"send{kind.title()}", {**here, kind: held[kind]["file_id"]}
    yield "sendVideoNote", {**here, "video_note": held["video_note"]["file_id"]}
    yield "sendMediaGroup", {**here, "media": [{"type": "photo", "media": photo, "caption": "see"}] * 2}
    yield "sendLocation", {**here, "latitude": 1, "longitude": 2}
    yield "sendVenue", {**here, "latitude": 1, "longitude": 2, "title": "Branch", "address": "Main St 1"}
    yield "sendContact", {**here, "phone_number": "+79001234567", "first_name": "Boris"}
    yield "getFile", {"file_id": held["document"]["file_id"]}
    yield "editMessageText", {**one, "text": "z", "reply_markup": KEYBOARD}
    yield "editMessageReplyMarkup", one
    for name in ("copyMessage", "forwardMessage"):
        yield name, {**one, "from_chat_id": ANNA}
    yield from (("pinChatMessage", one), ("getChat", here), ("unpinChatMessage", one), ("deleteMessage", one))
    yield "deleteMessages", {**here, "message_ids": [message_id]}
    yield "sendChatAction", {**here, "action": "typing"}
    yield "sendMessageDraft", {**here, "draft_id": 1, "text": "x"}
    yield "setMyCommands", {"commands": [{"command": "help", "description": "Help"}]}
    yield "setMyDescription", {"description": "x"}
    yield "setMyShortDescription", {"short_description": "x"}
    yield "setWebhook", {"url": "http://127.0.0.1:9/hook", "allowed_updates": ["message"]}
    for name in ("getMe", "getMyCommands", "getMyDescription", "getMyShortDescription", "getWebhookInfo"):
        yield name, {}
    yield from (("deleteMyCommands", {}), ("deleteWebhook", {}))


def changes(photo: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the methods that change a file that was sent."""
    one = {"chat_id": ANNA, "message_id": photo["message_id"]}
    yield "editMessageCaption", {**one, "caption": "look"}
    yield "editMessageMedia", {**one, "media": {"type": "photo", "media": photo["photo"][-1]["file_id"]}}


def test_every_answer_is_what_the_schema_says(sandbox: SandboxClient, schema: Schema) -> None:
    sandbox.limits(chat_per_second=0, bot_per_second=0)
    sandbox.send(ANNA, text="/start")
    message = sandbox.result("sendMessage", chat_id=ANNA, text="<b>x</b>", parse_mode="HTML", reply_markup=KEYBOARD)
    people_act(sandbox, message["message_id"])
    updates = sandbox.result("getUpdates")
    results = {"sendMessage": message, "getUpdates": updates}
    for name, params in calls(message["message_id"], updates):
        results[name] = sandbox.result(name, **params)
    for name, params in changes(results["sendPhoto"]):
        results[name] = sandbox.result(name, **params)
    assert results.keys() == HANDLERS.keys()
    for name, result in results.items():
        assert list(complaints(schema, result, schema["methods"][name]["returns"], name)) == []
