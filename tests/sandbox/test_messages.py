"""Messages of the bot as the person sees them: sent, refused, edited, deleted."""

from typing import Any

import pytest

from sandbox.client import SandboxClient

ANNA, BORIS = 71, 72

INLINE = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
CONTACT = {"keyboard": [[{"text": "My number", "request_contact": True}]]}


def test_a_message_is_seen_with_its_formatting_and_keyboard(anna: SandboxClient) -> None:
    message_id = anna.write(
        ANNA,
        text="<b>Hi</b> & bye".replace("&", "&amp;"),
        parse_mode="HTML",
        reply_markup=INLINE,
        protect_content=True,
    )
    seen = anna.last(ANNA)
    assert seen.pop("at") > 0
    assert seen.pop("seq") == anna.chat(ANNA)["seq"]
    assert seen == {
        "message_id": message_id,
        "from": "bot",
        "kind": "text",
        "text": "Hi & bye",
        "html": "<b>Hi</b> &amp; bye",
        "content": None,
        "reply_to": None,
        "album": None,
        "reply_markup": INLINE,
        "edited": False,
        "deleted": False,
        "protected": True,
    }


def test_explicit_entities_and_replies(anna: SandboxClient) -> None:
    first = anna.write(ANNA)
    entities = [{"type": "bold", "offset": 0, "length": 2}]
    anna.write(ANNA, text="hi", entities=entities, reply_parameters={"message_id": first})
    assert (anna.last(ANNA)["html"], anna.last(ANNA)["reply_to"]) == ("<b>hi</b>", first)
    said = anna.refusal("sendMessage", chat_id=ANNA, text="x", reply_parameters={"message_id": 1})
    assert said == "400 Bad Request: message to be replied not found"


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities"),
        ({"chat_id": BORIS}, "chat not found"),
        ({"chat_id": "@somebody"}, "chat not found"),
        ({"reply_markup": "{"}, "can't parse reply_markup"),
        (
            {"reply_markup": {"inline_keyboard": [[{"callback_data": "x"}]]}},
            "can't parse reply keyboard markup",
        ),
        ({"reply_markup": {"inline_keyboard": "x"}}, "can't parse reply keyboard markup"),
        ({"entities": [{"type": "bold"}]}, 'parameter "entities" is invalid'),
        ({"reply_markup": {"inline_keyboard": [[{"text": "x"}]]}}, "Text buttons are unallowed"),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": " ", "url": "https://x.org"}]]}},
            "must be non-empty",
        ),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": ""}]]}},
            "BUTTON_DATA_INVALID",
        ),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "ж" * 33}]]}},
            "BUTTON_DATA_INVALID",
        ),
        ({"reply_markup": {"inline_keyboard": [[{"text": "x", "url": "nowhere"}]]}}, "Wrong HTTP URL"),
        ({"reply_markup": {"keyboard": []}}, "keyboard must be non-empty"),
    ],
)
def test_what_telegram_refuses_is_refused(anna: SandboxClient, params: dict[str, Any], said: str) -> None:
    answer = anna.refusal("sendMessage", **{"chat_id": ANNA, "text": "x"} | params)
    assert answer.startswith("400 Bad Request: ")
    assert said in answer


def test_callback_data_of_64_bytes_is_taken(anna: SandboxClient) -> None:
    anna.write(ANNA, reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "ж" * 32}]]})


def test_a_missing_parameter_is_named(anna: SandboxClient) -> None:
    assert anna.refusal("sendMessage", text="x") == "400 Bad Request: chat_id is empty"
    assert anna.refusal("getFile") == '400 Bad Request: parameter "file_id" is required'


def test_tokens_and_method_names(anna: SandboxClient) -> None:
    def status(path: str) -> tuple[int, dict[str, Any]]:
        response = anna.request("GET", path)
        return response.status_code, response.json()

    assert status("/bot1:wrong/getMe") == (
        401,
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
    )
    assert status("/botless/getMe") == (404, {"ok": False, "error_code": 404, "description": "Not Found"})
    assert status(f"/bot{anna.bot_token}/noSuchMethod")[0] == 404
    code, body = status(f"/bot{anna.bot_token}/sendPoll")
    assert (code, body["description"]) == (501, "Not Implemented: the sandbox does not offer sendPoll")
    assert status(f"/bot{anna.bot_token}/GETME")[0] == 200


def test_parameters_may_come_by_query_form_and_json(anna: SandboxClient) -> None:
    path = f"/bot{anna.bot_token}/sendMessage"
    values = {"chat_id": str(ANNA), "text": "hi", "reply_markup": '{"remove_keyboard": true}'}
    for options in (
        {"params": values},
        {"data": values},
        {"json": values},
        {"files": {k: (None, v) for k, v in values.items()}},
    ):
        assert anna.request("POST", path, **options).json()["ok"], options
    assert anna.request("POST", path, content=b"{", headers={"Content-Type": "application/json"}).status_code == 400
    assert len(anna.chat(ANNA)["messages"]) == 5


def test_an_edit_comes_under_a_new_seq(anna: SandboxClient) -> None:
    message_id = anna.write(ANNA, reply_markup=INLINE)
    after = anna.chat(ANNA)["seq"]
    anna.result("editMessageText", chat_id=ANNA, message_id=message_id, text="<i>new</i>", parse_mode="HTML")
    (seen,) = anna.chat(ANNA, after)["messages"]
    assert (seen["message_id"], seen["html"], seen["edited"]) == (message_id, "<i>new</i>", True)
    assert seen["reply_markup"] is None
    anna.result("editMessageReplyMarkup", chat_id=ANNA, message_id=message_id, reply_markup=INLINE)
    assert (anna.last(ANNA)["reply_markup"], anna.last(ANNA)["text"]) == (INLINE, "new")


def test_edits_that_telegram_refuses(anna: SandboxClient) -> None:
    message_id = anna.write(ANNA, reply_markup=INLINE)
    same = {"chat_id": ANNA, "message_id": message_id, "text": "hi"}
    assert "message is not modified" in anna.refusal("editMessageText", **same, reply_markup=INLINE)
    assert "message to edit not found" in anna.refusal("editMessageText", **same | {"message_id": 1})
    own = anna.chat(ANNA)["messages"][0]["message_id"]
    assert "message can't be edited" in anna.refusal("editMessageText", **same | {"message_id": own})
    with_keyboard = anna.write(ANNA, reply_markup=CONTACT)
    assert "message can't be edited" in anna.refusal("editMessageText", **same | {"message_id": with_keyboard})
    assert "message identifier is not specified" in anna.refusal("editMessageText", text="x")


def test_a_deleted_message_comes_again_empty(anna: SandboxClient) -> None:
    message_id = anna.write(ANNA, text="secret")
    after = anna.chat(ANNA)["seq"]
    anna.result("deleteMessage", chat_id=ANNA, message_id=message_id)
    (seen,) = anna.chat(ANNA, after)["messages"]
    assert (seen["message_id"], seen["deleted"], seen["text"], seen["html"]) == (message_id, True, "", "")
    assert "message to delete not found" in anna.refusal("deleteMessage", chat_id=ANNA, message_id=message_id)
    several = [anna.write(ANNA), anna.write(ANNA)]
    anna.result("deleteMessages", chat_id=ANNA, message_ids=[*several, 1])
    assert [message["deleted"] for message in anna.chat(ANNA)["messages"]][-2:] == [True, True]
    assert "too many" in anna.refusal("deleteMessages", chat_id=ANNA, message_ids=list(range(101)))
