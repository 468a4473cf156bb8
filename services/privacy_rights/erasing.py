"""Erasing customers, step by step; each step is a transaction, and one that is done twice does nothing more.

`wanted`: the open conversation ends, then every row goes in one transaction, with the key that opens the archives.
`rows_gone`: files and cached answers go, the certificate is signed and sent. `telling`: the message that brought it
goes, and with it the last that names the chat. A legal hold puts all of it off (`held`), and the customer is told.
"""

from collections.abc import Callable
from logging import getLogger
from uuid import UUID

from database.db import Database, UnitOfWork
from database.models import AuditAct, Author, Erasure, ErasureState, User
from services.data_keys import DataKeys
from services.desk import ending
from services.desk.desk import Desk
from services.metrics import ERASURES
from services.outbound import File, FileKind, Outbound
from services.privacy_rights.certificate import Certifier
from services.privacy_rights.documents import CERTIFICATE
from services.privacy_rights.outside import Outside
from services.storage import StorageError
from services.turn import Tools

_LEASE = 30.0  # seconds of a step
_SOON, _LATER = 1.0, 60.0  # seconds until the next look at what is busy, at what is held or away
_PATIENCE = 60.0  # seconds that messages on their way out are waited for

_log = getLogger(__name__)


class Eraser:
    """Goes on with every erasure there is; any worker may, one at a time each."""

    def __init__(self, database: Database, tools: Tools, outside: Outside, certifier: Certifier) -> None:
        self._database = database
        self._tools = tools
        self._outside = outside
        self._certifier = certifier

    def run(self) -> None:
        """Take every erasure as far as it goes now."""
        while (erasure_id := self._claim()) is not None:
            try:
                self._advance(erasure_id)
            except StorageError as error:
                _log.warning("an erasure waits for the storage", extra={"error": str(error)})
                with self._database.unit_of_work() as uow:
                    uow.erasures.put_off(uow.erasures.lock(erasure_id), _LATER)
            except Exception:  # noqa: BLE001 - whatever one customer's erasure meets, the others go on
                _log.exception("an erasure goes on when its lease is over", extra={"erasure": str(erasure_id)})

    def _claim(self) -> UUID | None:
        with self._database.unit_of_work() as uow:
            return uow.erasures.claim(_LEASE)

    def _advance(self, erasure_id: UUID) -> None:
        with self._database.reading() as uow:
            outside = found.files if (found := uow.erasures.get(erasure_id)) else []
        self._outside.clear(outside)
        with self._database.unit_of_work() as uow:
            erasure = uow.erasures.lock(erasure_id)
            if erasure.files != outside:  # another worker took the rows away since: what they lead to has to go first
                uow.erasures.put_off(erasure, _SOON)
                return
            _STEPS[ErasureState(erasure.state)](self, uow, erasure)
            if uow.has_outgoing:
                uow.after_commit(self._tools.wakeups.delivery)

    def _take(self, uow: UnitOfWork, erasure: Erasure) -> None:
        """Take the rows away, unless a hold, an open conversation or work under way comes first."""
        account = _account(erasure)
        users = uow.users.hold([account])
        if uow.holds.of(account):
            self._hold(uow, erasure, users)
        elif not users:
            self._gone(uow, erasure, {})
        elif self._is_quiet(uow, users[0]):
            self._erase(uow, erasure, users[0])
        else:
            uow.erasures.put_off(erasure, _SOON)

    def _is_quiet(self, uow: UnitOfWork, user: User) -> bool:
        """Return whether nothing of a customer is under way; an open conversation is ended, and the desk told."""
        user.erasing = True
        if conversation := uow.conversations.open_for(user.telegram_id):
            ending.close(Desk(uow, self._tools), conversation, rate=False)
            return False
        return not uow.personal.is_busy(uow.personal.customer(user), _PATIENCE)

    def _erase(self, uow: UnitOfWork, erasure: Erasure, user: User) -> None:
        customer = uow.personal.customer(user)
        erasure.files = self._outside.names(uow, user, self._language(erasure))
        keys = DataKeys(uow).destroy(user.telegram_id, actor=_actor(erasure))
        notices = uow.personal.blank_notices(user.created_at, uow.now())
        counts = uow.personal.erase(customer)
        uow.session.expunge(user)
        self._gone(uow, erasure, {**counts, "data_keys": len(keys), "staff_notices": notices})

    def _gone(self, uow: UnitOfWork, erasure: Erasure, counts: dict[str, int]) -> None:
        erasure.counts, erasure.erased_at = counts, uow.now()
        erasure.state, erasure.lease_until = ErasureState.ROWS_GONE, None

    def _hold(self, uow: UnitOfWork, erasure: Erasure, users: list[User]) -> None:
        """Keep the wish until no hold is in force any more; the customer is told once what is kept, and that it is."""
        if erasure.state != ErasureState.HELD:
            erasure.state = ErasureState.HELD
            for user in users:
                user.erasing = False
            uow.audit.record(AuditAct.ERASURE_HELD, actor=_actor(erasure), subject=f"erasure:{erasure.id}")
            self._tell(uow, erasure, Outbound(html=self._text(erasure, "privacy.held")))
            ERASURES.labels("held").inc()
        uow.erasures.put_off(erasure, _LATER)

    def _certify(self, uow: UnitOfWork, erasure: Erasure) -> None:
        """Sign what was done, and send it."""
        at = erasure.erased_at or uow.now()
        erasure.certificate = self._certifier.sign(erasure.id, at, {k: n for k, n in erasure.counts.items() if n})
        file = File(kind=FileKind.DOCUMENT, id="", name=f"erasure-{at:%Y-%m-%d}.txt", source=_source(erasure))
        erasure.message_id = self._tell(
            uow, erasure, Outbound(html=self._text(erasure, "privacy.erased"), files=(file,))
        )
        uow.audit.record(
            AuditAct.ERASED,
            actor=_actor(erasure),
            subject=f"erasure:{erasure.id}",
            rows=sum(erasure.counts.values()),
            by_staff=erasure.by_staff,
        )
        erasure.state, erasure.lease_until = ErasureState.TELLING, None

    def _finish(self, uow: UnitOfWork, erasure: Erasure) -> None:
        """Forget whose erasure it was, once the customer has its certificate or cannot be reached."""
        if not uow.erasures.told(erasure):
            uow.erasures.put_off(erasure, _SOON)
            return
        uow.erasures.forget_message(erasure)
        uow.personal.blank_notices(erasure.created_at, erasure.erased_at or uow.now())  # those that were on their way
        erasure.telegram_id = erasure.language = erasure.message_id = None
        erasure.files, erasure.state = [], ErasureState.DONE
        ERASURES.labels("done").inc()

    def _tell(self, uow: UnitOfWork, erasure: Erasure, message: Outbound) -> int:
        body = message.model_dump_json(exclude_defaults=True)
        row = uow.messages.send(_account(erasure), body, author=Author.SYSTEM)
        uow.session.flush()
        return row.id

    def _text(self, erasure: Erasure, key: str) -> str:
        return self._tools.words.text(self._language(erasure), key)

    def _language(self, erasure: Erasure) -> str:
        return erasure.language or self._tools.policy.language


_STEPS: dict[ErasureState, Callable[[Eraser, UnitOfWork, Erasure], None]] = {
    ErasureState.WANTED: Eraser._take,  # noqa: SLF001 - its own steps
    ErasureState.HELD: Eraser._take,  # noqa: SLF001 - the same
    ErasureState.ROWS_GONE: Eraser._certify,  # noqa: SLF001 - the same
    ErasureState.TELLING: Eraser._finish,  # noqa: SLF001 - the same
    ErasureState.DONE: lambda _eraser, _uow, _erasure: None,
}


def _account(erasure: Erasure) -> int:
    assert erasure.telegram_id is not None  # noqa: S101 - only one that is done has forgotten it
    return erasure.telegram_id


def _actor(erasure: Erasure) -> int | None:
    """Return who is written down as the one who acts: the customer, nobody in the messenger for a staff's act."""
    return None if erasure.by_staff else erasure.telegram_id


def _source(erasure: Erasure) -> str:
    return f"{CERTIFICATE}:{erasure.id}"
