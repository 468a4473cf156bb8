"""Queries over the staff's roles and the bot's own row."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from database.models import Bot, RoleGrant
from database.queries.scope import Queries, rowcount


class RoleQueries(Queries):
    """Who of the staff of one bot may do what."""

    def ensure_bot(self) -> None:
        """Write the bot's row if it is not there."""
        self.insert_new(Bot, [{"id": self.bot_id}])

    def all(self) -> dict[int, frozenset[str]]:
        """Return every role by the Telegram account that holds it."""
        held: dict[int, set[str]] = {}
        statement = select(RoleGrant.telegram_id, RoleGrant.role).where(RoleGrant.bot_id == self.bot_id)
        for telegram_id, role in self.session.execute(statement):
            held.setdefault(telegram_id, set()).add(role)
        return {telegram_id: frozenset(roles) for telegram_id, roles in held.items()}

    def grants(self) -> Sequence[RoleGrant]:
        """Return every role with who gave it and when, by account."""
        wanted = select(RoleGrant).where(RoleGrant.bot_id == self.bot_id)
        return self.session.scalars(wanted.order_by(RoleGrant.telegram_id, RoleGrant.role)).all()

    def of(self, telegram_id: int) -> frozenset[str]:
        """Return one account's roles."""
        statement = select(RoleGrant.role).where(RoleGrant.bot_id == self.bot_id, RoleGrant.telegram_id == telegram_id)
        return frozenset(self.session.scalars(statement))

    def grant(self, telegram_id: int, role: str, granted_by: int | None) -> bool:
        """Give a role; returns whether it is new."""
        row = {"bot_id": self.bot_id, "telegram_id": telegram_id, "role": role, "granted_by": granted_by}
        return self.insert_new(RoleGrant, [row]) > 0

    def revoke(self, telegram_id: int, role: str) -> bool:
        """Take a role away; returns whether it was held."""
        statement = delete(RoleGrant).where(
            RoleGrant.bot_id == self.bot_id, RoleGrant.telegram_id == telegram_id, RoleGrant.role == role
        )
        return rowcount(self.session.execute(statement)) > 0

    def lock(self) -> None:
        """Let nobody else change who may do what until the commit."""
        self.session.execute(select(Bot.id).where(Bot.id == self.bot_id).with_for_update(key_share=True))

    def bot(self) -> Bot:
        """Return the bot's own row."""
        return self.session.get_one(Bot, self.bot_id)

    def ai_enabled(self) -> bool:
        """Return whether the AI may speak."""
        bot = self.session.get(Bot, self.bot_id)  # kept by whoever held a row
        return bot is not None and bot.ai_enabled

    def switch_ai(self, *, enabled: bool) -> None:
        """Turn the AI on or off for the whole bot."""
        self.bot().ai_enabled = enabled
