"""Files of either side, copies and forwards."""

import base64

import pytest

from sandbox.client import SandboxClient

ANNA, BORIS = 71, 72


@pytest.mark.parametrize("kind", ["photo", "document", "voice"])
def test_a_file_of_the_bot_is_uploaded_seen_and_sent_again(anna: SandboxClient, kind: str) -> None:
    method, content = f"send{kind.title()}", b"\x00\xffcontent"
    options = {
        "data": {"chat_id": ANNA, "caption": "<b>see</b>", "parse_mode": "HTML"},
        "files": {kind: ("a.bin", content)},
    }
    answer = anna.request("POST", f"/bot{anna.bot_token}/{method}", **options).json()
    assert answer["ok"], answer
    seen = anna.last(ANNA)
    assert (seen["kind"], seen["text"], seen["html"]) == (kind, "see", "<b>see</b>")
    held = answer["result"][kind]
    file_id = (held[-1] if isinstance(held, list) else held)["file_id"]
    assert anna.request("GET", f"/control/files/{file_id}").content == content
    path = anna.result("getFile", file_id=file_id)["file_path"]
    assert anna.request("GET", f"/file/bot{anna.bot_token}/{path}").content == content
    anna.result(method, chat_id=ANNA, **{kind: file_id})
    assert "message caption is too long" in anna.refusal(method, chat_id=ANNA, caption="x" * 1025, **{kind: file_id})
    assert "there is no text in the message" in anna.refusal(
        "editMessageText", chat_id=ANNA, message_id=seen["message_id"], text="x"
    )


def test_files_that_cannot_be_sent(anna: SandboxClient) -> None:
    assert "wrong file identifier" in anna.refusal("sendPhoto", chat_id=ANNA, photo="unknown")
    assert "failed to get HTTP URL" in anna.refusal("sendPhoto", chat_id=ANNA, photo="https://x.org/a.png")
    sent = anna.send(ANNA, file={"kind": "voice", "base64": base64.b64encode(b"x").decode()})
    voice = anna.result("getUpdates", offset=sent["update_id"])[0]["message"]["voice"]
    assert "can't use file of type" in anna.refusal("sendPhoto", chat_id=ANNA, photo=voice["file_id"])
    assert "invalid file_id" in anna.refusal("getFile", file_id="unknown")
    assert anna.request("GET", f"/file/bot{anna.bot_token}/photos/none.jpg").status_code == 404


def test_copies_and_forwards(anna: SandboxClient) -> None:
    anna.send(BORIS, text="hello from Boris")
    source = {"from_chat_id": BORIS, "message_id": anna.last(BORIS)["message_id"]}
    copy = anna.result("copyMessage", chat_id=ANNA, **source)
    assert (anna.last(ANNA)["message_id"], anna.last(ANNA)["text"]) == (copy["message_id"], "hello from Boris")
    forwarded = anna.result("forwardMessage", chat_id=ANNA, **source)
    assert forwarded["forward_origin"]["sender_user"]["id"] == BORIS
    protected = {"from_chat_id": ANNA, "message_id": anna.write(ANNA, protect_content=True)}
    assert "can't be copied" in anna.refusal("copyMessage", chat_id=BORIS, **protected)
    assert "can't be forwarded" in anna.refusal("forwardMessage", chat_id=BORIS, **protected)
    assert "message to copy not found" in anna.refusal("copyMessage", chat_id=ANNA, from_chat_id=BORIS, message_id=1)
