"""One person's phone on the page."""

from collections.abc import Callable

from nicegui import ui
from nicegui.events import GenericEventArguments

from sandbox.page import words
from sandbox.page.bubble import shortened
from sandbox.page.composer import Composer
from sandbox.page.feed import Feed
from sandbox.page.parts import element, show_icon, text
from sandbox.page.people import full_name, role
from sandbox.page.phone import Phone
from sandbox.page.profile import Profile
from sandbox.page.toasts import Toasts
from sandbox.telegram.view import chat_view
from sandbox.telegram.world import World


class Pane:
    """Shows a person's chat with the bot and lets them act in it; `refresh` follows the world."""

    def __init__(self, world: World, person_id: int, on_close: Callable[[int], None]) -> None:
        self.phone = Phone(world, person_id, self._complain)
        self._seen = 0
        label = f"{role(person_id)}: {full_name(self.phone.person)}"
        with element("section", "pane", f"pane-{person_id}", aria_label=label) as self.frame:
            self._profile = Profile(self.phone, lambda: on_close(person_id))
            with element("div", "pinned", "pinned", title=words.PINNED) as self._pinned:
                show_icon("push_pin")
                self._pinned_text = text("")
            self._feed = Feed(self.phone.bot_name, self._act, self._start)
            self._toasts = Toasts()
            self._composer = Composer(self.phone, self._feed.scroller.html_id)
        self.refresh()

    def refresh(self) -> int:
        """Show what has changed; return how many messages of the bot are new."""
        chat = self.phone.chat
        view = chat_view(self.phone.world, chat, self._seen)
        first_look = self._seen == 0
        self._seen = view["seq"]
        self._profile.show()
        fresh = self._feed.show(view)
        for toast in [] if first_look else view["toasts"]:
            self._feed.answered(toast["callback_query_id"])
            self._toasts.answer(toast)
        pinned = chat.find(view["pinned"]) if view["pinned"] else None
        self._pinned.set_visibility(pinned is not None)
        self._pinned_text.text = shortened(pinned.wire.get("text", words.PINNED)) if pinned else ""
        self._composer.show(view, chat.keyboard)
        return fresh

    def restart(self) -> None:
        """Follow a world that started afresh."""
        self._seen = 0
        self._feed.clear()
        self.refresh()

    def _complain(self, sentence: str) -> None:
        self._toasts.say(sentence)

    def _start(self) -> None:
        self.phone.do(lambda actor: actor.say("/start"))

    def _act(self, event: GenericEventArguments) -> None:
        """Do what a button inside of a message says."""
        message_id = int(event.args["message"])
        view = self._feed.view(message_id)
        if view is None:
            return
        match event.args["act"]:
            case "edit":
                self._composer.edit(message_id, view["text"])
            case "reply":
                self._composer.reply(message_id, view["text"] or view["kind"])
            case "press":
                rows = view["reply_markup"]["inline_keyboard"]
                self._press(message_id, rows[int(event.args["row"])][int(event.args["column"])])

    def _press(self, message_id: int, key: dict[str, object]) -> None:
        data, copied = key.get("callback_data"), key.get("copy_text")
        if isinstance(data, str):
            query_id = self.phone.press(message_id, data)
            if query_id is not None:
                self._feed.wait(query_id, message_id, data)
        elif isinstance(copied, dict):
            ui.clipboard.write(copied["text"])
            self._toasts.say(words.COPIED)
        else:
            self._complain(words.ONLY_IN_TELEGRAM)
