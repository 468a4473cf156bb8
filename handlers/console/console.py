"""What the console's pages are given, and the visit of one person to one page."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from logging import getLogger
from typing import TypeVar

from nicegui import Client, ui
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request

from services.access import Permission
from services.audit.reading import Reading
from services.errors import OfficeRefusal
from services.explanation import Explanations, NoSuchAnswer, NotForYou
from services.knowledge.editing import Editing
from services.knowledge.errors import KnowledgeError, LifecycleError
from services.knowledge.questions import Questions
from services.ports import Words
from services.running.office import Office
from services.sign_in import SignIn, Visitor
from services.system import System

PATH = "/console"
_TAG = re.compile(r"<[^>]+>")  # of texts that are written for the messenger
COOKIE = "console_session"
Result = TypeVar("Result")

_log = getLogger(__name__)


@dataclass(frozen=True)
class Console:
    """The use cases behind the pages, and what they say."""

    sign_in: SignIn
    editing: Editing
    questions: Questions
    explanations: Explanations
    words: Words
    language: str
    audit: Reading
    settings: Office
    system: System

    async def visit(self, request: Request) -> "Visit | None":
        """Return the visit of whoever is signed in in this browser."""
        token = request.cookies.get(COOKIE)
        visitor = await asyncio.to_thread(self.sign_in.visitor, token)
        if token is None or visitor is None:
            return None
        return Visit(self, token, visitor)


class Visit:
    """One person on one page; session and role are asked again at each act.

    What is told goes to the page, not to the element that was pressed: that one may be drawn anew, or the whole page be
    closed, while the act goes on.
    """

    def __init__(self, console: Console, token: str, visitor: Visitor) -> None:
        self.console = console
        self.visitor = visitor
        self.page: Client | None = None
        self._token = token

    @property
    def editing(self) -> Editing:
        """What may be done with the knowledge."""
        return self.console.editing

    @property
    def over(self) -> bool:
        """Whether the page was closed, or lost for longer than it is waited for: nobody is there to be told."""
        return self.page is None or self.page.is_deleted

    def text(self, key: str, /, **params: object) -> str:
        """Return a text in the person's language, plain."""
        return unescape(self.console.words.text(self.visitor.language, key, **params))

    def plural(self, key: str, /, n: int, **params: object) -> str:
        """Return a text whose form depends on a number, plain."""
        return unescape(self.console.words.plural(self.visitor.language, key, n, **params))

    def may(self, permission: Permission) -> bool:
        """Return whether the person might do something when the page was opened: for what is shown only."""
        return self.visitor.may(permission)

    async def do(self, act: Callable[[], Result], *, seen: bool = True) -> Result | None:
        """Let the person do something in a thread; what is refused is told, and gives None.

        Not `seen` is what a page does by itself, which keeps no session from ending.
        """
        try:
            return await (self.checked(act) if seen else self.looked(act))
        except (KnowledgeError, LifecycleError, NotForYou, NoSuchAnswer) as error:
            self.refuse(error.code)
        except OfficeRefusal as error:
            self.tell_no(self.text(error.key, **error.params))
        except PermissionError:
            self.go("/sign-in")
        except SQLAlchemyError as error:
            _log.warning("an act in the console failed", extra={"error": type(error).__name__})
            self.refuse("unavailable")
        return None

    async def checked(self, act: Callable[[], Result]) -> Result:
        """Let the person do something in a thread; raises PermissionError once the session has ended."""
        return await asyncio.to_thread(self._checked, act)

    async def looked(self, look: Callable[[], Result]) -> Result:
        """Let a page look again by itself, which keeps no session from ending; raises PermissionError after that."""
        return await asyncio.to_thread(self._checked, look, seen=False)

    def tell(self, key: str) -> None:
        """Tell in passing that something is done."""
        self.notify(self.text(key))

    def refuse(self, code: str) -> None:
        """Tell why something was refused."""
        self.tell_no(self.text(f"console.error.{code}"))

    def tell_no(self, said: str) -> None:
        """Show a refusal."""
        self.notify(_TAG.sub("", said), refused=True)

    def notify(self, words: str, *, refused: bool = False) -> None:
        """Show words in passing; longer if something was refused."""
        if self.page and not self.over:
            with self.page:
                if refused:
                    ui.notify(words, type="negative", multi_line=True, timeout=10_000, position="top")
                else:
                    ui.notify(words, type="positive")

    def go(self, address: str) -> None:
        """Lead to another page of the console."""
        if self.page and not self.over:
            with self.page:
                ui.navigate.to(address)

    def download(self, content: bytes | str, name: str) -> None:
        """Give a file to be saved."""
        if self.page and not self.over:
            with self.page:
                ui.download.content(content, name)

    def _checked(self, act: Callable[[], Result], *, seen: bool = True) -> Result:
        if self.console.sign_in.visitor(self._token, seen=seen) is None:
            raise PermissionError
        return act()
