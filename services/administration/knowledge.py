"""The section of the knowledge: what is in force, and which versions wait for somebody to approve them."""

from html import escape

from database.models import KnowledgeVersion, VersionState
from services.access import Permission
from services.administration.screen import Screen, Section, pager
from services.turn import Turn

_KEY = "knowledge"
_SIZE = 10  # lines on a page


def open_knowledge(turn: Turn, page: int, _argument: str) -> Screen:
    """Show drafts first, with where to look at them: approving takes seeing what changes, and the golden questions."""
    current = turn.uow.knowledge.current()
    drafts = [version for version in turn.uow.knowledge.versions() if version.state == VersionState.DRAFT]
    lines = [_draft(turn, version) for version in drafts] + [_line(version, "✅") for version in current]
    shown = lines[page * _SIZE : (page + 1) * _SIZE] or ["—"]
    html = "\n".join((turn.text("admin.knowledge.list", drafts=len(drafts), current=len(current)), *shown))
    more = len(lines) > (page + 1) * _SIZE
    return Screen(html, pager(turn, _KEY, (page, ""), more=more), page)


def _draft(turn: Turn, version: KnowledgeVersion) -> str:
    by = turn.text("admin.staff.by_command") if version.uploaded_by is None else str(version.uploaded_by)
    where = turn.text("admin.knowledge.where", by=by, path=f"/console/version/{version.id}")
    return f"{_line(version, '⏳')}\n   {where}"


def _line(version: KnowledgeVersion, sign: str) -> str:
    return f"{sign} {escape(version.document)} · {version.language} · v{version.number}"


SECTION = Section(_KEY, "admin.knowledge", Permission.APPROVE_KNOWLEDGE, open_knowledge)
