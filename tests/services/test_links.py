"""Deep links: back to one's own conversation, to a topic, from a campaign; all else is refused and recorded."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from database.db import Database
from database.models import AuditEvent, ConversationState, LinkPurpose
from services.access import Role
from services.deep_link import Ticket, payload
from services.desk.jobs import AtDesk, DeskVerb
from services.jobs import AskForPerson, End, Start
from tests.services.bank import MODERATOR, Bank
from tests.services.lobby import long_ago, meet, part

ASKED = "How much is the card?"


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database)
    bank.grant(MODERATOR, Role.MODERATOR)
    bank.register(1, 2)
    return bank


def link(bank: Bank, purpose: LinkPurpose, subject: UUID, *, days: float = 1) -> Start:
    """Return the arrival by a link."""
    with bank.database.reading() as uow:
        until = uow.now() + timedelta(days=days)
        text = payload(bank.database.vault.keyring, bank.database.bot_id, Ticket(purpose, subject), until)
    return Start(payload=text)


def back(bank: Bank, *, days: float = 1) -> Start:
    return link(bank, LinkPurpose.CONVERSATION, bank.conversation().id, days=days)


def made(bank: Bank, purpose: LinkPurpose, subject: str) -> Start:
    with bank.database.unit_of_work() as uow:
        row = uow.links.make(purpose, subject, days=1)
    return link(bank, purpose, row.id)


def refusals(bank: Bank) -> list[tuple[int | None, str]]:
    with bank.database.reading() as uow:
        found = uow.session.query(AuditEvent).filter_by(bot_id=bank.database.bot_id, act="link_refused")
        return [(event.actor, event.details) for event in found.order_by(AuditEvent.id)]


def test_the_way_back_is_told_when_a_chat_ends_and_leads_to_a_person_again(bank: Bank) -> None:
    with bank.database.unit_of_work() as uow:
        uow.links.name_bot("bank_bot")
    meet(bank)
    part(bank)
    html = bank.told()[-2]
    assert "link.way_back link=https://t.me/bank_bot?start=" in html
    ended = bank.conversation().id
    assert "link.to_person" in bank.does(Start(payload=html.rpartition("=")[2]))[0]
    conversation = bank.conversation()
    assert (conversation.id, conversation.state) == (ended, ConversationState.QUEUED)
    assert "handover.call" in bank.told(MODERATOR)[-1]


def test_later_it_leads_to_the_ai_which_remembers(bank: Bank) -> None:
    bank.asks(ASKED)
    bank.run()
    meet(bank)
    part(bank)
    ended = bank.conversation().id
    bank.asks("Another talk")
    bank.run()
    assert bank.conversation().id != ended
    job = link(bank, LinkPurpose.CONVERSATION, ended)
    with bank.database.unit_of_work() as uow:
        old = uow.conversations.lock(ended)
        assert old
        assert old.closed_at
        old.closed_at -= timedelta(days=2)
    bank.does(job)
    assert bank.told()[-1] == "en:link.back"
    with bank.database.reading() as uow:
        opened = uow.conversations.open_for(1)
        assert opened
        assert (opened.id, opened.state) == (ended, ConversationState.AI)
        said = uow.messages.history(ended, limit=9)
    assert [item.body for item in said][:1] == [ASKED], "what was said is there for the assistant"


def test_who_came_back_is_not_the_operator_s_customer_any_more(bank: Bank) -> None:
    meet(bank)
    bank.does(AtDesk(act=DeskVerb.DONE), MODERATOR)
    job = back(bank)
    long_ago(bank, seconds=2 * 86_400)
    bank.does(job)
    told = len(bank.told(MODERATOR))
    bank.does(End())
    bank.asks(ASKED)
    bank.run()
    assert (len(bank.answers()), len(bank.told(MODERATOR))) == (1, told)


def test_a_talk_with_the_ai_comes_back_to_the_ai(bank: Bank) -> None:
    bank.asks(ASKED)
    bank.run()
    bank.does(End())
    assert bank.does(back(bank)) == ["en:link.back"]
    assert bank.does(back(bank)) == ["en:link.goes_on"]


def test_nobody_leaves_a_person_for_another_conversation(bank: Bank) -> None:
    bank.asks(ASKED)
    bank.does(End())
    job = back(bank)
    bank.does(AskForPerson())
    assert bank.does(job) == ["en:link.busy"]


def test_forged_expired_and_foreign_links_are_refused_and_recorded(bank: Bank) -> None:
    meet(bank)
    part(bank)
    job = back(bank)
    assert bank.does(job, 2) == ["en:link.foreign"]
    assert bank.does(Start(payload=job.payload[:-1] + "~")) == ["en:link.forged"]
    assert bank.does(Start(payload="promo 7")) == ["en:link.forged"]
    assert bank.does(back(bank, days=-1)) == ["en:link.expired"]
    assert bank.does(link(bank, LinkPurpose.CONVERSATION, uuid4())) == ["en:link.foreign"]
    assert bank.does(link(bank, LinkPurpose.TOPIC, bank.conversation().id)) == ["en:link.expired"]
    assert bank.conversation().state == ConversationState.CLOSED
    reasons = ["foreign", "forged", "forged", "expired", "foreign", "expired"]
    assert refusals(bank) == [(2 if n == 0 else 1, f'{{"reason":"{reason}"}}') for n, reason in enumerate(reasons)]


def test_who_is_new_is_greeted_all_the_same(bank: Bank) -> None:
    told = bank.does(Start(payload="forged"), 3)
    assert ["link.forged" in told[0], "start.hello" in told[1], "language.ask" in told[2]] == [True] * 3


def test_a_topic_is_asked_as_if_it_were_typed(bank: Bank) -> None:
    job = made(bank, LinkPurpose.TOPIC, ASKED)
    bank.does(job)
    bank.run()
    assert len(bank.answers()) == 1
    assert bank.library.asked == [ASKED]


def test_a_campaign_counts_people_once_and_greets_them(bank: Bank) -> None:
    job = made(bank, LinkPurpose.CAMPAIGN, "spring")
    for customer in (1, 1, 2):
        assert bank.does(job, customer) == ["en:start.again"]
    assert "start.hello" in bank.does(job, 3)[0]
    with bank.database.reading() as uow:
        assert [(seen.link.subject, seen.people) for seen in uow.links.visited()] == [("spring", 3)]


def test_a_link_of_one_purpose_does_not_serve_another(bank: Bank) -> None:
    with bank.database.unit_of_work() as uow:
        row = uow.links.make(LinkPurpose.CAMPAIGN, "spring", days=1)
    assert bank.does(link(bank, LinkPurpose.TOPIC, row.id)) == ["en:link.expired"]


def test_an_ended_chat_that_was_long_ago_is_helped_by_time(bank: Bank) -> None:
    meet(bank)
    part(bank)
    job = back(bank)
    long_ago(bank, seconds=90_000)
    assert bank.does(job) == ["en:link.back"]
