"""What the bot does in chats, as the person sees it: sends, edits, deletions, drafts, buttons, files."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.client import SandboxClient
from sandbox.settings import Settings

ANNA, BORIS, GROUP = 71, 72, -100500

INLINE = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
CONTACT = {"keyboard": [[{"text": "My number", "request_contact": True}]]}


@pytest.fixture
def anna(sandbox: SandboxClient) -> SandboxClient:
    """Give a sandbox where Anna has started the bot."""
    sandbox.send(ANNA, text="/start")
    return sandbox


def say(sandbox: SandboxClient, **params: Any) -> int:
    message_id: int = sandbox.result("sendMessage", **{"chat_id": ANNA, "text": "hi"} | params)["message_id"]
    return message_id


def last(sandbox: SandboxClient, person: int = ANNA) -> dict[str, Any]:
    message: dict[str, Any] = sandbox.chat(person)["messages"][-1]
    return message


def refusal(sandbox: SandboxClient, method: str, **params: Any) -> str:
    answer = sandbox.call(method, **params)
    assert not answer["ok"], answer
    return f"{answer['error_code']} {answer['description']}"


def test_a_message_is_seen_with_its_formatting_and_keyboard(anna: SandboxClient) -> None:
    message_id = say(
        anna,
        text="<b>Hi</b> & bye".replace("&", "&amp;"),
        parse_mode="HTML",
        reply_markup=INLINE,
        protect_content=True,
    )
    seen = last(anna)
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
        "reply_markup": INLINE,
        "edited": False,
        "deleted": False,
        "protected": True,
    }


def test_explicit_entities_and_replies(anna: SandboxClient) -> None:
    first = say(anna)
    entities = [{"type": "bold", "offset": 0, "length": 2}]
    say(anna, text="hi", entities=entities, reply_parameters={"message_id": first})
    assert (last(anna)["html"], last(anna)["reply_to"]) == ("<b>hi</b>", first)
    said = refusal(anna, "sendMessage", chat_id=ANNA, text="x", reply_parameters={"message_id": 1})
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
    answer = refusal(anna, "sendMessage", **{"chat_id": ANNA, "text": "x"} | params)
    assert answer.startswith("400 Bad Request: ")
    assert said in answer


def test_callback_data_of_64_bytes_is_taken(anna: SandboxClient) -> None:
    say(anna, reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "ж" * 32}]]})


def test_a_missing_parameter_is_named(anna: SandboxClient) -> None:
    assert refusal(anna, "sendMessage", text="x") == "400 Bad Request: chat_id is empty"
    assert refusal(anna, "getFile") == '400 Bad Request: parameter "file_id" is required'


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
    message_id = say(anna, reply_markup=INLINE)
    after = anna.chat(ANNA)["seq"]
    anna.result("editMessageText", chat_id=ANNA, message_id=message_id, text="<i>new</i>", parse_mode="HTML")
    (seen,) = anna.chat(ANNA, after)["messages"]
    assert (seen["message_id"], seen["html"], seen["edited"]) == (message_id, "<i>new</i>", True)
    assert seen["reply_markup"] is None
    anna.result("editMessageReplyMarkup", chat_id=ANNA, message_id=message_id, reply_markup=INLINE)
    assert (last(anna)["reply_markup"], last(anna)["text"]) == (INLINE, "new")


def test_edits_that_telegram_refuses(anna: SandboxClient) -> None:
    message_id = say(anna, reply_markup=INLINE)
    same = {"chat_id": ANNA, "message_id": message_id, "text": "hi"}
    assert "message is not modified" in refusal(anna, "editMessageText", **same, reply_markup=INLINE)
    assert "message to edit not found" in refusal(anna, "editMessageText", **same | {"message_id": 1})
    own = anna.chat(ANNA)["messages"][0]["message_id"]
    assert "message can't be edited" in refusal(anna, "editMessageText", **same | {"message_id": own})
    with_keyboard = say(anna, reply_markup=CONTACT)
    assert "message can't be edited" in refusal(anna, "editMessageText", **same | {"message_id": with_keyboard})
    assert "message identifier is not specified" in refusal(anna, "editMessageText", text="x")


def test_a_deleted_message_comes_again_empty(anna: SandboxClient) -> None:
    message_id = say(anna, text="secret")
    after = anna.chat(ANNA)["seq"]
    anna.result("deleteMessage", chat_id=ANNA, message_id=message_id)
    (seen,) = anna.chat(ANNA, after)["messages"]
    assert (seen["message_id"], seen["deleted"], seen["text"], seen["html"]) == (message_id, True, "", "")
    assert "message to delete not found" in refusal(anna, "deleteMessage", chat_id=ANNA, message_id=message_id)
    several = [say(anna), say(anna)]
    anna.result("deleteMessages", chat_id=ANNA, message_ids=[*several, 1])
    assert [message["deleted"] for message in anna.chat(ANNA)["messages"]][-2:] == [True, True]
    assert "too many" in refusal(anna, "deleteMessages", chat_id=ANNA, message_ids=list(range(101)))


def test_a_draft_stays_until_the_next_message(anna: SandboxClient) -> None:
    anna.result("sendMessageDraft", chat_id=ANNA, draft_id=1, text="<b>Wri</b>", parse_mode="HTML")
    draft = anna.chat(ANNA)["draft"]
    assert (draft["draft_id"], draft["text"], draft["html"]) == (1, "Wri", "<b>Wri</b>")
    say(anna, text="Written")
    assert anna.chat(ANNA)["draft"] is None
    assert "draft_id must be non-zero" in refusal(anna, "sendMessageDraft", chat_id=ANNA, draft_id=0, text="x")


def test_chat_actions_are_seen_with_their_time(anna: SandboxClient) -> None:
    after = anna.chat(ANNA)["seq"]
    anna.result("sendChatAction", chat_id=ANNA, action="typing")
    (action,) = anna.chat(ANNA, after, wait=5, for_any=True)["actions"]
    assert (action["action"], action["at"] > 0, action["seq"] > after) == ("typing", True, True)
    assert "wrong parameter action" in refusal(anna, "sendChatAction", chat_id=ANNA, action="dancing")


def test_a_button_is_answered_once(anna: SandboxClient) -> None:
    message_id = say(anna, reply_markup=INLINE)
    pressed = anna.send(ANNA, button={"message_id": message_id, "data": "yes"})
    update = anna.result("getUpdates", offset=pressed["update_id"])[0]
    query = update["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["message_id"]) == ("yes", ANNA, message_id)
    anna.result("answerCallbackQuery", callback_query_id=query["id"], text="Done", show_alert=True)
    (toast,) = anna.chat(ANNA)["toasts"]
    assert (toast["text"], toast["show_alert"]) == ("Done", True)
    assert "query is too old" in refusal(anna, "answerCallbackQuery", callback_query_id=query["id"])


def test_a_late_answer_to_a_button_is_refused(start: Callable[[Settings], SandboxClient]) -> None:
    sandbox = start(Settings(port=0, page=False, callback_seconds=0))
    sandbox.send(ANNA, text="/start")
    sandbox.send(ANNA, button={"message_id": say(sandbox, reply_markup=INLINE), "data": "yes"})
    query = sandbox.result("getUpdates")[-1]["callback_query"]
    assert "query is too old" in refusal(sandbox, "answerCallbackQuery", callback_query_id=query["id"])


def test_a_reply_keyboard_stays_on_screen_until_removed(anna: SandboxClient) -> None:
    say(anna, reply_markup=CONTACT)
    say(anna)
    assert anna.chat(ANNA)["keyboard"] == CONTACT
    say(anna, reply_markup={"remove_keyboard": True})
    assert anna.chat(ANNA)["keyboard"] is None


def test_a_number_can_be_requested_in_private_chats_only(anna: SandboxClient) -> None:
    anna.request("PUT", f"/control/chats/{GROUP}", json={"title": "Team"})
    said = refusal(anna, "sendMessage", chat_id=GROUP, text="x", reply_markup=CONTACT)
    assert "phone number can be requested in private chats only" in said
    say(anna, chat_id=GROUP)
    anna.send(ANNA, text="in the group", chat_id=GROUP)
    assert anna.result("getUpdates")[-1]["message"]["chat"] == {
        "id": GROUP,
        "type": "supergroup",
        "title": "Team",
    }
    assert len(anna.request("GET", f"/control/chats/{GROUP}").json()["messages"]) == 2


def test_a_person_who_blocked_the_bot_is_not_reached(anna: SandboxClient) -> None:
    anna.describe(ANNA, blocked=True)
    assert refusal(anna, "sendMessage", chat_id=ANNA, text="x") == "403 Forbidden: bot was blocked by the user"
    member = anna.result("getUpdates")[-1]["my_chat_member"]
    assert member["new_chat_member"]["status"] == "kicked"
    assert anna.request("POST", f"/control/users/{ANNA}/send", json={"text": "x"}).status_code == 422
    anna.describe(ANNA, blocked=False)
    say(anna)


@pytest.mark.parametrize("kind", ["photo", "document", "voice"])
def test_a_file_of_the_bot_is_uploaded_seen_and_sent_again(anna: SandboxClient, kind: str) -> None:
    method, content = f"send{kind.title()}", b"\x00\xffcontent"
    options = {
        "data": {"chat_id": ANNA, "caption": "<b>see</b>", "parse_mode": "HTML"},
        "files": {kind: ("a.bin", content)},
    }
    answer = anna.request("POST", f"/bot{anna.bot_token}/{method}", **options).json()
    assert answer["ok"], answer
    seen = last(anna)
    assert (seen["kind"], seen["text"], seen["html"]) == (kind, "see", "<b>see</b>")
    held = answer["result"][kind]
    file_id = (held[-1] if isinstance(held, list) else held)["file_id"]
    assert anna.request("GET", f"/control/files/{file_id}").content == content
    path = anna.result("getFile", file_id=file_id)["file_path"]
    assert anna.request("GET", f"/file/bot{anna.bot_token}/{path}").content == content
    anna.result(method, chat_id=ANNA, **{kind: file_id})
    assert "message caption is too long" in refusal(anna, method, chat_id=ANNA, caption="x" * 1025, **{kind: file_id})
    assert "there is no text in the message" in refusal(
        anna, "editMessageText", chat_id=ANNA, message_id=seen["message_id"], text="x"
    )


def test_files_that_cannot_be_sent(anna: SandboxClient) -> None:
    assert "wrong file identifier" in refusal(anna, "sendPhoto", chat_id=ANNA, photo="unknown")
    assert "failed to get HTTP URL" in refusal(anna, "sendPhoto", chat_id=ANNA, photo="https://x.org/a.png")
    sent = anna.send(ANNA, file={"kind": "voice", "base64": base64.b64encode(b"x").decode()})
    voice = anna.result("getUpdates", offset=sent["update_id"])[0]["message"]["voice"]
    assert "can't use file of type" in refusal(anna, "sendPhoto", chat_id=ANNA, photo=voice["file_id"])
    assert "invalid file_id" in refusal(anna, "getFile", file_id="unknown")
    assert anna.request("GET", f"/file/bot{anna.bot_token}/photos/none.jpg").status_code == 404


def test_copies_and_forwards(anna: SandboxClient) -> None:
    anna.send(BORIS, text="hello from Boris")
    source = {"from_chat_id": BORIS, "message_id": last(anna, BORIS)["message_id"]}
    copy = anna.result("copyMessage", chat_id=ANNA, **source)
    assert (last(anna)["message_id"], last(anna)["text"]) == (copy["message_id"], "hello from Boris")
    forwarded = anna.result("forwardMessage", chat_id=ANNA, **source)
    assert forwarded["forward_origin"]["sender_user"]["id"] == BORIS
    protected = {"from_chat_id": ANNA, "message_id": say(anna, protect_content=True)}
    assert "can't be copied" in refusal(anna, "copyMessage", chat_id=BORIS, **protected)
    assert "can't be forwarded" in refusal(anna, "forwardMessage", chat_id=BORIS, **protected)
    assert "message to copy not found" in refusal(anna, "copyMessage", chat_id=ANNA, from_chat_id=BORIS, message_id=1)


def test_the_menu_of_the_narrowest_scope_and_language_is_seen(anna: SandboxClient) -> None:
    def menu(name: str) -> list[dict[str, str]]:
        return [{"command": name, "description": name}]

    anna.result("setMyCommands", commands=menu("all"))
    anna.result("setMyCommands", commands=menu("english"), language_code="en")
    anna.result("setMyCommands", commands=menu("own"), scope={"type": "chat", "chat_id": ANNA})
    anna.describe(BORIS, language_code="en-GB")
    assert anna.chat(ANNA)["commands"] == menu("own")
    assert anna.chat(BORIS)["commands"] == menu("english")
    assert anna.result("getMyCommands", language_code="en") == menu("english")
    for rest in ({}, {"language_code": "en"}, {"scope": {"type": "chat", "chat_id": ANNA}}):
        anna.result("deleteMyCommands", **rest)
    assert anna.chat(ANNA)["commands"] == []
    assert "BOT_COMMAND_INVALID" in refusal(anna, "setMyCommands", commands=menu("No Good"))


def test_pins_and_the_chat_itself(anna: SandboxClient) -> None:
    message_id = say(anna)
    anna.result("pinChatMessage", chat_id=ANNA, message_id=message_id)
    assert anna.chat(ANNA)["pinned"] == message_id
    assert anna.result("getChat", chat_id=ANNA)["pinned_message"]["message_id"] == message_id
    anna.result("unpinChatMessage", chat_id=ANNA)
    assert anna.chat(ANNA)["pinned"] is None
    assert "message to unpin not found" in refusal(anna, "unpinChatMessage", chat_id=ANNA)
    assert "message to pin not found" in refusal(anna, "pinChatMessage", chat_id=ANNA, message_id=1)
