"""Puts the audit log's parts together: who signs, where checkpoints lie, and what of the settings is written down."""

import hashlib
from dataclasses import fields

from config import Group, Settings
from contexts.prompt import PROMPT_VERSION
from database.db import Database
from services.audit.checkpoint import Notary
from services.audit.clerk import Clerk
from services.audit.outside import Checkpoints
from services.privacy_rights.certificate import Certifier
from services.storage import ObjectStore
from utils.encryption import signing_seed

_OF_A_MACHINE = frozenset({"observability", "http", "database", "redis", "audit", "storage"})  # may differ between them
_MODELS = ("openai", "anthropic", "gemini", "local")


def make_notary(settings: Settings) -> Notary:
    """Return who signs the audit log's checkpoints."""
    keys = settings.audit.keys or settings.security.encryption
    return Notary(settings.telegram.bot_id, [signing_seed(key) for key in keys])


def make_certifier(settings: Settings) -> Certifier:
    """Return who signs certificates of erasures, by the keys that sign checkpoints."""
    keys = settings.audit.keys or settings.security.encryption
    return Certifier(settings.telegram.bot_id, [signing_seed(key) for key in keys])


def make_clerk(settings: Settings, database: Database, storage: ObjectStore) -> Clerk:
    """Return who seals and checks the audit log."""
    notary = make_notary(settings)
    kept = Checkpoints(storage, notary, database.bot_id)
    return Clerk(database, notary, kept, settings.audit.pause, facts(settings, database))


def facts(settings: Settings, database: Database) -> dict[str, str]:
    """Return what is written down of the settings: a digest of each group, models by name, keys by their public ids."""
    groups = {field.name: getattr(settings, field.name) for field in fields(settings)}
    digests = {
        f"settings_{name}": hashlib.sha256(group.model_dump_json().encode()).hexdigest()[
            :16
        ]  # secrets are dumped as stars
        for name, group in groups.items()
        if isinstance(group, Group) and name not in _OF_A_MACHINE
    }
    return {
        **digests,
        **{f"model_{name}": str(groups[name].name) for name in _MODELS},
        "prompt": PROMPT_VERSION,
        "encryption_key": database.vault.keyring.newest,
    }
