"""Queries over settings that were changed while the bot ran."""

from sqlalchemy import func, select, update

from database.models import Bot, SettingVersion
from database.queries.scope import Queries


class SettingQueries(Queries):
    """The changed settings of one bot."""

    def revision(self) -> int:
        """Return a number that is another one after each change; 0 when there was none."""
        return self.session.scalar(select(Bot.settings_revision).where(Bot.id == self.bot_id)) or 0

    def all(self) -> dict[str, SettingVersion]:
        """Return the newest version of each setting that was ever changed, by its name."""
        newest = (
            select(SettingVersion.name, func.max(SettingVersion.version).label("version"))
            .where(SettingVersion.bot_id == self.bot_id)
            .group_by(SettingVersion.name)
            .subquery()
        )
        found = select(SettingVersion).join(
            newest, (SettingVersion.name == newest.c.name) & (SettingVersion.version == newest.c.version)
        )
        return {row.name: row for row in self.session.scalars(found.where(SettingVersion.bot_id == self.bot_id))}

    def history(self, name: str, limit: int) -> list[SettingVersion]:
        """Return the versions of a setting, the newest first."""
        own = select(SettingVersion).where(SettingVersion.bot_id == self.bot_id, SettingVersion.name == name)
        return list(self.session.scalars(own.order_by(SettingVersion.version.desc()).limit(limit)))

    def put(self, name: str, version: int, value: str | None, changed_by: int) -> bool:
        """Write a version of a setting; False when there is one of this number already: somebody else was faster."""
        row = {"bot_id": self.bot_id, "name": name, "version": version, "value": value, "changed_by": changed_by}
        if not self.insert_new(SettingVersion, [row]):
            return False
        own = update(Bot).where(Bot.id == self.bot_id)
        self.execute(own.values(settings_revision=Bot.settings_revision + 1))
        return True
