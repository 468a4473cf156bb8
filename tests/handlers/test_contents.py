"""What a message holds: files by their kind, formatting, and nothing that is stored unmasked."""

from typing import Any

import pytest

from handlers.routes import match
from handlers.telegram import messages
from services import jobs
from services.jobs_spoken import Share
from services.outbound import File, FileKind
from tests.handlers.updates import message, raw, raw_message, read

FILE = {"file_id": "f", "file_unique_id": "u"}
FILM = FILE | {"width": 1, "height": 1, "duration": 1}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"voice": FILE | {"duration": 1}}, "voice"),
        ({"video_note": FILE | {"length": 1, "duration": 1}}, "video_note"),
        ({"video": FILM}, "video"),
        ({"animation": FILM, "document": FILE}, "animation"),
        ({"photo": [FILE | {"width": 1, "height": 1}], "caption": "my passport"}, "photo"),
        ({"audio": FILE | {"duration": 1}}, "audio"),
        ({"document": FILE}, "document"),
        ({"sticker": FILM | {"type": "regular", "is_animated": False, "is_video": False}}, "sticker"),
    ],
)
def test_files_are_told_by_their_kind(content: dict[str, Any], kind: str) -> None:
    update = message(**content)
    route = match(update)
    assert route is not None
    job = route.handler(update)
    assert isinstance(job, Share)
    assert job.file
    assert (job.file.kind, job.file.id) == (kind, "f")


def test_words_keep_their_formatting_unless_they_hold_a_secret() -> None:
    bold = [{"type": "bold", "offset": 0, "length": 4}]
    assert messages.text(message(text="Dear <bank>", entities=bold)) == jobs.Say(
        text="Dear <bank>", html="<b>Dear</b> &lt;bank&gt;", message_id=1
    )
    job = messages.text(message(text="card 4111 1111 1111 1111", entities=bold))
    assert isinstance(job, jobs.Say)
    assert (job.html, *job.masked) == ("", "card")
    link = [{"type": "text_link", "offset": 0, "length": 4, "url": "https://x.org/4111111111111111"}]
    assert messages.text(message(text="here it is", entities=link)) == jobs.Say(text="here it is", message_id=1)


def test_an_item_of_an_album_has_its_caption_masked_and_its_file_s_name_too() -> None:
    item = message(
        document=FILE | {"file_name": "4111 1111 1111 1111.pdf", "file_size": 5, "mime_type": "application/pdf"},
        caption="CVV 123",
        media_group_id="77",
        reply_to_message=raw_message(message_id=41, text="Your card 4111 1111 1111 1111, please"),
    )
    file = File(kind=FileKind.DOCUMENT, id="f", size=5, mime="application/pdf", name="•••• 1111.pdf")
    assert messages.shared(item) == Share(
        text="CVV •••",
        masked=frozenset({"cvv"}),
        message_id=1,
        reply_to=41,
        quoted="Your card •••• 1111, please",
        file=file,
        album="77",
    )


def test_a_place_that_moves_is_not_an_edit() -> None:
    moved = raw_message(location={"latitude": 1.0, "longitude": 1.0}, edit_date=1)
    assert match(read(raw(edited_message=moved))) is None
