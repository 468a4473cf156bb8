"""Filling: conversations, and the bytes of their files, become sealed records of the archive that is being written."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from logging import getLogger
from pathlib import Path
from uuid import UUID

from database.db import Database
from database.models import ConversationState
from database.queries.archive import Due, Writing
from database.queries.transcript import SCHEMA, KeptFile, Line
from services.archive import lines
from services.archive.manifest import Counts, Manifest, identity_of, root_of
from services.archive.packing import Packer
from services.data_keys import DataKey, DataKeys
from services.errors import FileRefusedError
from services.sealed_files import key_of, open_pieces
from services.storage import ObjectMissing, ObjectStore
from utils.encryption import EncryptionError

_log = getLogger(__name__)


class Filling:
    """Fills one archive; `unreadable` counts conversations that do not open and so are left out."""

    def __init__(self, database: Database, files: ObjectStore, writing: Writing, packer: Packer, room: Path) -> None:
        self._database = database
        self._files = files
        self._writing = writing
        self._packer = packer
        self._room = room
        self._counts: Counter[str] = Counter()
        self._ends: list[datetime] = []
        self.unreadable = 0

    def add(self, page: Sequence[Due]) -> None:
        """Add conversations; what was opened again or went away meanwhile is left out. Raises StorageError."""
        with self._database.unit_of_work() as uow:
            keys = DataKeys(uow).of_all({due.chat_id for due in page})
        told, files = self._read([due.id for due in page])
        for due in page:
            if (dialog := told.get(due.id)) and _as_it_ended(dialog[0], due):
                self._add(due, dialog, [file for file in files if file.conversation_id == due.id], keys[due.chat_id])

    def manifest(self, made_at: datetime) -> Manifest | None:
        """Return what was added, to be stored once all parts are; None when nothing was."""
        self._packer.close()
        records = tuple(self._packer.records)
        if not records:
            return None
        return Manifest(
            schema_version=SCHEMA,
            bot=self._database.bot_id,
            archive=self._writing.id,
            day=self._writing.day,
            made_at=made_at,
            first_end=min(self._ends),
            last_end=max(self._ends),
            master_key=self._database.vault.keyring.newest,
            counts=Counts(
                conversations=len(self._ends),
                messages=self._counts["message"],
                files=self._counts["file"],
                lines=self._counts["line"],
            ),
            parts=tuple(self._packer.parts),
            records=records,
            root=root_of(records),
        )

    def _read(self, conversation_ids: list[UUID]) -> tuple[dict[UUID, list[Line]], list[KeptFile]]:
        """Return the lines of conversations and their files; those that do not open are counted and left out."""
        with self._database.reading() as uow:
            files = uow.transcripts.files(conversation_ids)
            try:
                return uow.transcripts.of(conversation_ids), files
            except (EncryptionError, ValueError):
                pass
            told: dict[UUID, list[Line]] = {}
            for conversation_id in conversation_ids:
                try:
                    told |= uow.transcripts.of([conversation_id])
                except (EncryptionError, ValueError) as error:
                    self.unreadable += 1
                    said = {"conversation": str(conversation_id), "error": str(error)}
                    _log.error("a conversation does not open and is not archived", extra=said)
            return told, files

    def _add(self, due: Due, dialog: Sequence[Line], files: Sequence[KeptFile], key: DataKey) -> None:
        content = lines.packed(lines.written(dialog))
        self._packer.add("conversation", due.id, due.id, key.id, self._sealed("conversation", due.id, content, key))
        self._ends.append(due.ended_at)
        self._counts.update(line=len(dialog), message=sum(line["type"] == "message" for line in dialog))
        for file in files:
            with suppress(ObjectMissing):  # lost before: the lines say which file it was
                content = self._bytes_of(file)
                self._packer.add("file", file.uid, due.id, key.id, self._sealed("file", file.uid, content, key))
                self._counts["file"] += 1

    def _sealed(self, kind: str, record_id: UUID, content: bytes, key: DataKey) -> bytes:
        return key.keyring.seal(content, identity_of(self._writing.id, kind, record_id))

    def _bytes_of(self, file: KeptFile) -> bytes:
        """Return a file in clear; raises ObjectMissing also for one that is damaged, StorageError."""
        sealed = self._room / "file"
        self._files.fetch(key_of(self._database.bot_id, file.uid), sealed)
        try:
            return b"".join(open_pieces(self._database.vault.keyring, file.uid, sealed))
        except (EncryptionError, FileRefusedError) as error:
            _log.error("a file does not open and is not archived", extra={"file": str(file.uid), "error": str(error)})
            raise ObjectMissing(str(file.uid)) from error


def _as_it_ended(told: Line, due: Due) -> bool:
    ended_at = told["closed_at"] and datetime.fromisoformat(told["closed_at"])
    return told["state"] == ConversationState.CLOSED and ended_at == due.ended_at
