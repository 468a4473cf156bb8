"""Databases under other keys, as processes see them while keys are rotated."""

from database.db import Database
from database.queries.scope import Vault
from tests.database.fixtures import INDEX_KEY
from utils.encryption import BlindIndex, Keyring, generate_key

NEW, NEW_INDEX = generate_key(), generate_key()


def keyed(database: Database, *keys: str, index: tuple[str, ...] = (NEW_INDEX, INDEX_KEY)) -> Database:
    """Give a database under some keys, the newest first."""
    return Database(database.engine, database.bot_id, Vault(Keyring(keys), BlindIndex(*index)))
