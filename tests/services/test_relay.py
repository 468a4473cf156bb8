"""Relay: every kind of message reaches the other side whole and in order, and replies find what they answer."""

import pytest

from database.db import Database
from database.models import Author
from services.jobs import Say, ShareContact, Unsupported
from services.jobs_spoken import Share
from services.outbound import Card, File, FileKind, Place
from tests.services.bank import MODERATOR
from tests.services.crossing import CUSTOMER, Line, file

ANNA, BORIS = "<b>👤 Person 1</b>", f"<b>👩‍💼 Person {MODERATOR}</b>"
BOTH = pytest.mark.parametrize(("who", "head"), [(CUSTOMER, ANNA), (MODERATOR, BORIS)], ids=["customer", "moderator"])


@pytest.fixture
def line(database: Database) -> Line:
    line = Line(database)
    line.connect()
    return line


@BOTH
def test_formatted_words_keep_their_formatting(line: Line, who: int, head: str) -> None:
    [message] = line.says(Say(text="so <b>", html="<i>so</i> &lt;b&gt;"), who)
    assert message.html == f"{head}\n<i>so</i> &lt;b&gt;"
    assert message.protected is (who == MODERATOR)


def test_formatted_words_of_any_length_arrive_whole(line: Line) -> None:
    words = [f"word{number}" for number in range(700)]
    messages = line.says(Say(text=" ".join(words), html=f"<i>{' '.join(words)}</i>"), CUSTOMER)
    assert len(messages) > 1
    bodies = [message.html.removeprefix(f"{ANNA}\n<i>").removesuffix("</i>") for message in messages]
    assert " ".join(bodies).split() == words


@BOTH
@pytest.mark.parametrize("kind", [kind for kind in FileKind if kind not in {FileKind.VIDEO_NOTE, FileKind.STICKER}])
def test_a_file_goes_with_its_words_under_a_name(line: Line, kind: FileKind, who: int, head: str) -> None:
    held = file(kind, name="a.pdf", mime="application/pdf")
    [message] = line.says(Share(file=held, text="see", html="<b>see</b>"), who)
    assert (message.html, message.files) == (f"{head}\n<b>see</b>", (held,))
    [message] = line.says(Share(file=held), who)
    assert message.html == head


def test_words_too_long_for_a_caption_follow_the_file(line: Line) -> None:
    first, second = line.says(Share(file=file(), text="a" * 1020), CUSTOMER)
    assert (first.html, bool(first.files)) == (ANNA, True)
    assert (second.html, second.files) == (f"{ANNA}\n{'a' * 1020}", ())


@pytest.mark.parametrize(
    ("job", "told"),
    [
        (Share(file=file(FileKind.VIDEO_NOTE)), "📹"),
        (Share(file=file(FileKind.STICKER, name="👍")), "👍"),
        (Share(place=Place(latitude=55.75, longitude=37.6)), "📍 55.75000, 37.60000"),
    ],
)
def test_what_takes_no_words_is_announced_to_the_moderator_only(line: Line, job: Share, told: str) -> None:
    announced, message = line.says(job, CUSTOMER)
    assert announced.html == f"{ANNA} {told}"
    assert (message.html, message.files, message.place) == ("", (job.file,) if job.file else (), job.place)
    [message] = line.says(job, MODERATOR)
    assert message.protected


@BOTH
def test_a_card_goes_to_the_other_side_and_is_nobody_s_own_phone(line: Line, who: int, head: str) -> None:
    del head
    card = Card(phone="+79123456789", first_name="Olga")
    line.bank.does(ShareContact(phone=card.phone, owner_id=77, shared=Share(card=card)), who)
    assert [message.card for chat, message in line.deliver() if chat != who][-1] == card


@BOTH
def test_what_cannot_cross_is_refused(line: Line, who: int, head: str) -> None:
    del head
    assert line.bank.does(Unsupported(what="poll"), who) == ["en:media.cannot_cross"]
    assert line.bank.does(Unsupported(what="command"), who) == ["en:unsupported.command"]
    assert [chat for chat, _ in line.deliver() if chat != who] == []


@BOTH
@pytest.mark.parametrize(
    ("held", "told"),
    [
        (file(size=11 * 2**20), "en:media.too_large limit=10"),
        (file(FileKind.VIDEO, size=21 * 2**20, mime="video/mp4"), "en:media.too_large limit=20"),
        (file(FileKind.DOCUMENT, name="a.exe", mime="application/pdf"), "en:media.wrong_type types=jpg, pdf, png, txt"),
        (file(FileKind.DOCUMENT, name="a.pdf", mime="text/html"), "en:media.wrong_type types=jpg, pdf, png, txt"),
        (file(FileKind.DOCUMENT, name="", mime=""), "en:media.wrong_type types=jpg, pdf, png, txt"),
    ],
)
def test_files_that_are_too_large_or_could_run_stay_here(
    line: Line, held: File, told: str, who: int, head: str
) -> None:
    del head
    assert line.bank.does(Share(file=held), who) == [told]
    assert [chat for chat, _ in line.deliver() if chat != who] == []


