"""Intake: takes a chat's accepted updates in their order and gives each to its use case."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from itertools import chain, groupby
from logging import getLogger
from time import perf_counter

from database.db import Database, UnitOfWork
from database.errors import StaleLease
from database.models import User
from database.queries.inbox import MAX_ATTEMPTS, UNREADABLE, ClaimedUpdate
from services.attempt import taking_in
from services.dispatch import dispatch
from services.errors import LimitsAway, WorkerLost
from services.jobs import Envelope, Sender
from services.limits import Limiter
from services.metrics import INTAKE, INTAKE_SECONDS
from services.turn import Tools, Turn
from services.unchecked import overtaxed

_FREE_TEXT = "say"
_TOGETHER = 50  # chats in one transaction: a crowd costs a share of what its people would cost one by one
_AWAY = 5.0  # seconds until an update is looked at again whose limits could not be asked
_CHANCES = 2  # attempts at a whole batch; one that was lost more often is looked at update by update
# These do not wait for an answer under way: they end it, or have nothing to do with it.
_ENDINGS = frozenset({"ask_for_person", "end"})
_ASIDES = frozenset({"take_chat", "at_desk", "administer", "sign_in_operator", "membership", "refused", UNREADABLE})

_log = getLogger(__name__)


class Intake:
    """Advances chats: each batch of a chat's updates is one transaction, exactly once by the database's word."""

    def __init__(self, database: Database, tools: Tools, limiter: Limiter) -> None:
        self._database = database
        self._tools = tools
        self._limiter = limiter

    def advance(self, chat_ids: Collection[int]) -> None:
        """Work on everything that waits in these chats and that nobody else works on."""
        while chat_ids:
            with self._database.unit_of_work() as uow:
                locked = uow.users.lock_chats(chat_ids)
                claims = uow.inbox.claim(locked, self._tools.policy.lease)
                staff = uow.roles.all() if len(locked) > 1 else {}
            claims.sort(key=lambda claim: (claim.chat_id, claim.update_id))
            chats = [list(group) for _, group in groupby(claims, key=lambda claim: claim.chat_id)]
            # The staff's acts reach into the chats of others: in one transaction with these they could lock crosswise.
            alone = [chat for chat in chats if len(chats) == 1 or chat[0].attempt > 1 or chat[0].chat_id in staff]
            together = [chat for chat in chats if chat not in alone]
            for start in range(0, len(together), _TOGETHER):
                self._advance_together(together[start : start + _TOGETHER])
            for chat in alone:
                self._advance_chat(chat, set())
            chat_ids = self._woken_meanwhile(claims)

    def _woken_meanwhile(self, claims: Sequence[ClaimedUpdate]) -> list[int]:
        """Return chats that got updates while their lease kept whoever was woken for them away."""
        if not claims:
            return []
        with self._database.reading() as uow:
            return uow.inbox.newer_than({claim.chat_id: claim.update_id for claim in claims})

    def _advance_together(self, chats: Sequence[list[ClaimedUpdate]]) -> None:
        """Work on many chats in one transaction, or on each in its own when that fails."""
        started, tried = perf_counter(), set[int]()
        try:
            self._process(list(chain.from_iterable(chats)), tried)
        except Exception as error:  # noqa: BLE001 - each chat by itself finds out whose it was
            _log.info("chats are worked on one by one", extra={"chats": len(chats), "error": type(error).__name__})
            for chat in chats:
                self._advance_chat(chat, tried)
        else:
            INTAKE_SECONDS.observe(perf_counter() - started)

    def _advance_chat(self, claims: list[ClaimedUpdate], tried: set[int]) -> None:
        started = perf_counter()
        if claims[0].attempt > MAX_ATTEMPTS:  # whoever worked on it died of it, every time, without a word
            self._fail(claims.pop(0), WorkerLost())
        if claims and claims[0].attempt > _CHANCES:
            self._one_by_one(claims, tried)
        elif claims:
            self._together(claims, tried)
        INTAKE_SECONDS.observe(perf_counter() - started)

    def _together(self, claims: Sequence[ClaimedUpdate], tried: set[int]) -> None:
        try:
            self._process(claims, tried)
        except StaleLease:
            _log.info("updates were taken over by another worker", extra={"updates": len(claims)})
        except Exception as error:  # noqa: BLE001 - whatever it was, the rows need their next attempt or their end
            if len(claims) == 1:
                self._fail(claims[0], error)
            else:
                self._one_by_one(claims, tried)

    def _one_by_one(self, claims: Sequence[ClaimedUpdate], tried: set[int]) -> None:
        """Work on updates that failed before each by itself, so that only the one that fails counts as failed."""
        for position, claim in enumerate(claims):
            if not self._survives(claim, tried):
                self._give_back(claims[position + 1 :])
                return

    def _survives(self, claim: ClaimedUpdate, tried: set[int]) -> bool:
        """Process one update; False when it failed or has to wait."""
        try:
            return self._process([claim], tried)
        except StaleLease:
            return False
        except Exception as error:  # noqa: BLE001 - the same as above, for this update alone
            self._fail(claim, error)
            return False

    def _process(self, claims: Sequence[ClaimedUpdate], tried: set[int]) -> bool:
        """Process updates in one transaction; False when some of them have to wait.

        `tried` are those that were begun in this lease before, and collects those that are begun now. Locks come in
        one order, as in delivery: people by their number, conversations, then messages, chat by chat.
        """
        waiting: list[ClaimedUpdate] = []
        with self._database.unit_of_work() as uow:
            chats = {claim.chat_id for claim in claims}
            users = uow.users.hold(chats)
            uow.conversations.hold_open(chats)
            uow.floor.see(chats)
            for user in users:
                left = [claim for claim in claims if claim.chat_id == user.telegram_id]
                while claim := self._next(uow, left):
                    left.remove(claim)
                    again = claim.update_id in tried
                    tried.add(claim.update_id)
                    self._apply(uow, user, claim, again=again)
                waiting += left
            if done := [claim for claim in claims if claim not in waiting]:
                uow.inbox.finish(done)
            if waiting:
                uow.inbox.release(waiting)
            if uow.has_outgoing:
                uow.after_commit(self._tools.wakeups.delivery)
        return not waiting

    def _next(self, uow: UnitOfWork, waiting: Sequence[ClaimedUpdate]) -> ClaimedUpdate | None:
        """Return the update whose turn it is: behind an open question only more words and asides go on.

        Unless the question is about to be dropped: then all goes on in its order, so that nothing comes after an end.
        """
        if not waiting:
            return None
        head = waiting[0]
        if head.kind == _FREE_TEXT or any(claim.kind in _ENDINGS for claim in waiting):
            return head
        if not self._question_open(uow, head.chat_id):
            return head
        return next((claim for claim in waiting if claim.kind in _ASIDES), None)

    def _question_open(self, uow: UnitOfWork, chat_id: int) -> bool:
        conversation = uow.conversations.open_for(chat_id)
        return conversation is not None and conversation.answer_due_at is not None

    def _apply(self, uow: UnitOfWork, user: User, claim: ClaimedUpdate, *, again: bool) -> None:
        with taking_in(claim.update_id, claim.attempt, claim.traceparent, claim.kind, again=again):
            envelope = Envelope.model_validate_json(uow.inbox.opened(claim))
            turn = Turn(uow, user, envelope.sender, self._tools, claim.traceparent)
            uow.users.set_profile(user, envelope.sender.name)
            user.language = user.language or self._tools.words.pick(envelope.sender.language_code)
            uow.users.seen(user)  # whoever writes has not blocked the bot; Membership may set it again
            if callback_id := envelope.callback_id:
                uow.after_commit(lambda: self._tools.signals.acknowledge(callback_id))
            if envelope.unchecked and (refusal := overtaxed(self._limiter, turn, envelope.job)):
                if refusal.seconds:
                    dispatch(turn, refusal)
                return
            dispatch(turn, envelope.job)
        INTAKE.labels(claim.kind, "done").inc()

    def _give_back(self, claims: Sequence[ClaimedUpdate]) -> None:
        if claims:
            with self._database.unit_of_work() as uow:
                uow.inbox.release(claims)

    def _fail(self, claim: ClaimedUpdate, error: Exception) -> None:
        if isinstance(error, LimitsAway):  # no failure of the update's, however long it lasts
            self._put_off(claim)
            return
        _log.error("an update failed", exc_info=error, extra={"job": claim.kind, "attempt": claim.attempt})
        with suppress(StaleLease), self._database.unit_of_work() as uow:
            died = uow.inbox.retry(claim, type(error).__name__)
            if died:
                [user] = uow.users.hold([claim.chat_id])
                sender = Sender(telegram_id=user.telegram_id)  # the job itself may be what cannot be read
                Turn(uow, user, sender, self._tools, claim.traceparent).say("error.dead")
                uow.after_commit(self._tools.wakeups.delivery)
            INTAKE.labels(claim.kind, "dead" if died else "failed").inc()

    def _put_off(self, claim: ClaimedUpdate) -> None:
        _log.warning("an update waits until the limits can be asked", extra={"job": claim.kind})
        with suppress(StaleLease), self._database.unit_of_work() as uow:
            uow.inbox.put_off(claim, _AWAY)
