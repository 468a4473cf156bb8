"""The menu behind the paper-clip: files, contacts and the rest that a person may send."""

from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.events import UploadEventArguments

from sandbox.page import words
from sandbox.page.dialogs import Field, ask
from sandbox.page.parts import EMIT_NOTHING, icon_button, show_icon
from sandbox.page.phone import Phone
from sandbox.telegram.files import SentFile

_STICKER = "👍"
_PLACE = (55.7558, 37.6173)

_FILES = {
    "photo": (words.PHOTO, "image"),
    "video": (words.VIDEO, "movie"),
    "voice": (words.VOICE, "mic"),
    "document": (words.DOCUMENT, "description"),
}


class Attach:
    """A button with its menu; what is chosen is sent from the phone."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._kind = "document"
        self._upload = ui.upload(on_upload=self._uploaded, auto_upload=True).classes("upload")
        with icon_button("attach_file", words.ATTACH, "attach"), ui.menu().props("auto-close"):
            for kind, (label, symbol) in _FILES.items():
                self._file_item(kind, label, symbol)
            ui.separator()
            _item("own-contact", words.OWN_CONTACT, "call", self._share_own)
            _item("other-contact", words.OTHER_CONTACT, "contact_phone", self._share_other)
            ui.separator()
            _item("sticker", words.STICKER, "mood", self._send_sticker)
            _item("location", words.LOCATION, "place", self.send_location)
            _item("poll", words.POLL, "poll", self.send_poll)

    def _file_item(self, kind: str, label: str, symbol: str) -> None:
        """Open the browser's file chooser, which only an event on its own side may."""

        def chosen() -> None:
            self._kind = kind

        pick = f"() => {{ emit(); getElement({self._upload.id}).$refs.qRef.pickFiles(); }}"
        _row(f"attach-{kind}", label, symbol).on("click", chosen, js_handler=pick)

    async def _uploaded(self, event: UploadEventArguments) -> None:
        kind, file = self._kind, event.file
        content = await file.read()
        self._upload.reset()
        if kind == "photo" and not file.content_type.startswith("image/"):
            self._phone.complain(words.NOT_A_PICTURE)
            return
        self._phone.do(lambda actor: actor.send_files([SentFile(kind, file.name, content)]))

    def _share_own(self) -> None:
        self._phone.do(lambda actor: actor.share_contact())

    async def _share_other(self) -> None:
        fields = (
            Field("phone_number", words.PHONE_NUMBER, "+79161234567"),
            Field("first_name", words.FIRST_NAME, "Boris"),
            Field("user_id", words.PERSON_ID),
        )
        given = await ask(words.OTHER_CONTACT, fields, words.SHARE)
        if given is None or not given["phone_number"]:
            return
        card: dict[str, str | int] = {
            "phone_number": given["phone_number"],
            "first_name": given["first_name"] or words.CONTACT,
        }
        if given["user_id"].isdecimal():
            card["user_id"] = int(given["user_id"])
        self._phone.do(lambda actor: actor.share_contact(card))

    def _send_sticker(self) -> None:
        self._phone.do(lambda actor: actor.send_sticker(_STICKER))

    def send_location(self) -> None:
        """Send a place."""
        self._phone.do(lambda actor: actor.send_location(*_PLACE))

    def send_poll(self) -> None:
        """Send a poll."""
        self._phone.do(lambda actor: actor.send_poll(words.POLL_QUESTION, list(words.POLL_OPTIONS)))


def _row(testid: str, label: str, symbol: str) -> ui.menu_item:
    with ui.menu_item(auto_close=False).classes("menu-row") as row:
        show_icon(symbol)
        ui.label(label)
    row.props["data-testid"] = testid
    return row


def _item(testid: str, label: str, symbol: str, act: Callable[[], Awaitable[None] | None]) -> None:
    _row(testid, label, symbol).on("click", act, js_handler=EMIT_NOTHING)
