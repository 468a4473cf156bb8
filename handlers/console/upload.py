"""The page on which a document is uploaded: what was understood of it is shown before anything is stored."""

from nicegui import events, ui

from handlers.console.console import Visit
from handlers.console.entries import entries
from handlers.console.frame import frame
from handlers.console.parts import button, card, element, fill, picker, text, warn
from services.access import Permission
from services.knowledge.editing import Preview
from services.knowledge.parse import MAX_BYTES


async def upload_page(visit: Visit) -> None:
    """Build the page."""
    _UploadPage(visit)


class _UploadPage:
    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        with frame(visit):
            text(visit.text("console.upload"), tag="h1")
            if not visit.may(Permission.EDIT_KNOWLEDGE):
                text(visit.text("console.nothing"), "hint", "p", "nothing")
                return
            text(visit.text("console.file_hint", megabytes=MAX_BYTES // 2**20), "hint", "p")
            picker(visit, MAX_BYTES, self._arrived)
            self._shown = element("div", "stack", "preview")

    async def _arrived(self, event: events.UploadEventArguments) -> None:
        self._shown.clear()
        name, content = event.file.name, await event.file.read()
        preview = await self._visit.do(lambda: self._visit.editing.preview(name, content))
        if preview is not None:
            fill(self._shown, lambda: self._show(preview))

    def _show(self, preview: Preview) -> None:
        visit = self._visit
        languages = {code: visit.console.words.text(code, "language.name") for code in visit.console.words.languages}
        languages.setdefault(preview.language, preview.language)
        with card(preview.file_name):
            text(visit.plural("console.understood", len(preview.parsed.entries)), "strong", "p", "understood")
            self._warn(preview)
            with element("div", "fields"):
                document = ui.input(visit.text("console.document"), value=preview.document).props("outlined dense")
                language = ui.select(languages, label=visit.text("console.language"), value=preview.language)
                language.props("outlined dense")

            async def save() -> None:
                await self._save(preview, str(document.value or ""), str(language.value))

            button(visit.text("console.save"), "save", save, "primary")
        with card(visit.text("console.entries")):
            entries(visit, preview.parsed.entries)

    def _warn(self, preview: Preview) -> None:
        visit = self._visit
        if preview.seems and preview.seems != preview.language:
            seems = visit.console.words.text(preview.seems, "language.name")
            text(visit.text("console.seems", language=seems), "warning", "p", "warning")
        for remark in preview.parsed.warnings:
            warn(visit, remark)

    async def _save(self, preview: Preview, document: str, language: str) -> None:
        visit = self._visit
        by = visit.visitor.telegram_id
        version = await visit.do(lambda: visit.editing.upload(by, preview, document, language))
        if version is not None:
            visit.go(f"/version/{version.id}")
