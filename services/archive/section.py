"""The section of the archive in the administrators' panel: what was archived last, what waits, who is under a hold."""

from database.models import Archive
from services.access import Permission
from services.administration.screen import Screen, Section, pager
from services.turn import Turn

_KEY = "archive"
_SIZE = 8  # archives on a page
_HOUR = 3600.0


def open_archive(turn: Turn, page: int, argument: str) -> Screen:
    """Show the archives, the newest first."""
    del argument
    uow = turn.uow
    found = uow.archives.page(page * _SIZE, _SIZE + 1)
    lines = [turn.text("archives.title"), *(_row(turn, archive) for archive in found[:_SIZE])]
    if not found:
        lines.append(turn.text("archives.none"))
    waits = uow.archives.waits()
    waiting = turn.text("archives.waits", hours=round(waits / _HOUR)) if waits else turn.text("archives.nothing_waits")
    lines += ["", waiting, turn.text("archives.holds", number=len(uow.holds.all()))]
    return Screen("\n".join(lines), pager(turn, _KEY, (page, ""), more=len(found) > _SIZE), page)


def _row(turn: Turn, archive: Archive) -> str:
    at = archive.checked_at or archive.created_at
    said = turn.text(
        "archives.row", day=archive.day.isoformat(), number=archive.conversations, at=f"{at:%Y-%m-%d %H:%M}"
    )
    return f"{said}\n{turn.text('archives.findings', number=archive.findings)}" if archive.findings else said


SECTION = Section(_KEY, "archives.section", Permission.ADMINISTER, open_archive)
