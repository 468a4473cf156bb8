"""The page of the knowledge: documents, their versions, states and dates."""

from handlers.console.console import Visit
from handlers.console.frame import frame
from handlers.console.parts import chip, dates_of, element, link, people_of, state_of, text
from services.access import READS_KNOWLEDGE, Permission
from services.knowledge.editing import Document

_SHOWN = 6  # versions of a document; older ones unfold


async def documents_page(visit: Visit) -> None:
    """Build the page."""
    with frame(visit):
        text(visit.text("console.knowledge"), tag="h1")
        edits = visit.may(Permission.EDIT_KNOWLEDGE) or visit.may(Permission.APPROVE_KNOWLEDGE)
        if not any(map(visit.may, READS_KNOWLEDGE)):
            text(visit.text("console.nothing"), "hint", "p", "nothing")
            return
        if edits:
            link(visit.text("console.upload"), "/upload", "primary", "upload")
        documents = await visit.do(lambda: visit.editing.documents(visit.visitor.telegram_id))
        if not documents:
            text(visit.text("console.empty"), "hint", "p")
        for document in documents or ():
            _show(visit, document)


def _show(visit: Visit, document: Document) -> None:
    with element("section", "card", "document"):
        with element("div", "card-head"):
            text(document.name, "card-title", "h2")
            text(document.language, "tag")
        with element("div", "versions"):
            _rows(visit, document, 0, _SHOWN)
        if len(document.versions) > _SHOWN:
            with element("details"):
                text(visit.text("console.older"), tag="summary")
                with element("div", "versions"):
                    _rows(visit, document, _SHOWN, None)


def _rows(visit: Visit, document: Document, start: int, end: int | None) -> None:
    for version in document.versions[start:end]:
        with element("div", "version", "version"):
            link(visit.text("console.version", number=version.number), f"/version/{version.id}", "version-link")
            chip(visit, state_of(version, in_force=version.id == document.in_force))
            text(dates_of(visit, version), "soft")
            text(people_of(visit, version), "soft")
