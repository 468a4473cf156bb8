"""Queries over the people at the desk: their rows, sealed names, and attempts to sign in."""

from collections.abc import Collection
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from database.models import Availability, Operator, PinAttempts, RoleGrant
from database.queries.scope import Queries, rowcount
from database.types import db_now

STRANGERS = 0  # the number under which the misses of all accounts that are no operators are counted together


class OperatorQueries(Queries):
    """The operators of one bot."""

    def of(self, telegram_id: int) -> Operator | None:
        """Return an account's row."""
        statement = select(Operator).where(Operator.bot_id == self.bot_id, Operator.telegram_id == telegram_id)
        return self.session.scalars(statement).one_or_none()

    def ensure(self, telegram_id: int) -> Operator:
        """Return an account's row, written if it was not there."""
        if (found := self.of(telegram_id)) is not None:
            return found
        row = {"bot_id": self.bot_id, "telegram_id": telegram_id, "id": uuid4()}
        self.insert_new(Operator, [row | {"line": 1, "languages": [], "skills": []}])
        statement = select(Operator).where(Operator.bot_id == self.bot_id, Operator.telegram_id == telegram_id)
        return self.session.scalars(statement).one()

    def hold(self, telegram_id: int) -> None:
        """Lock an account's row until the commit, if there is one."""
        statement = select(Operator.id).where(Operator.bot_id == self.bot_id, Operator.telegram_id == telegram_id)
        self.session.execute(statement.with_for_update(key_share=True))

    def hold_free(self, operator: Operator) -> bool:
        """Bring a row up to date and lock it until the commit; False, and nothing, while somebody else holds it."""
        statement = select(Operator).where(Operator.bot_id == self.bot_id, Operator.id == operator.id)
        locked = statement.with_for_update(key_share=True, skip_locked=True)
        return self.session.scalar(locked.execution_options(populate_existing=True)) is not None

    def assigned(self, telegram_ids: Collection[int]) -> None:
        """Write down that customers were offered to operators just now, but for rows that somebody else holds."""
        theirs = select(Operator.id).where(Operator.bot_id == self.bot_id, Operator.telegram_id.in_(telegram_ids))
        free = theirs.with_for_update(key_share=True, skip_locked=True)
        self.execute(update(Operator).where(Operator.id.in_(free)).values(assigned_at=db_now()))

    def add(self, telegram_id: int | None, pin_hash: str | None) -> Operator:
        """Write a new operator; without an account it is whoever uses the PIN first."""
        operator = Operator(bot_id=self.bot_id, telegram_id=telegram_id, pin_hash=pin_hash, id=uuid4())
        self.session.add(operator)
        self.session.flush()
        return operator

    def all(self) -> list[Operator]:
        """Return every row, the first written first."""
        statement = select(Operator).where(Operator.bot_id == self.bot_id)
        return list(self.session.scalars(statement.order_by(Operator.created_at, Operator.id)))

    def headed(self, serving: Collection[int]) -> list[Operator]:
        """Return those with a message pinned in their chat, and some accounts that may need one."""
        concerned = or_(Operator.header_id.is_not(None), Operator.telegram_id.in_(serving))
        return list(self.session.scalars(select(Operator).where(Operator.bot_id == self.bot_id, concerned)))

    def unbound(self) -> list[Operator]:
        """Return those whose PIN nobody has used yet."""
        return [row for row in self.all() if row.telegram_id is None and row.pin_hash]

    def set_name(self, operator: Operator, name: str) -> None:
        """Seal the name that customers see."""
        operator.name = self.vault.seal(name, _identity(operator)) if name else None

    def name(self, operator: Operator) -> str:
        """Return the name that customers see, or nothing."""
        return self.vault.open(operator.name, _identity(operator)) if operator.name else ""

    def access(self, telegram_id: int) -> tuple[frozenset[str], bool, bool]:
        """Return an account's roles, whether it has a PIN, and whether it is signed in by it; in one statement."""
        statement = (
            select(RoleGrant.role, Operator.pin_hash.is_not(None), Operator.session_until > db_now())
            .outerjoin(Operator, _same_account())
            .where(RoleGrant.bot_id == self.bot_id, RoleGrant.telegram_id == telegram_id)
        )
        rows = self.session.execute(statement).all()
        return frozenset(row[0] for row in rows), any(row[1] for row in rows), any(row[2] for row in rows)

    def sign_in(self, operator: Operator, seconds: float) -> None:
        """Open the session of an operator."""
        operator.session_until = self.session.scalar(select(db_now(seconds)))

    def sign_out(self, telegram_id: int) -> bool:
        """End an account's session and take it from the desk; returns whether there was one."""
        ended = self.execute(
            update(Operator)
            .where(Operator.bot_id == self.bot_id, Operator.telegram_id == telegram_id)
            .values(session_until=None, availability=Availability.OFFLINE, away_reason=None, available_at=db_now())
        )
        return rowcount(ended) > 0

    def shut_out(self, telegram_id: int) -> None:
        """Take an account's PIN and session away."""
        self.sign_out(telegram_id)
        own = (Operator.bot_id == self.bot_id, Operator.telegram_id == telegram_id)
        self.execute(update(Operator).where(*own).values(pin_hash=None))

    def attempts(self, telegram_id: int) -> PinAttempts:
        """Return the misses of an account, locked until the commit."""
        own = {"bot_id": self.bot_id, "telegram_id": telegram_id}
        self.insert_new(PinAttempts, [own | {"attempts": 0, "lockouts": 0}])
        statement = select(PinAttempts).where(PinAttempts.bot_id == self.bot_id, PinAttempts.telegram_id == telegram_id)
        return self.session.scalars(statement.with_for_update(key_share=True)).one()

    def signatures(self) -> dict[int, tuple[bool, bool]]:
        """Return for each account with a row whether it has a PIN and whether it is signed in."""
        signed_in = func.coalesce(Operator.session_until > db_now(), False)
        statement = select(Operator.telegram_id, Operator.pin_hash.is_not(None), signed_in).where(
            Operator.bot_id == self.bot_id, Operator.telegram_id.is_not(None)
        )
        rows = self.session.execute(statement)
        return {row[0]: (bool(row[1]), bool(row[2])) for row in rows if row[0] is not None}


def _same_account() -> ColumnElement[bool]:
    return and_(Operator.bot_id == RoleGrant.bot_id, Operator.telegram_id == RoleGrant.telegram_id)


def _identity(operator: Operator) -> str:
    return f"operators:{operator.id}:name"
