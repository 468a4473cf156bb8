"""The way into the console, for a test: codes are asked for and read, and time goes by."""

import re
from datetime import timedelta

from sqlalchemy import select, update

from database.db import Database
from database.models import ConsoleSession, Message, SignInCode
from services.access import Role
from services.ports import Outbound
from services.sign_in import Browser, SignIn
from tests.twins import TwinWakeups, TwinWords

STAFF, STRANGER = 801, 802
OWN = Browser("the browser of one of the staff", "the bank's network")


class Door:
    """The way in, for a test: time can go by, and chats can be read."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.wakeups = TwinWakeups()
        self.sign_in = SignIn(database, TwinWords(), self.wakeups, "en", 3600.0)
        self.grant(Role.EDITOR)

    def grant(self, role: Role) -> None:
        with self.database.unit_of_work() as uow:
            uow.roles.grant(STAFF, role, None)

    def told(self, telegram_id: int = STAFF) -> list[str]:
        with self.database.reading() as uow:
            wanted = select(Message).where(Message.bot_id == self.database.bot_id, Message.chat_id == telegram_id)
            found = uow.session.scalars(wanted.order_by(Message.id))
            return [Outbound.model_validate_json(uow.messages.opened(message)).html for message in found]

    def code(self, browser: Browser = OWN) -> str:
        """Ask for a code and read it in the chat."""
        self.sign_in.send_code(STAFF, browser)
        return self.read()

    def read(self) -> str:
        """Read the code that came last."""
        found = re.search(r"code=(\d{8})$", self.told()[-1])
        assert found
        return found[1]

    def open(self, code: str, browser: Browser = OWN) -> str | None:
        """Enter a code in a browser."""
        return self.sign_in.open(STAFF, code, browser)

    def wrong(self, times: int = 1, browser: Browser = OWN) -> None:
        for _ in range(times):
            assert self.open("no code", browser) is None

    def later(self, seconds: float) -> None:
        """Let time go by for codes."""
        with self.database.unit_of_work() as uow:
            gone = timedelta(seconds=seconds)
            for row in uow.console.in_vain(STAFF, 1e6):
                row.created_at -= gone
                row.expires_at -= gone

    def rows(self) -> list[SignInCode]:
        with self.database.reading() as uow:
            return list(uow.session.scalars(select(SignInCode).where(SignInCode.bot_id == self.database.bot_id)))

    def session(self, **values: object) -> None:
        with self.database.unit_of_work() as uow:
            own = update(ConsoleSession).where(ConsoleSession.bot_id == self.database.bot_id)
            uow.session.execute(own.values(**values), execution_options={"synchronize_session": False})
