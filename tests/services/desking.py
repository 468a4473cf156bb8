"""A desk in a test: a bank with operators, and the short ways to what they do."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select, update

from database.db import Database
from database.models import Conversation, DeskEvent, Duty, NoteKind
from database.types import db_now
from services.access import Role
from services.desk.jobs import AtDesk, DeskVerb
from services.desk.keys import short
from services.desk.tending import Tender
from services.jobs import AskForPerson, Say, TakeChat
from services.jobs_spoken import Share
from services.policy import DeskRules
from tests.services.bank import POLICY, Bank
from tests.services.crossing import file

DUTIES = update(Duty).values(held_until=db_now(-1))
ANNA, BORIS, CLARA, SUPERVISOR = 911, 912, 913, 919


class Floor(Bank):
    """A bank with a desk."""

    @staticmethod
    def of(database: Database, *operators: int, **rules: Any) -> "Floor":
        """Return a desk with operators who are online."""
        policy = replace(
            POLICY, messages_per_minute=1000, commands_per_minute=1000, desk=DeskRules(**({"wrap_up": 0.0} | rules))
        )
        floor = Floor(database, policy=policy)
        for operator in operators:
            floor.grant(operator, Role.MODERATOR)
            floor.acts(operator, DeskVerb.ONLINE)
        return floor

    @property
    def tender(self) -> Tender:
        """What looks after the desk."""
        return Tender(self.database, self.tools, self.library)

    def acts(self, operator: int, act: DeskVerb, words: str = "") -> list[str]:
        """Let somebody of the staff do something; returns what they are told at once."""
        return self.does(AtDesk(act=act, words=words), operator)

    def asks_for_person(self, *customers: int) -> None:
        """Let customers ask for a person, one after the other."""
        for customer in customers:
            self.does(AskForPerson(), customer)

    def takes(self, operator: int, customer: int) -> list[str]:
        """Let an operator take a customer."""
        return self.does(TakeChat(conversation_id=self.conversation(customer).id), operator)

    def says(self, person: int, text: str, reply_to: int | None = None, number: int = 31) -> list[str]:
        """Let somebody say something, perhaps in reply to a message; numbers are the messenger's."""
        return self.does(Say(text=text, reply_to=reply_to, message_id=number), person)

    def shares(self, person: int, number: int, album: str | None = None) -> list[str]:
        """Let somebody share a photo."""
        return self.does(Share(file=file(number=number), message_id=number, album=album), person)

    def meet(self, operator: int, *customers: int) -> None:
        """Let customers ask for a person, and an operator take them."""
        self.asks_for_person(*customers)
        for customer in customers:
            self.takes(operator, customer)

    def id(self, customer: int) -> str:
        """Return the digits of a customer's chat."""
        return short(self.conversation(customer))

    def served(self) -> dict[int, int | None]:
        """Return who serves whom."""
        with self.database.reading() as uow:
            return {talk.chat_id: talk.staff_id for talk in uow.floor.served()}

    def offered(self) -> dict[int, int | None]:
        """Return who is offered to whom."""
        with self.database.reading() as uow:
            return {talk.chat_id: talk.offered_to for talk, _ in uow.floor.waiting()}

    def suggested(self, customer: int) -> list[str]:
        """Return what the knowledge suggested in a customer's chat, oldest first."""
        with self.database.reading() as uow:
            talk = uow.conversations.open_for(customer)
            return [noted.text for noted in uow.desk.notes(talk.id, NoteKind.SUGGESTION)] if talk else []

    def tend(self) -> int:
        """Let a second go by at the desk; returns how many customers were offered."""
        with self.database.unit_of_work() as uow:  # the duty of a second ago is over
            uow.session.execute(DUTIES)
        assert self.tender.mind()
        return self.tender.share_out()

    def pass_time(self, customer: int, seconds: float, *columns: str) -> None:
        """Let times of a customer's conversation be so many seconds ago."""
        values = {column: db_now(-seconds) for column in columns}
        with self.database.unit_of_work() as uow:
            uow.session.execute(
                update(Conversation)
                .where(Conversation.bot_id == self.database.bot_id, Conversation.chat_id == customer)
                .values(values)
            )

    def events(self, act: str) -> list[DeskEvent]:
        """Return what happened of a kind."""
        with self.database.reading() as uow:
            return list(
                uow.session.scalars(
                    select(DeskEvent)
                    .where(DeskEvent.bot_id == self.database.bot_id, DeskEvent.act == act)
                    .order_by(DeskEvent.id)
                )
            )
