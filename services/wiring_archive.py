"""Puts the archive's parts together: who writes it, who reads it, and where it lies."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from config import Settings
from database.db import Database
from services.archive.archiving import Archivist
from services.archive.night import Night
from services.archive.shelf import Shelf
from services.retention.running import Retention
from services.retention.schedule import Schedule
from services.wiring_files import make_archive_storage, make_storage


def make_archivist(
    settings: Settings, database: Database, by: Mapping[str, str | int | bool | None] | None = None
) -> Archivist:
    """Return who writes archives; `by` is what the audit log is told of who asked for it."""
    return Archivist(database, make_archive_storage(settings), make_storage(settings), by=by)


def make_shelf(settings: Settings, database: Database, room: Path) -> Shelf:
    """Return who reads archives; `room` is a folder for what is looked at."""
    return Shelf(make_archive_storage(settings), database.vault.keyring, database.bot_id, room)


def make_retention(
    settings: Settings, database: Database, by: Mapping[str, str | int | bool | None] | None = None
) -> Retention:
    """Return who keeps rows no longer than the schedule says."""
    days = settings.retention.model_dump()
    schedule = Schedule(days=days, idle=days.pop("idle"))
    return Retention(database, schedule, partial(make_shelf, settings, database), make_storage(settings), **(by or {}))


def make_night(settings: Settings, database: Database) -> Night:
    """Return who does the night's work."""
    archive = settings.archive
    return Night(
        database,
        make_archivist(settings, database),
        make_retention(settings, database),
        archive.at,
        3600 * archive.after_hours,
    )
