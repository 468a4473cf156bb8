"""Queries over people: their row as a chat's lock, sealed phone and profile, consents."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, bindparam, func, select, update

from database.models import Bot, Consent, Step, Tier, User
from database.models.user import tail_of
from database.queries.scope import Queries, rowcount, table
from database.types import db_now

_SEEN = timedelta(hours=12)
_MARK = 12  # hexadecimal digits; a button holds 64 bytes


_MINE = User.bot_id == bindparam("bot")
_GET = select(User).where(_MINE, User.telegram_id == bindparam("chat"))
_THERE = and_(_MINE, User.telegram_id.in_(bindparam("chats", expanding=True)))
# With the bot's row, which says whether the AI is on: every question asks for it.
_HOLD = (
    select(User, Bot)
    .join(Bot, Bot.id == User.bot_id)
    .where(_THERE)
    .order_by(User.telegram_id)
    .with_for_update(key_share=True, of=User)
)
_TRY_LOCK = select(table(User).c.telegram_id).where(_THERE).with_for_update(key_share=True, skip_locked=True)


class UserQueries(Queries):
    """The people of one bot. In a private chat the chat's number is the person's."""

    def lock_chats(self, chat_ids: Collection[int]) -> list[int]:
        """Lock the rows of chats that no other worker holds, creating missing ones; returns the locked chats."""
        locked = self._try_lock(chat_ids)
        if missing := set(chat_ids) - set(locked):
            rows = [{"bot_id": self.bot_id, "telegram_id": chat_id} for chat_id in sorted(missing)]
            if self.insert_new(User, rows):
                locked = self._try_lock(chat_ids)
        return locked

    def hold(self, chat_ids: Collection[int]) -> list[User]:
        """Return the rows of chats in their order; nobody else changes them until the commit."""
        held = self.session.execute(_HOLD, {"bot": self.bot_id, "chats": list(chat_ids)}).all()
        for _, bot in held[:1]:
            self.keep_bot(bot)
        return [user for user, _ in held]

    def get(self, telegram_id: int) -> User | None:
        """Return a person's row."""
        return self.session.scalars(_GET, {"bot": self.bot_id, "chat": telegram_id}).one_or_none()

    def set_phone(self, user: User, e164: str, tier: Tier | None) -> None:
        """Seal a phone into the row and flag everyone who shares it; tier None keeps it as merely proposed."""
        user.phone = self.vault.seal(e164, self._identity(user.id, "phone"))
        user.phone_index = user.phone_tail = None
        user.phone_shared = False
        if tier is None:
            return
        user.tier = tier
        index = self.vault.index.of(e164)
        self.be_alone(f"phone:{index.hex()}")  # or two who give it at the same moment do not see each other
        same = self.execute(
            update(User)
            .where(
                User.bot_id == self.bot_id,
                User.id != user.id,
                User.phone_index.in_(self.vault.index.candidates(e164)),
            )
            .values(phone_shared=True)
        )
        user.phone_shared = rowcount(same) > 0
        user.phone_index = index
        user.phone_tail = self.vault.index.of(tail_of(e164))

    def phone(self, user: User) -> str | None:
        """Return the phone in clear (E.164), or None."""
        return self.vault.open(user.phone, self._identity(user.id, "phone")) if user.phone else None

    def phone_mark(self, e164: str) -> str:
        """Return what tells a phone from another one without saying it: a piece of its keyed hash."""
        return self.vault.index.of(e164).hex()[:_MARK]

    def is_phone_mark(self, e164: str, mark: str) -> bool:
        """Return whether a mark is of a phone, made under the current key or the one before."""
        return any(digest.hex()[:_MARK] == mark for digest in self.vault.index.candidates(e164))

    def set_profile(self, user: User, name: str) -> None:
        """Seal the name that Telegram shows; kept only when it changed."""
        if self.profile(user) != name:
            user.profile = self.vault.seal(name, self._identity(user.id, "profile"))

    def profile(self, user: User) -> str:
        """Return the name that Telegram shows, or nothing."""
        return self.profile_of(user.id, user.profile)

    def profile_of(self, user_id: UUID, sealed: bytes | None) -> str:
        """Return the name that a sealed profile holds, or nothing."""
        return self.vault.open(sealed, self._identity(user_id, "profile")) if sealed else ""

    def consent(self, user: User, version: str, language: str) -> None:
        """Keep that the person agreed to a version of the text, and when."""
        user.consent_version = version
        row = {"bot_id": self.bot_id, "user_id": user.id, "version": version, "language": language}
        self.session.add(Consent(**row))

    def consents(self, user: User) -> list[Consent]:
        """Return all consents that a person ever gave, the newest first."""
        mine = select(Consent).where(Consent.bot_id == self.bot_id, Consent.user_id == user.id)
        return list(self.session.scalars(mine.order_by(Consent.id.desc())))

    def withdraw(self, user: User) -> None:
        """End a person's consents, which stay as a record, and forget the phone that was given under them."""
        user.consent_version = user.phone = user.phone_index = user.phone_tail = None
        user.phone_shared = False
        self.session.flush()
        mine = update(Consent).where(Consent.bot_id == self.bot_id, Consent.user_id == user.id)
        self.execute(mine.where(Consent.withdrawn_at.is_(None)).values(withdrawn_at=db_now()))

    def block(self, telegram_id: int, *, blocked: bool) -> None:
        """Remember that a person blocked the bot, or came back."""
        self.execute(
            update(User)
            .where(User.bot_id == self.bot_id, User.telegram_id == telegram_id)
            .values(blocked_at=db_now() if blocked else None)
        )

    def bar(self, user: User, *, barred: bool) -> None:
        """Bar a person from the bot, or let them in again."""
        user.barred_at = self.scope.now if barred else None
        user.barred_told = False

    def seen(self, user: User) -> None:
        """Remember that a person is here and has not blocked the bot; to half a day: few messages cost a statement."""
        user.blocked_at = None
        now = datetime.now(UTC)
        if user.seen_at is None or now - user.seen_at > _SEEN:
            user.seen_at = now

    def opt_out(self, user: User, *, out: bool) -> bool:
        """Remember whether a person wants no marketing; returns whether that is new."""
        if (user.opted_out_at is not None) == out:
            return False
        user.opted_out_at = self.scope.now if out else None
        return True

    def counts(self) -> dict[str, int]:
        """Return how many people there are, how many of them registered, how many blocked the bot."""
        row = self.session.execute(
            select(
                func.count(),
                func.count().filter(User.step == Step.DONE),
                func.count().filter(User.blocked_at.is_not(None)),
            ).where(User.bot_id == self.bot_id)
        ).one()
        return {"all": row[0], "registered": row[1], "blocked": row[2]}

    def by_id(self, user_id: UUID) -> User:
        """Return the person with this key; raises NoResultFound."""
        return self.session.scalars(select(User).where(User.bot_id == self.bot_id, User.id == user_id)).one()

    def _try_lock(self, chat_ids: Collection[int]) -> list[int]:
        return list(self.run(_TRY_LOCK, {"bot": self.bot_id, "chats": list(chat_ids)}).scalars())

    def _identity(self, user_id: UUID, column: str) -> str:
        return f"users:{user_id}:{column}"
