"""What happens around messages: drafts, actions, buttons, keyboards, groups, blocks, menus and pins."""

from collections.abc import Callable

from sandbox.client import SandboxClient
from sandbox.settings import Settings

ANNA, BORIS, GROUP = 71, 72, -100500

INLINE = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
CONTACT = {"keyboard": [[{"text": "My number", "request_contact": True}]]}


def test_a_draft_stays_until_the_next_message(anna: SandboxClient) -> None:
    anna.result("sendMessageDraft", chat_id=ANNA, draft_id=1, text="<b>Wri</b>", parse_mode="HTML")
    draft = anna.chat(ANNA)["draft"]
    assert (draft["draft_id"], draft["text"], draft["html"]) == (1, "Wri", "<b>Wri</b>")
    anna.write(ANNA, text="Written")
    assert anna.chat(ANNA)["draft"] is None
    assert "draft_id must be non-zero" in anna.refusal("sendMessageDraft", chat_id=ANNA, draft_id=0, text="x")


def test_chat_actions_are_seen_with_their_time(anna: SandboxClient) -> None:
    after = anna.chat(ANNA)["seq"]
    anna.result("sendChatAction", chat_id=ANNA, action="typing")
    (action,) = anna.chat(ANNA, after, wait=5, for_any=True)["actions"]
    assert (action["action"], action["at"] > 0, action["seq"] > after) == ("typing", True, True)
    assert "wrong parameter action" in anna.refusal("sendChatAction", chat_id=ANNA, action="dancing")


def test_a_button_is_answered_once(anna: SandboxClient) -> None:
    message_id = anna.write(ANNA, reply_markup=INLINE)
    pressed = anna.send(ANNA, button={"message_id": message_id, "data": "yes"})
    update = anna.result("getUpdates", offset=pressed["update_id"])[0]
    query = update["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["message_id"]) == ("yes", ANNA, message_id)
    anna.result("answerCallbackQuery", callback_query_id=query["id"], text="Done", show_alert=True)
    (toast,) = anna.chat(ANNA)["toasts"]
    assert (toast["text"], toast["show_alert"]) == ("Done", True)
    assert "query is too old" in anna.refusal("answerCallbackQuery", callback_query_id=query["id"])


def test_a_late_answer_to_a_button_is_refused(start: Callable[[Settings], SandboxClient]) -> None:
    sandbox = start(Settings(port=0, page=False, callback_seconds=0))
    sandbox.send(ANNA, text="/start")
    sandbox.send(ANNA, button={"message_id": sandbox.write(ANNA, reply_markup=INLINE), "data": "yes"})
    query = sandbox.result("getUpdates")[-1]["callback_query"]
    assert "query is too old" in sandbox.refusal("answerCallbackQuery", callback_query_id=query["id"])


def test_a_reply_keyboard_stays_on_screen_until_removed(anna: SandboxClient) -> None:
    anna.write(ANNA, reply_markup=CONTACT)
    anna.write(ANNA)
    assert anna.chat(ANNA)["keyboard"] == CONTACT
    anna.write(ANNA, reply_markup={"remove_keyboard": True})
    assert anna.chat(ANNA)["keyboard"] is None


def test_a_number_can_be_requested_in_private_chats_only(anna: SandboxClient) -> None:
    anna.request("PUT", f"/control/chats/{GROUP}", json={"title": "Team"})
    said = anna.refusal("sendMessage", chat_id=GROUP, text="x", reply_markup=CONTACT)
    assert "phone number can be requested in private chats only" in said
    anna.write(GROUP)
    anna.send(ANNA, text="in the group", chat_id=GROUP)
    assert anna.result("getUpdates")[-1]["message"]["chat"] == {
        "id": GROUP,
        "type": "supergroup",
        "title": "Team",
    }
    assert len(anna.request("GET", f"/control/chats/{GROUP}").json()["messages"]) == 2


def test_a_person_who_blocked_the_bot_is_not_reached(anna: SandboxClient) -> None:
    anna.describe(ANNA, blocked=True)
    assert anna.refusal("sendMessage", chat_id=ANNA, text="x") == "403 Forbidden: bot was blocked by the user"
    member = anna.result("getUpdates")[-1]["my_chat_member"]
    assert member["new_chat_member"]["status"] == "kicked"
    assert anna.request("POST", f"/control/users/{ANNA}/send", json={"text": "x"}).status_code == 422
    anna.describe(ANNA, blocked=False)
    anna.write(ANNA)


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
    assert "BOT_COMMAND_INVALID" in anna.refusal("setMyCommands", commands=menu("No Good"))


def test_pins_and_the_chat_itself(anna: SandboxClient) -> None:
    message_id = anna.write(ANNA)
    anna.result("pinChatMessage", chat_id=ANNA, message_id=message_id)
    assert anna.chat(ANNA)["pinned"] == message_id
    assert anna.result("getChat", chat_id=ANNA)["pinned_message"]["message_id"] == message_id
    anna.result("unpinChatMessage", chat_id=ANNA)
    assert anna.chat(ANNA)["pinned"] is None
    assert "message to unpin not found" in anna.refusal("unpinChatMessage", chat_id=ANNA)
    assert "message to pin not found" in anna.refusal("pinChatMessage", chat_id=ANNA, message_id=1)
