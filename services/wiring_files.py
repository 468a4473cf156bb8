"""What files are put together from: where they lie, and where the messenger keeps them; light, for the console."""

from config import Settings
from database.db import Database
from services.attachments import Attachments
from services.file_contents import check_contents
from services.gateways.cloud_storage import S3Options, S3Storage
from services.gateways.folder_storage import FolderStorage
from services.gateways.telegram_files import TelegramFiles
from services.ports import KeptFiles
from services.storage import ObjectStore
from services.wiring import make_policy

_PATIENCE = 30.0  # seconds between two pieces of a file


def make_storage(settings: Settings) -> ObjectStore:
    """Return where large objects lie: the bucket that is named, else a folder."""
    storage = settings.storage
    if not storage.bucket:
        return FolderStorage(storage.folder)
    keys = (storage.access_key.get_secret_value(), storage.secret_key.get_secret_value())
    return S3Storage(S3Options(storage.bucket, storage.prefix, storage.endpoint, storage.region, *keys))


def make_kept_files(settings: Settings) -> KeptFiles:
    """Return the files that Telegram keeps for the bot."""
    telegram = settings.telegram
    return TelegramFiles(telegram.token.get_secret_value(), telegram.api_url, _PATIENCE)


def make_attachments(settings: Settings, database: Database) -> Attachments:
    """Return the files of dialogs for those who may read them."""
    files = make_kept_files(settings)
    return Attachments(database, files, make_storage(settings), make_policy(settings), checks=(check_contents,))
