"""Dialogs that leave: only what an archive holds just as it is now, and that archive lies whole in storage.

First the bytes of files go from storage, then the rows in one transaction: whoever is killed between leaves rows that
say where the bytes can still be had, and the next run goes on.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from database.db import Database, UnitOfWork
from database.models import ArchivedConversation, AuditAct, Conversation
from database.queries.archive import Place
from database.queries.transcript import Line
from services.archive.lines import written
from services.data_keys import DataKey, DataKeys
from services.retention.trust import Trust
from services.sealed_files import key_of
from services.storage import ObjectMissing, ObjectStore
from utils.encryption import EncryptionError

_BATCH = 50  # conversations in one transaction
_FILES = 200  # files in one transaction

By = str | int | bool | None
Marks = dict[UUID, ArchivedConversation]


class Dialogs:
    """Lets conversations and files of one bot go; `files` is where the bytes of attachments lie."""

    def __init__(self, database: Database, trust: Trust, files: ObjectStore) -> None:
        self._database = database
        self._trust = trust
        self._files = files

    def conversations(self, before: datetime, **by: By) -> int:
        """Let conversations go that ended before a moment; returns how many went. Raises StorageError."""
        gone = 0
        place: Place | None = None
        while True:
            with self._database.reading() as uow:
                page = uow.leaving.leaving(before, place, _BATCH)
                marks = uow.archives.of_conversations([talk.id for talk in page])
            if not page:
                return gone
            if self._trust.look({mark.archive_id for mark in marks.values()}):
                continue  # which takes minutes: a hold may have been placed meanwhile
            ours = [talk for talk in page if talk.id in marks and self._trust.is_whole(marks[talk.id].archive_id)]
            self._drop_files([talk.id for talk in ours], marks)
            gone += self._remove(ours, marks, before, by)
            last = page[-1]
            assert last.closed_at is not None  # noqa: S101 - it has ended
            place = last.closed_at, last.id

    def files(self, before: datetime, **by: By) -> int:
        """Let the bytes of files go that were stored before a moment and are archived; raises StorageError."""
        gone = after = 0
        while True:
            with self._database.reading() as uow:
                page = uow.leaving.files(before, after, _FILES)
                marks = uow.archives.of_conversations({file.conversation_id for file in page})
            if not page:
                return gone
            if self._trust.look({mark.archive_id for mark in marks.values()}):
                continue  # see above
            after = page[-1].id
            archived = [
                file.uid
                for file in page
                if (mark := marks.get(file.conversation_id)) and self._trust.holds(mark.archive_id, file.uid)
            ]
            gone += self._drop(archived, before, by)

    def _drop_files(self, talks: Sequence[UUID], marks: Marks) -> None:
        """Take the bytes of conversations' files away that their archives hold; the others are archived again.

        Bytes that storage has lost as well keep nothing here: no archive will ever hold them.
        """
        with self._database.reading() as uow:
            kept = uow.transcripts.files(talks)
            sound, _ = _compare(uow, talks, marks)
        lost = {
            file.conversation_id
            for file in kept
            if not self._trust.holds(marks[file.conversation_id].archive_id, file.uid) and self._is_there(file.uid)
        }
        if lost:
            with self._database.unit_of_work() as uow:
                uow.archives.forget(lost)
        self._drop([file.uid for file in kept if file.conversation_id in sound - lost], None, {})

    def _is_there(self, uid: UUID) -> bool:
        with TemporaryDirectory(prefix="retention-") as room:
            try:
                self._files.fetch(key_of(self._database.bot_id, uid), Path(room) / "file")
            except ObjectMissing:
                return False
        return True

    def _drop(self, uids: Sequence[UUID], before: datetime | None, by: dict[str, By]) -> int:
        for uid in uids:
            self._files.remove(key_of(self._database.bot_id, uid))
        if uids:
            with self._database.unit_of_work() as uow:
                uow.leaving.dropped(uids)
                if before is not None:
                    record(uow, "files", len(uids), before, by)
        return len(uids)

    def _remove(
        self,
        talks: Sequence[Conversation],
        marks: Marks,
        before: datetime,
        by: dict[str, By],
    ) -> int:
        """Remove what is still as its archive has it; what changed since is archived again before it goes."""
        if not talks:
            return 0
        with self._database.unit_of_work() as uow:
            uow.users.hold({talk.chat_id for talk in talks})  # nobody places a hold meanwhile
            may = [talk.id for talk in uow.leaving.lock([talk.id for talk in talks], before)]
            sound, changed = _compare(uow, may, marks)
            uow.archives.forget(changed)
            if sound:
                uow.leaving.remove(sound)
                record(uow, "conversations", len(sound), before, by)
        return len(sound)


def record(uow: UnitOfWork, kind: str, rows: int, before: datetime, by: dict[str, By]) -> None:
    """Write down that rows of a class went, with what was older than a moment."""
    told = by | {"rows": rows, "before": before.isoformat(timespec="seconds")}
    uow.audit.record(AuditAct.RETENTION_APPLIED, actor=None, subject=f"retention:{kind}", **told)


def _compare(uow: UnitOfWork, talks: Sequence[UUID], marks: Marks) -> tuple[set[UUID], set[UUID]]:
    """Return which conversations are just as they were archived, and which are not, or cannot be compared any more."""
    keys = DataKeys(uow).by_ids({marks[talk].key_id for talk in talks})
    told = _told(uow, talks)
    sound = {
        talk
        for talk in told
        if isinstance(key := keys[marks[talk].key_id], DataKey)
        and key.keyring.is_stamp(marks[talk].stamp, written(told[talk]))
    }
    return sound, set(talks) - sound


def _told(uow: UnitOfWork, talks: Sequence[UUID]) -> dict[UUID, list[Line]]:
    """Return the lines of conversations, but for those that do not open."""
    try:
        return uow.transcripts.of(talks)
    except (EncryptionError, ValueError):
        if len(talks) == 1:
            return {}
    return {talk: lines for one in talks for talk, lines in _told(uow, [one]).items()}
