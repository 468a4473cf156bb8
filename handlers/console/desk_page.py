"""The desk's page: an operator's chats, one of them opened, and who waits; it follows what happens anywhere."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from database.models import Delivery
from handlers.console import desk_context, desk_feed, desk_lists
from handlers.console.console import Visit
from handlers.console.desk_acts import ACTS
from handlers.console.desk_shape import shape
from handlers.console.desk_words import Wording
from handlers.console.followers import Followers
from handlers.console.frame import frame
from handlers.console.live import Live
from services.desk.desk import Desk
from services.desk.glance import Glance, glance
from services.desk.pulse import Beat

_PATIENT = 25  # looks at messages on their way, after which they are looked at as seldom as all else
_UNDER_WAY = frozenset({Delivery.PENDING, Delivery.SENDING})


async def desk_page(visit: Visit, followers: Followers, asked: str) -> None:
    """Build the page; `asked` is the chat that the address names."""
    with frame(visit, live=True):
        page = DeskPage(visit, followers)
        page.chosen = _key(asked)
        page.refresh()


class DeskPage(Live):
    """One operator's page; `chosen` is the chat that they opened, None for the current one."""

    acts: ClassVar[Mapping[str, Any]] = ACTS

    def __init__(self, visit: Visit, followers: Followers) -> None:
        self.words = Wording(visit)
        self.chosen: UUID | None = None
        self._chats: frozenset[UUID] = frozenset()
        self._waits: frozenset[UUID] = frozenset()
        self._heard: frozenset[UUID] = frozenset()
        self._rings = 0
        self._under_way = 0
        super().__init__(visit, followers, shape(self.words, followers.door.tools.policy))

    async def open(self, chat: UUID | None) -> None:
        """Open a chat that was just taken, if it was."""
        if chat is not None:
            self.chosen = chat
            self.call("opened")

    def concerns(self, beat: Beat) -> bool:
        """Return whether one's own chats, the opened one or oneself are meant; the queue is drawn from the floor."""
        self._heard |= beat.conversations & self._chats
        if beat.floor is not None:
            self._draw_queue()
        return bool(self._heard) or self.account in beat.people or self._under_way > 0

    def look(self, desk: Desk) -> Glance:
        """Return what the operator sees."""
        return glance(desk, self.chosen)

    def draw(self, seen: Glance) -> None:
        """Show it."""
        rules, opened = self.followers.door.tools.policy.desk, seen.opened
        self._follow_chats(seen)
        words, me = self.words, self.account
        self._draw_queue()
        self.show(
            presence=desk_lists.presence(words, seen, rules.breaks),
            chats=desk_lists.chats(words, seen),
            head=desk_feed.head(words, seen, me),
            feed=desk_feed.feed(words, seen),
            suggestion=desk_feed.suggestion(words, seen),
            bar=desk_feed.bar(words, seen, me, rules.codes),
            context=desk_context.context(words, seen),
            state={
                "chat": str(opened.card.id) if opened else None,
                "writable": desk_feed.writable(seen, me),
                "current": bool(opened and any(card.current and card.id == opened.card.id for card in seen.cards)),
                "suggested": opened.suggestion.text if opened and opened.suggestion else "",
                "canned": list(seen.canned),
                "unread": sum(card.waits for card in seen.cards),
                "rings": self._rings,
            },
        )

    def _follow_chats(self, seen: Glance) -> None:
        waits = frozenset(card.id for card in seen.cards if card.waits)
        known = frozenset(card.id for card in seen.cards)
        if waits & self._heard or (waits - self._waits and self._chats):
            self._rings += 1
        self._waits, self._heard = waits, frozenset()
        self._chats = known | ({seen.opened.card.id} if seen.opened else frozenset())
        moving = any(bubble.state in _UNDER_WAY for bubble in seen.opened.bubbles) if seen.opened else False
        self._under_way = (self._under_way or _PATIENT + 1) - 1 if moving else 0

    def _draw_queue(self) -> None:
        """Show the queue to whoever may still take chats; it is the same for all, so nothing is asked for it."""
        floor = self.followers.floor
        waiting = floor.waiting if self.account in floor.staff else ()
        mine = [each.short for each in waiting if each.offered_to == self.account]
        self.show(
            queue=desk_lists.queue(self.words, waiting, self.account),
            floor={"waiting": len(waiting), "offered": mine},
        )


def _key(asked: str) -> UUID | None:
    try:
        return UUID(asked) if asked else None
    except ValueError:
        return None
