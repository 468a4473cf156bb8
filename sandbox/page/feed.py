"""The messages of one chat on the page: the newest at the bottom, changed where they stand."""

import time
from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments, Handler

from sandbox.page import words
from sandbox.page.bubble import bubble, local_time
from sandbox.page.parts import EMIT_PRESSED, button, element, icon_button, text
from sandbox.page.safe import cleaned

MOST_SHOWN = 150
ACTION_SECONDS = 5.0
"""How long clients show a chat action: core.telegram.org/bots/api#sendchataction"""

_SCROLLED = "(event) => sandbox.scrolled(event)"

View = dict[str, Any]


class Feed:
    """Shows what `chat_view` returns; `on_act` gets the data of what was pressed inside a message."""

    def __init__(
        self,
        bot_name: str,
        on_act: Handler[GenericEventArguments],
        on_start: Handler[GenericEventArguments],
    ) -> None:
        self._views: dict[int, View] = {}
        self._shown: dict[int, ui.html] = {}
        self._waiting: dict[str, tuple[int, str]] = {}
        self._day = ""
        self._tail_is_draft = False
        with element("div", "feed-frame"):
            self.scroller = element("div", "scroller", "scroller").on("scroll", js_handler=_SCROLLED)
            with self.scroller, element("div", "feed"):
                self._empty = self._build_empty(bot_name, on_start)
                label = words.CHAT.format(bot=bot_name)
                self._list = element("div", "messages", "messages", role="log", aria_label=label)
                self._list.on("click", on_act, js_handler=EMIT_PRESSED)
                self._tail = element("div", "tail")
            newest = f"() => sandbox.toNewest('{self.scroller.html_id}')"
            icon_button("keyboard_arrow_down", words.TO_NEWEST, "to-newest", js_handler=newest).classes("to-newest")

    @staticmethod
    def _build_empty(bot_name: str, on_start: Handler[GenericEventArguments]) -> ui.element:
        with element("div", "empty", "empty") as empty:
            text(words.EMPTY, "empty-title")
            text(words.EMPTY_HINT.format(bot=bot_name))
            with button("start", words.START, "start", on_start):
                text(words.START)
        return empty

    def clear(self) -> None:
        """Show nothing."""
        self._views.clear()
        self._shown.clear()
        self._waiting.clear()
        self._day = ""
        self._list.clear()
        self._tail.clear()
        self._empty.set_visibility(True)

    def view(self, message_id: int) -> View | None:
        """Return a message that is shown."""
        return self._views.get(message_id)

    def show(self, view: View) -> int:
        """Show what changed; return how many messages of the bot are new."""
        fresh = 0
        for message in sorted(view["messages"], key=_number)[-MOST_SHOWN:]:
            fresh += self._show_message(message)
        self._empty.set_visibility(not self._shown)
        self._show_tail(view)
        return fresh

    def wait(self, query_id: str, message_id: int, data: str) -> None:
        """Show that a button waits for its answer."""
        self._waiting[query_id] = (message_id, data)
        self._draw(message_id)

    def answered(self, query_id: str) -> None:
        """Show that a button's query has been answered."""
        message_id, _ = self._waiting.pop(query_id, (0, ""))
        self._draw(message_id)

    def _show_message(self, message: View) -> bool:
        message_id = message["message_id"]
        if message_id in self._shown:
            self._views[message_id] = message
            self._draw(message_id)
            return False
        if self._shown and message_id < next(iter(self._shown)):
            return False
        self._views[message_id] = message
        self._append(message)
        return bool(message["from"] == "bot")

    def _append(self, message: View) -> None:
        message_id = message["message_id"]
        with self._list:
            shown = ui.html(self._html(message_id), sanitize=False, tag="article")
        shown.classes(f"message {message['from']}")
        shown.props["data-testid"] = "message"
        shown.props["data-from"] = message["from"]
        shown.props["tabindex"] = "-1"
        moment = local_time(message["at"])
        day = f"{moment.day} {moment:%B}"
        if day != self._day:
            shown.props["data-day"] = self._day = day
        self._shown[message_id] = shown
        if len(self._shown) > MOST_SHOWN:
            oldest = next(iter(self._shown))
            self._shown.pop(oldest).delete()
            del self._views[oldest]

    def _draw(self, message_id: int) -> None:
        if shown := self._shown.get(message_id):
            shown.content = self._html(message_id)

    def _html(self, message_id: int) -> str:
        view = self._views[message_id]
        quoted = None
        if view["reply_to"] is not None:
            original = self._views.get(view["reply_to"])
            quoted = original["text"] or original["kind"] if original else words.TOO_FAR_BACK
        waiting = {data for number, data in self._waiting.values() if number == message_id}
        return bubble(view, quoted, waiting)

    def _show_tail(self, view: View) -> None:
        """Show the draft, else the newest action, unless a message came after it."""
        answered = max((message["seq"] for message in view["messages"] if message["from"] == "bot"), default=0)
        action = view["actions"][-1] if view["actions"] else None
        draft = view["draft"]
        if draft is None and action is None and not answered and not self._tail_is_draft:
            return
        self._tail.clear()
        self._tail_is_draft = draft is not None
        with self._tail:
            if draft is not None:
                _draft(draft["html"])
            elif action is not None and action["seq"] > answered:
                _action(action["action"], time.time() - action["at"])


def _number(message: View) -> int:
    return int(message["message_id"])


def _draft(markup: str) -> None:
    with element("div", "message bot draft", "draft"), element("div", "bubble"):
        ui.html(cleaned(markup), sanitize=False).classes("text")


def _action(action: str, age: float) -> None:
    with element("div", "message bot typing", "typing", role="status") as shown:
        shown.style(f"--left: {max(0.0, ACTION_SECONDS - age):.1f}s")
        with element("div", "bubble"):
            text(words.ACTIONS.get(action, words.ACTION))
            for _ in range(3):
                element("span", "dot")
