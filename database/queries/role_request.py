"""Queries over roles that one administrator asks another one to give."""

from collections.abc import Sequence

from sqlalchemy import and_, select, update

from database.models import RequestState, RoleGrant, RoleRequest
from database.queries.scope import Queries
from database.types import db_now


class RoleRequestQueries(Queries):
    """What waits for a second administrator in one bot, and what became of it."""

    def ask(self, telegram_id: int, role: str, asked_by: int) -> RoleRequest | None:
        """Write a request; None when the same waits already."""
        row = {"bot_id": self.bot_id, "telegram_id": telegram_id, "role": role, "asked_by": asked_by}
        if not self.insert_new(RoleRequest, [row | {"state": RequestState.PENDING}]):
            return None
        return next(each for each in self.pending() if (each.telegram_id, each.role) == (telegram_id, role))

    def pending(self) -> Sequence[RoleRequest]:
        """Return what waits, the first asked first."""
        waiting = select(RoleRequest).where(
            RoleRequest.bot_id == self.bot_id, RoleRequest.state == RequestState.PENDING
        )
        return self.session.scalars(waiting.order_by(RoleRequest.id)).all()

    def get(self, request_id: int) -> RoleRequest | None:
        """Return a request."""
        wanted = select(RoleRequest).where(RoleRequest.bot_id == self.bot_id, RoleRequest.id == request_id)
        return self.session.scalars(wanted).one_or_none()

    def decide(self, request: RoleRequest, state: RequestState, decided_by: int | None) -> None:
        """Write down what became of a request."""
        decided = {"state": state, "decided_by": decided_by, "decided_at": db_now()}
        self.execute(update(RoleRequest).where(RoleRequest.id == request.id).values(decided))
        self.session.refresh(request)

    def approvers(self) -> dict[tuple[int, str], int]:
        """Return who approved the roles that are held, by account and role; what was approved before is over."""
        given = and_(
            RoleGrant.bot_id == RoleRequest.bot_id,
            RoleGrant.telegram_id == RoleRequest.telegram_id,
            RoleGrant.role == RoleRequest.role,
            RoleGrant.created_at <= RoleRequest.decided_at,
        )
        done = select(RoleRequest.telegram_id, RoleRequest.role, RoleRequest.decided_by).join(RoleGrant, given)
        approved = done.where(RoleRequest.bot_id == self.bot_id, RoleRequest.state == RequestState.APPROVED)
        return {(row[0], row[1]): row[2] for row in self.session.execute(approved) if row[2] is not None}
