"""The settings' office for pages: each look and each change is a transaction of its own; refusals are recorded."""

from collections.abc import Callable
from typing import TypeVar

from database.db import Database, UnitOfWork
from database.models import AuditAct, SettingVersion
from services import assistant
from services.errors import NotPermitted
from services.running.fields import Area
from services.running.sheet import Change, Entry, Sheet

Result = TypeVar("Result")


class Office:
    """Shows and changes for one person at a time, by the roles of that moment; blocks, so call it in a thread."""

    def __init__(self, database: Database, sheet: Sheet) -> None:
        self._database = database
        self._sheet = sheet

    def entries(self, by: int, area: Area, language: str) -> list[Entry]:
        """Return the settings of an area; raises NotPermitted."""
        with self._database.reading() as uow:
            return self._sheet.entries(uow, by, area, language)

    def history(self, by: int, name: str) -> list[SettingVersion]:
        """Return the last versions of a setting, the newest first; raises OfficeRefusal."""
        with self._database.reading() as uow:
            return self._sheet.history(uow, by, name)

    def change(self, by: int, name: str, typed: str | None, seen: int) -> Change:
        """Give a setting another value, or its default again (None); raises OfficeRefusal."""
        return recorded(self._database, by, lambda uow: self._sheet.change(uow, by, name, typed, seen))

    def assistant(self) -> bool:
        """Return whether the assistant may speak."""
        with self._database.reading() as uow:
            return uow.roles.ai_enabled()

    def switch_assistant(self, by: int, *, on: bool) -> bool:
        """Turn the assistant on or off; returns whether that changed anything. Raises NotPermitted."""
        return recorded(self._database, by, lambda uow: assistant.switch(uow, by, on=on))


def recorded(database: Database, by: int, act: Callable[[UnitOfWork], Result]) -> Result:
    """Let somebody do something in a transaction; an attempt by who may not is written down and raises NotPermitted."""
    with database.unit_of_work() as uow:
        try:
            return act(uow)
        except NotPermitted as error:
            uow.audit.record(AuditAct.REFUSED, actor=by, what=error.permission, at="console")
            refused = error
    raise refused
