"""What files are put together from: where they lie, and where the messenger keeps them; light, for the console."""

from dataclasses import replace

from config import Settings
from database.db import Database
from services.attachments import Attachments, Check
from services.file_contents import check_contents
from services.gateways.clamav import ClamAv
from services.gateways.cloud_storage import S3Options, S3Storage
from services.gateways.folder_storage import FolderStorage
from services.gateways.telegram_files import TelegramFiles
from services.ports import Carrier
from services.running.port import RunningSettings
from services.storage import ObjectStore
from services.uploads import Uploads

_PATIENCE = 30.0  # seconds between two pieces of a file
_SCANNING = 60.0  # seconds for a file; most take less than one


def make_storage(settings: Settings) -> ObjectStore:
    """Return where large objects lie: the bucket that is named, else a folder."""
    if not settings.storage.bucket:
        return FolderStorage(settings.storage.folder)
    return S3Storage(_s3_options(settings))


def _s3_options(settings: Settings) -> S3Options:
    storage = settings.storage
    keys = (storage.access_key.get_secret_value(), storage.secret_key.get_secret_value())
    return S3Options(storage.bucket, storage.prefix, storage.endpoint, storage.region, *keys)


def make_archive_storage(settings: Settings) -> ObjectStore:
    """Return where archives lie: their own bucket, that of large objects, or the folder."""
    archive = settings.archive
    if not (bucket := archive.bucket or settings.storage.bucket):
        return FolderStorage(settings.storage.folder)
    return S3Storage(
        replace(
            _s3_options(settings),
            bucket=bucket,
            storage_class=archive.storage_class,
            lock_mode=archive.lock_mode,
            lock_days=archive.lock_days,
        )
    )


def make_kept_files(settings: Settings) -> Carrier:
    """Return the files that Telegram keeps for the bot."""
    telegram = settings.telegram
    return TelegramFiles(telegram.token.get_secret_value(), telegram.api_url, _PATIENCE)


def _checks(settings: Settings) -> tuple[Check, ...]:
    """Return what files pass before they are kept; the scanner last, since it costs most."""
    clamav = settings.attachments.clamav
    return (check_contents, ClamAv(clamav, _SCANNING).check) if clamav else (check_contents,)


def make_attachments(settings: Settings, database: Database, running: RunningSettings) -> Attachments:
    """Return the files of dialogs for those who may read them."""
    files = make_kept_files(settings)
    return Attachments(database, files, make_storage(settings), running, _checks(settings))


def make_uploads(settings: Settings, database: Database, running: RunningSettings) -> Uploads:
    """Return the way in for files from the console, and the way out for whoever sends them."""
    return Uploads(database.vault.keyring, database.bot_id, make_storage(settings), running, _checks(settings))
