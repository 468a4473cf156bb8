"""Ratings, calls and links on the command line."""

import json
from uuid import uuid4

import click
import pytest
from click.testing import CliRunner, Result

from commands.callbacks import callbacks
from commands.links import links
from commands.ratings import ratings
from database.db import Database
from database.models import AuditEvent, ConversationState
from services.access import Role
from services.jobs import Start
from services.waiting.jobs import ConfirmCallback, Rate, WantComment
from tests.services.bank import MODERATOR, Bank
from tests.services.lobby import meet, part


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database)
    bank.grant(MODERATOR, Role.MODERATOR)
    bank.register(1, 2)
    return bank


def told(command: click.Command, database: Database, *arguments: object) -> Result:
    return CliRunner().invoke(command, [*map(str, arguments)], obj=database)


def acts(database: Database) -> list[str]:
    with database.reading() as uow:
        found = uow.session.query(AuditEvent).filter_by(bot_id=database.bot_id, actor=None)
        return [event.act for event in found.order_by(AuditEvent.id)]


def test_ratings_are_told_by_operator_and_for_the_ai(bank: Bank) -> None:
    for customer, score in ((1, 5), (2, 2)):
        meet(bank, customer)
        part(bank)
        bank.does(Rate(conversation_id=bank.conversation(customer).id, score=score), customer)
    bank.does(WantComment(conversation_id=bank.conversation(1).id))
    bank.asks("So quick")
    shown = json.loads(told(ratings, bank.database, "--json").output)
    given = {"1": 0, "2": 1, "3": 0, "4": 0, "5": 1}
    assert shown["operators"] == [{"operator": MODERATOR, "number": 2, "mean": 3.5, "given": given}]
    assert (shown["ai"], shown["comments"]) == ({"up": 0, "down": 0, "share": None}, [])
    assert acts(bank.database) == []
    text = told(ratings, bank.database, "--comments", 5).output
    assert f"{MODERATOR}  3.50 of 2   1: 0  2: 1  3: 0  4: 0  5: 1" in text
    assert "So quick" in text
    assert acts(bank.database) == ["comments_read"]


def test_calls_are_listed_masked_and_closed(bank: Bank) -> None:
    with bank.database.reading() as uow:
        user = uow.users.get(1)
        assert user
        mark = uow.users.phone_mark(uow.users.phone(user) or "")
    bank.does(ConfirmCallback(mark=mark))
    [line] = told(callbacks, bank.database, "list").output.splitlines()
    number = line.split()[0]
    assert ["+79120000001" in line, "confirmed" in line, line.endswith("open")] == [False, True, True]
    assert "+79120000001" in told(callbacks, bank.database, "list", "--phones").output
    assert told(callbacks, bank.database, "done", number).output == f"{number} is done\n"
    assert told(callbacks, bank.database, "done", number).exit_code == 1
    assert told(callbacks, bank.database, "list").output == ""
    assert acts(bank.database) == ["callbacks_read", "callback_done"]


def test_links_are_made_followed_and_counted(bank: Bank) -> None:
    nameless = told(links, bank.database, "make", "campaign", "spring", "--days", 1).output
    assert nameless.startswith("?start=")
    with bank.database.unit_of_work() as uow:
        uow.links.name_bot("bank_bot")
    bank.does(Start(payload=nameless.split()[0].removeprefix("?start=")))
    meet(bank)
    part(bank)
    ended = bank.conversation().id
    made = told(links, bank.database, "make", "conversation", ended, "--days", 1).output.strip()
    assert made.startswith("https://t.me/bank_bot?start=")
    bank.does(Start(payload=made.partition("=")[2]))
    assert (bank.conversation().id, bank.conversation().state) == (ended, ConversationState.QUEUED)
    [line] = told(links, bank.database, "list").output.splitlines()
    assert [line.split()[:2], line.endswith("campaign  spring")] == [["1", "people"], True]
    assert acts(bank.database) == ["link_made", "link_made"]


@pytest.mark.parametrize("arguments", [("conversation", "nonsense"), ("conversation", uuid4()), ("topic", "x" * 501)])
def test_what_is_no_subject_is_refused(bank: Bank, arguments: tuple[object, ...]) -> None:
    assert told(links, bank.database, "make", *arguments, "--days", 1).exit_code == 1
    assert acts(bank.database) == []
