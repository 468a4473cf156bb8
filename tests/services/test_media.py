"""What is shared where nobody is on the other side: files wait for a person, a caption is a question."""

import pytest

from database.db import Database
from services.jobs import AskForPerson, Say, ShareContact
from services.jobs_spoken import Share
from services.outbound import Card, FileKind, Place
from tests.services.bank import MODERATOR, Bank
from tests.services.crossing import CUSTOMER, Line, file


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database)
    bank.register(CUSTOMER)
    return bank


@pytest.mark.parametrize("kind", FileKind)
def test_a_file_without_words_gets_polite_ones(bank: Bank, kind: FileKind) -> None:
    assert bank.does(Share(file=file(kind))) == [f"en:unsupported.{kind}"]
    assert bank.due() == []


def test_a_place_gets_polite_words(bank: Bank) -> None:
    assert bank.does(Share(place=Place(latitude=1, longitude=2))) == ["en:unsupported.location"]


def test_a_caption_is_a_question(bank: Bank) -> None:
    bank.does(Share(file=file(), text="How much is this card?"))
    bank.run()
    assert bank.library.asked == ["How much is this card?"]
    assert len(bank.answers()) == 1


def test_an_album_is_met_once(bank: Bank) -> None:
    told = [bank.does(Share(file=file(number=number), album="77")) for number in range(3)]
    assert told == [["en:unsupported.photo"], [], []]


def test_secrets_in_a_caption_take_the_message_away(bank: Bank) -> None:
    job = Share(file=file(), text="•••• 1111", masked=frozenset({"card"}), message_id=7)
    assert bank.does(job)[0] == "en:masked.warning"
    assert bank.signals.deleted == [(CUSTOMER, 7)]


def test_who_takes_the_chat_gets_what_was_sent_before(database: Database) -> None:
    line = Line(database)
    for number in (31, 32):
        line.bank.does(Share(file=file(number=number), album="77", message_id=number), CUSTOMER)
    line.bank.does(AskForPerson(), CUSTOMER)
    told = line.bank.does(Share(file=file(FileKind.VOICE, 3), message_id=33), CUSTOMER)
    told += line.bank.does(Share(place=Place(latitude=1, longitude=2)), CUSTOMER)
    assert told == ["en:handover.noted"] * 2
    line.take()
    context = next(text for text in line.bank.told(MODERATOR) if "handover.yours" in text)
    assert all(sign in context for sign in ("🖼", "🎙", "📍 1.00000, 2.00000"))
    given = [[held.id for held in message.files] for message in line.bank.outbound(MODERATOR) if message.files]
    assert given == [["file-31", "file-32"], ["file-3"]]
    answer = line.says(Say(text="yes", message_id=41, reply_to=32, quoted="…"), CUSTOMER)
    assert answer[0].reply_to is not None


def test_a_file_that_may_not_cross_is_refused_in_the_queue_too(database: Database) -> None:
    line = Line(database)
    line.wait()
    assert line.bank.does(Share(file=file(size=2**30)), CUSTOMER) == ["en:media.too_large limit=10"]


def test_a_card_is_a_phone_where_nobody_is_on_the_other_side(bank: Bank) -> None:
    shared = Share(card=Card(phone="+79123456789", first_name="Anna"))
    [told] = bank.does(ShareContact(phone="+79123456789", owner_id=CUSTOMER, shared=shared))
    assert told.startswith("en:phone.done")
