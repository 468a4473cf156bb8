"""Where customers wait in tests: chats that were served before, a desk that is open or closed, rounds through it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from database.db import Database
from database.models import Conversation, ConversationState
from services.access import Role
from services.jobs import AskForPerson, End, TakeChat
from services.reply import Composer
from services.turn import Tools
from services.waiting.quick import QuickAnswers
from services.waiting.rounds import Rounds
from services.waiting.rules import WaitingRules
from tests.database.people import person
from tests.services.bank import MODERATOR, OTHER_MODERATOR, POLICY, Bank
from tests.twins import NO_SHEET, TwinRunning
from utils.hours import ALWAYS, Hours

NOW = datetime.now(UTC)
OPENS = (NOW + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
OPEN = WaitingRules()
CLOSED = replace(POLICY, waiting=WaitingRules(hours=Hours(week=ALWAYS, closures=[(NOW - timedelta(days=1), OPENS)])))


def closed_bank(database: Database) -> Bank:
    """Return a bank whose desk is closed, with two moderators and a registered customer, 1."""
    bank = Bank(database, policy=CLOSED)
    bank.grant(MODERATOR, Role.MODERATOR)
    bank.grant(OTHER_MODERATOR, Role.MODERATOR)
    bank.register(1)
    return bank


def buttons(bank: Bank, telegram_id: int = 1) -> list[str]:
    """Return what the buttons carry under the last message to somebody."""
    return [button.data for row in bank.outbound(telegram_id)[-1].buttons for button in row]


def served(database: Database, minutes: list[float], staff_id: int = MODERATOR) -> None:
    """Let somebody have served customers just now, for so many minutes each."""
    with database.unit_of_work() as uow:
        now = uow.now()
        for number, took in enumerate(minutes, start=5001):
            user = person(uow, number)
            row = Conversation(
                bot_id=database.bot_id,
                user_id=user.id,
                chat_id=number,
                state=ConversationState.CLOSED,
                staff_id=staff_id,
                queued_at=now - timedelta(minutes=took + 1),
                taken_at=now - timedelta(minutes=took),
                closed_at=now,
            )
            uow.session.add(row)


def rounds(bank: Bank, rules: WaitingRules | None = None) -> Rounds:
    """Return rounds through a bank's queue, by other rules perhaps: later, when the desk is open."""
    policy = replace(bank.policy, waiting=rules) if rules else bank.policy
    tools = Tools(bank.words, TwinRunning(policy), bank.wakeups, bank.signals, NO_SHEET)
    return Rounds(QuickAnswers(bank.database, tools, Composer(bank.library, bank.words, None)))


def long_ago(bank: Bank, customer: int = 1, *, seconds: float = 3600.0) -> None:
    """Let what a waiting customer was told have been told earlier, and what an ended chat was, have ended then."""
    back = timedelta(seconds=seconds)
    with bank.database.unit_of_work() as uow:
        conversation = uow.conversations.lock(bank.conversation(customer).id)
        assert conversation
        for name in ("told_at", "told_until", "closed_at"):
            if (moment := getattr(conversation, name)) is not None:
                setattr(conversation, name, moment - back)


def meet(bank: Bank, customer: int = 1, moderator: int = MODERATOR) -> None:
    """Let a customer ask for a person, and a moderator take the chat."""
    bank.does(AskForPerson(), customer)
    bank.does(TakeChat(conversation_id=bank.conversation(customer).id), moderator)


def part(bank: Bank, moderator: int = MODERATOR) -> None:
    """Let a moderator end the chat."""
    bank.does(End(), moderator)
