"""Ratings: one to five after a chat with a person, with words if wanted; a thumb under each answer of the AI."""

import pytest
from sqlalchemy import select, update

from database.db import Database
from database.models import Delivery, Message, Rating, Thumb
from services.access import Role
from services.jobs import AskForPerson, Say
from services.waiting.jobs import GiveThumb, Rate, WantComment
from tests.services.bank import MODERATOR, Bank
from tests.services.lobby import meet, part

ASKED = "How much is the card?"


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database)
    bank.grant(MODERATOR, Role.MODERATOR)
    return bank


@pytest.fixture
def rated(bank: Bank) -> Bank:
    """Return a bank whose first customer's chat with a person has ended."""
    meet(bank)
    part(bank)
    return bank


def job(bank: Bank, score: int) -> Rate:
    return Rate(conversation_id=bank.conversation().id, score=score)


def scores(bank: Bank) -> list[tuple[int, dict[int, int]]]:
    with bank.database.reading() as uow:
        return [(score.staff_id, dict(score.given)) for score in uow.ratings.scores(days=1)]


def test_a_chat_with_a_person_is_rated_by_five_buttons(rated: Bank) -> None:
    message = rated.outbound()[-2]
    assert message.html == "en:rating.ask"
    key = rated.conversation().id
    [row] = message.buttons
    assert [button.data for button in row] == [f"rate:{score}:{key}" for score in range(1, 6)]
    assert all(len(button.data.encode()) <= 64 for button in row), "Bot API, InlineKeyboardButton"
    assert "rating.ask" not in "".join(rated.told(MODERATOR))


def test_a_customer_who_left_the_queue_has_nobody_to_rate(bank: Bank) -> None:
    bank.does(AskForPerson())
    part(bank, 1)
    assert "rating.ask" not in "".join(bank.told())


def test_a_rating_is_kept_once_and_changes_with_the_mind(rated: Bank) -> None:
    assert rated.does(job(rated, 2)) == ["en:rating.thanks score=2"]
    assert rated.does(job(rated, 2)) == []
    assert rated.does(job(rated, 5)) == ["en:rating.thanks score=5"]
    assert scores(rated) == [(MODERATOR, {5: 1})]


def test_nobody_rates_the_chat_of_somebody_else(rated: Bank) -> None:
    for act in (job(rated, 1), WantComment(conversation_id=rated.conversation().id)):
        assert rated.does(act, 2) == ["en:button.stale"]
    assert scores(rated) == []


def test_words_are_added_if_wanted_and_sealed(rated: Bank) -> None:
    rated.does(job(rated, 4))
    rated.does(WantComment(conversation_id=rated.conversation().id))
    assert rated.asks("Quick and friendly") == ["en:rating.commented"]
    with rated.database.reading() as uow:
        [comment] = uow.ratings.comments(days=1, limit=9)
        assert (comment.text, comment.score, comment.staff_id) == ("Quick and friendly", 4, MODERATOR)
        row = uow.ratings.of(comment.conversation_id)
        assert row
        assert b"friendly" not in (row.comment or b"")
    rated.asks(ASKED)  # the next words are a question again
    rated.run()
    assert len(rated.answers()) == 1


def test_words_that_come_late_or_call_for_help_are_no_comment(rated: Bank) -> None:
    wanted = WantComment(conversation_id=rated.conversation().id)
    assert rated.does(wanted) == ["en:button.stale"], "nothing was rated yet"
    rated.does(job(rated, 1))
    rated.does(wanted)
    with rated.database.unit_of_work() as uow:
        user = uow.users.get(1)
        assert user
        user.comments_until = uow.now().replace(year=2020)
    rated.asks(ASKED)
    rated.run()
    assert len(rated.answers()) == 1
    rated.does(wanted)
    rated.asks("I lost my card")
    assert any("emergency.lost_card" in told for told in rated.told())
    with rated.database.reading() as uow:
        assert uow.ratings.comments(days=1, limit=9) == []


def test_secrets_in_a_comment_are_masked_before_it_is_kept(rated: Bank) -> None:
    rated.does(job(rated, 1))
    rated.does(WantComment(conversation_id=rated.conversation().id))
    told = rated.does(Say(text="my card •••• 1111", masked=frozenset({"card"}), message_id=7))
    assert ["masked.warning" in told[0], "rating.commented" in told[1]] == [True, True]
    assert rated.signals.deleted == [(1, 7)]


def answered(bank: Bank, *, arrived: bool = True) -> int:
    """Let the AI answer, and the messenger take the answer; returns the messenger's number of it."""
    bank.asks(ASKED)
    bank.run()
    [answer] = [message for message in bank.messages() if message.author == "ai"][-1:]
    state = {"state": Delivery.SENT, "telegram_message_id": 777} if arrived else {"state": Delivery.SENDING}
    with bank.database.unit_of_work() as uow:
        uow.session.execute(update(Message).where(Message.id == answer.id).values(**state))
    return 777


@pytest.mark.parametrize("arrived", [True, False], ids=["written down", "just being sent"])
def test_a_thumb_is_kept_once_and_turns_with_the_mind(bank: Bank, *, arrived: bool) -> None:
    number = answered(bank, arrived=arrived)
    up, down = GiveThumb(up=True, message_id=number), GiveThumb(up=False, message_id=number)
    assert bank.does(up) == ["en:rating.thumb_up"]
    assert bank.does(up) == []
    assert bank.does(down) == ["en:rating.thumb_down"]
    assert [button.data for row in bank.outbound()[-1].buttons for button in row] == ["person"]
    with bank.database.reading() as uow:
        assert uow.ratings.thumbs(days=1) == (0, 1)
        assert len(list(uow.session.scalars(select(Thumb).where(Thumb.bot_id == bank.database.bot_id)))) == 1


def test_a_thumb_under_nothing_of_ones_own_is_stale(bank: Bank) -> None:
    number = answered(bank)
    assert bank.does(GiveThumb(up=True, message_id=number), 2) == ["en:button.stale"]
    assert bank.does(GiveThumb(up=True, message_id=number + 1)) == ["en:button.stale"]


def test_old_ratings_and_those_of_other_bots_do_not_count(rated: Bank) -> None:
    rated.does(job(rated, 3))
    with rated.database.unit_of_work() as uow:
        mine = update(Rating).where(Rating.bot_id == rated.database.bot_id)
        uow.session.execute(mine.values(rated_at=rated.conversation().created_at.replace(year=2020)))
    assert scores(rated) == []
