"""The panel's section of broadcasts: pages of them, and the way to each card."""

from database.db import Database
from services.administration.jobs import Administer
from services.broadcast.section import open_broadcasts
from services.jobs import Sender
from services.turn import Turn
from tests.services.bank import ADMIN, MODERATOR
from tests.services.broadcasting import Newsroom


def test_pages_lead_to_cards(database: Database) -> None:
    room = Newsroom(database)
    sent = [room.running(f"News {number}") for number in range(7)]
    with database.reading() as uow:
        user = uow.users.get(MODERATOR)
        assert user
        turn = Turn(uow, user, Sender(telegram_id=ADMIN), room.bank.tools)
        pages = [open_broadcasts(turn, page, "") for page in (0, 1)]
    buttons = [row[0].data for page in pages for row in page.buttons]
    assert {f"broadcast:show:{one.hex}" for one in sent} <= set(buttons)
    assert "en:broadcast.state.running" in pages[0].html


def test_long_words_end_between_words(database: Database) -> None:
    room = Newsroom(database)
    room.drafted("A new deposit, ten per cent a year until January")
    room.bank.does(Administer(section="broadcasts"), MODERATOR)
    [button, *_] = room.bank.outbound(MODERATOR)[-1].buttons[0]
    assert button.label == "A new deposit, ten per cent a…"
