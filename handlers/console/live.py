"""Live pages: what they show is sent in pieces, those alone that changed; what is done on them comes back as acts."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from logging import getLogger
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar, TypeVar

from fastapi import APIRouter
from fastapi.responses import FileResponse
from nicegui import ui
from nicegui.events import GenericEventArguments
from sqlalchemy.exc import SQLAlchemyError

from handlers.console.console import PATH, Visit
from handlers.console.followers import Followers
from handlers.console.refusals import wording
from services.desk.desk import Desk
from services.desk.pulse import Beat
from services.errors import DeskRefusal

_HERE = Path(__file__).parent
_SELDOM = 20.0  # seconds after which a page looks by itself: rights may have gone, times have passed
_UNSEEN = frozenset({"typing", "search"})  # acts that change nothing of what a page shows
_OFTEN = 10.0  # seconds for which a page that looks by itself trusts its session; rights are asked at each look
Result = TypeVar("Result")
Detail = Mapping[str, Any]
Piece = str | list[tuple[str, str]] | dict[str, Any]

_log = getLogger(__name__)


def live_router() -> APIRouter:
    """Return the scripts and the style that live pages need."""
    router = APIRouter(prefix=PATH, include_in_schema=False)
    for name, kind in (("live.js", "text/javascript"), ("files.js", "text/javascript"), ("live.css", "text/css")):
        router.add_api_route(f"/{name}", _file(_HERE / name, kind))
    return router


def _file(path: Path, kind: str) -> Callable[[], FileResponse]:
    return lambda: FileResponse(path, media_type=kind, headers={"cache-control": "no-cache"})


class Live:
    """A page in one browser; `acts` are what may be done on it. Subclasses say what is looked at and drawn."""

    acts: ClassVar[Mapping[str, Callable[[Any, Detail], Awaitable[None]]]] = {}

    def __init__(self, visit: Visit, followers: Followers, skeleton: str) -> None:
        self.visit = visit
        self.followers = followers
        self._client = ui.context.client
        self._shown: dict[str, int] = {}
        self._looked_at = self._asked_at = 0.0
        self._refreshing: asyncio.Task[None] | None = None
        self._again = False
        root = ui.html(skeleton, sanitize=False).classes("live")
        root.on("act", self._acted, js_handler="(event) => emit(event.detail)")
        followers.join(self)
        self._client.on_delete(lambda: followers.leave(self))

    @property
    def account(self) -> int:
        """Whose page it is."""
        return self.visit.visitor.telegram_id

    def look(self, desk: Desk) -> Any:
        """Return what there is to see, in a thread; raises DeskRefusal."""
        raise NotImplementedError

    def draw(self, seen: Any) -> None:
        """Show what was seen."""
        raise NotImplementedError

    def concerns(self, beat: Beat) -> bool:
        """Return whether what changed may be seen here."""
        raise NotImplementedError

    def follow(self, beat: Beat) -> None:
        """Look again when something changed that may be seen here, and now and then."""
        if self._client.is_deleted:
            self.followers.leave(self)
        elif self.concerns(beat) or monotonic() - self._looked_at > _SELDOM:
            self.refresh()

    def refresh(self) -> None:
        """Look again soon; asked for meanwhile, once more after that."""
        self._again = True
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.get_running_loop().create_task(self._refresh())

    def show(self, **pieces: Piece) -> None:
        """Send those pieces that are not what the browser has already."""
        changed = {}
        for name, piece in pieces.items():
            stamp = hash(json.dumps(piece))
            if self._shown.get(name) != stamp:
                self._shown[name] = stamp
                changed[name] = piece
        if changed and not self._client.is_deleted:
            self._client.run_javascript(f"live.show({json.dumps(changed)})")

    def call(self, function: str, *arguments: Any) -> None:
        """Call a function of the page's script, if the page is still there."""
        if self._client.is_deleted:
            return
        self._client.run_javascript(f"live.{function}({', '.join(json.dumps(each) for each in arguments)})")

    async def do(self, act: Callable[[Desk], Result]) -> Result | None:
        """Let the person do something at the desk; what is refused is told, and gives None."""
        return await self._told(self.visit.checked, lambda: self.followers.door.do(self.account, act))

    async def see(self, look: Callable[[Desk], Result]) -> Result | None:
        """Let the person look something up; what is refused is told, and gives None."""
        return await self._told(self.visit.checked, lambda: self.followers.door.look(self.account, look))

    def say(self, key: str) -> None:
        """Tell the person in passing that something is done."""
        self.visit.notify(self.wording(key))

    def refuse(self, key: str, /, **params: object) -> None:
        """Tell the person why something is not done."""
        words = self.wording(key, **params)
        self.visit.notify(words, refused=True)
        self.call("problem", words)

    def wording(self, key: str, /, **params: object) -> str:
        """Return a text without mark-up."""
        return wording(self.visit, key, **params)

    async def _told(self, through: Callable[..., Awaitable[Result]], call: Callable[[], Result]) -> Result | None:
        try:
            return await through(call)
        except DeskRefusal as refusal:
            self.refuse(refusal.key, **refusal.params)
        except PermissionError:
            self._leave()
        except SQLAlchemyError as error:
            _log.warning("an act at the desk failed", extra={"error": type(error).__name__})
            self.refuse("console.error.unavailable")
        return None

    async def _acted(self, event: GenericEventArguments) -> None:
        detail = event.args if isinstance(event.args, dict) else {}
        act = self.acts.get(str(detail.get("act")))
        if act is not None:
            try:
                await act(self, detail)
            except (ValueError, KeyError, TypeError):  # no page of ours says such a thing
                _log.warning("an act at the desk could not be read")
            if detail["act"] not in _UNSEEN:
                self.refresh()

    async def _refresh(self) -> None:
        while self._again and not self._client.is_deleted:
            self._again = False
            self._looked_at = monotonic()
            try:
                seen = await self._seen()
            except DeskRefusal as refusal:
                self.show(shut=self.wording(refusal.key, **refusal.params))
            except PermissionError:
                self._leave()
            except SQLAlchemyError as error:
                _log.warning("a page of the desk could not look", extra={"error": type(error).__name__})
                self.show(shut=self.wording("console.error.unavailable"))
            else:
                self.show(shut="")
                self.draw(seen)

    async def _seen(self) -> Any:
        """Look; whether the session is still open is asked at each act, and here now and then."""
        if self._looked_at - self._asked_at < _OFTEN:
            return await asyncio.to_thread(self.followers.door.look, self.account, self.look)
        seen = await self.visit.looked(lambda: self.followers.door.look(self.account, self.look))
        self._asked_at = self._looked_at
        return seen

    def _leave(self) -> None:
        self.followers.leave(self)
        self.visit.go("/sign-in")
