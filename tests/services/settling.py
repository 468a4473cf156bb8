"""An office of tests in which settings are changed: the environment's own rules and the real catalogues."""

from collections.abc import Mapping

from sqlalchemy import select

from config import load_settings
from database.db import Database
from database.models import AuditAct, AuditEvent
from services.access import Role
from services.running.following import Following
from services.running.office import Office
from services.running.sheet import Change, Entry, Sheet
from services.system import System
from services.wiring import LOCALES
from services.wiring_running import EnvironmentDefaults, make_sheet
from utils.encryption import generate_key
from utils.i18n import Catalogues

ADMIN, SUPERVISOR, AUDITOR, MODERATOR = 701, 702, 703, 704
ENVIRONMENT = {"BOT_TOKEN": "123456:" + "A" * 35, "ENCRYPTION_KEY": generate_key(), "BLIND_INDEX_KEY": generate_key()}
WORDS = Catalogues.load(LOCALES, default="ru")


def rooms(database: Database) -> tuple[Office, System]:
    """Return the rooms of the console that these settings have."""
    return Office(database, make_sheet(load_settings(ENVIRONMENT), WORDS)), System(database)


class Settling:
    """One bot's settings, for a test: what somebody sees and does, and what a process follows."""

    def __init__(self, database: Database, given: Mapping[str, str]) -> None:
        settings = load_settings({**ENVIRONMENT, **given})
        self.database = database
        self.sheet: Sheet = make_sheet(settings, WORDS)
        self.following = Following(database, EnvironmentDefaults(settings))
        with database.unit_of_work() as uow:
            for account, role in (
                (ADMIN, Role.ADMIN),
                (SUPERVISOR, Role.SUPERVISOR),
                (AUDITOR, Role.AUDITOR),
                (MODERATOR, Role.MODERATOR),
            ):
                uow.roles.grant(account, role, None)

    def change(self, name: str, typed: str | None, by: int = ADMIN, seen: int | None = None) -> Change:
        """Let somebody change a setting."""
        with self.database.unit_of_work() as uow:
            return self.sheet.change(uow, by, name, typed, seen)

    def sees(self, name: str, by: int = ADMIN) -> Entry:
        """Return what somebody sees of a setting."""
        with self.database.reading() as uow:
            return self.sheet.entry(uow, by, name)

    def recorded(self) -> list[AuditEvent]:
        """Return what the audit log says of changes."""
        with self.database.reading() as uow:
            own = select(AuditEvent).where(AuditEvent.bot_id == self.database.bot_id)
            mine = own.where(AuditEvent.act == AuditAct.SETTING_SET)
            return list(uow.session.scalars(mine.order_by(AuditEvent.id)))