@BOTH
def test_an_album_stays_together_and_in_order(line: Line, who: int, head: str) -> None:
    items = [Share(file=file(number=n), album="77", message_id=n, text=f"photo {n}" * (n < 3)) for n in range(1, 6)]
    for item in items:
        line.bank.accept(item, who)
    line.bank.intake.advance([who])
    assert len([m for m in line.waiting(MODERATOR if who == CUSTOMER else CUSTOMER) if m.files]) == 1
    line.bank.does(Say(text="behind it"), who)
    album, behind = [message for chat, message in line.deliver() if chat != who]
    assert [held.id for held in album.files] == [f"file-{n}" for n in range(1, 6)]
    assert (album.html, [held.html for held in album.files]) == (f"{head}\nphoto 1", ["", "photo 2", "", "", ""])
    assert "behind it" in behind.html


def test_an_album_that_comes_late_goes_on_in_a_second_message(line: Line) -> None:
    [first] = line.says(Share(file=file(number=1), album="77", message_id=1), CUSTOMER)
    [second] = line.says(Share(file=file(number=2), album="77", message_id=2), CUSTOMER)
    assert [len(first.files), len(second.files)] == [1, 1]


def test_an_album_holds_ten(line: Line) -> None:
    for number in range(12):
        line.bank.accept(Share(file=file(number=number), album="77", message_id=number), CUSTOMER)
    line.bank.intake.advance([CUSTOMER])
    assert [len(message.files) for _, message in line.deliver()] == [10, 2]


@BOTH
def test_a_reply_answers_what_stands_for_its_message(line: Line, who: int, head: str) -> None:
    other = MODERATOR if who == CUSTOMER else CUSTOMER
    first = next(line._numbers) + 1
    line.says(Say(text="to you", message_id=31), other)
    [answer] = line.says(Say(text="yes", message_id=41, reply_to=first, quoted="to you"), who)
    assert (answer.reply_to, answer.html) == (31, f"{head}\nyes")
    [again] = line.says(Say(text="and", message_id=42, reply_to=41, quoted="yes"), who)
    assert again.reply_to == first + 1


def test_a_reply_to_a_photo_of_an_album_answers_that_photo(line: Line) -> None:
    first = next(line._numbers) + 1
    for number in (31, 32, 33):
        line.bank.accept(Share(file=file(number=number), album="77", message_id=number), CUSTOMER)
    line.bank.intake.advance([CUSTOMER])
    line.deliver()
    [answer] = line.says(Say(text="this one?", message_id=41, reply_to=first + 1), MODERATOR)
    assert answer.reply_to == 32
    [more] = line.says(Say(text="no, that one", message_id=34, reply_to=33), CUSTOMER)
    assert more.reply_to == first + 2


def test_a_reply_to_what_the_other_side_never_saw_quotes_it(line: Line) -> None:
    [answer] = line.says(Say(text="is it so?", message_id=41, reply_to=7, quoted="Cards are <free>"), CUSTOMER)
    assert answer.reply_to is None
    assert answer.html == f"{ANNA}\n<blockquote>Cards are &lt;free&gt;</blockquote>\nis it so?"


def test_what_a_customer_sent_is_on_record_with_its_file(line: Line) -> None:
    line.says(Share(file=file(FileKind.DOCUMENT, name="a.pdf", mime="application/pdf"), text="see"), CUSTOMER)
    [record] = line.rows(CUSTOMER, Author.CUSTOMER)
    with line.database.reading() as uow:
        assert uow.messages.opened(record) == "📄 a.pdf see"
        [kept] = uow.attachments.not_with(line.bank.conversation(CUSTOMER), chat_id=0, limit=5)
        assert (uow.attachments.file_id(kept), uow.attachments.name(kept)) == ("file-1", "a.pdf")
        assert b"file-1" not in kept.file_id


def test_nothing_is_sent_to_a_moderator_who_may_not_serve_any_more(line: Line) -> None:
    with line.database.unit_of_work() as uow:
        uow.roles.revoke(MODERATOR, "moderator")
    assert [message.files for message in line.says(Share(file=file()), CUSTOMER) if message.files] == []
