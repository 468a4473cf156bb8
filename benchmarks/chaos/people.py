"""People: what one may do in a chat, and what the bot has to answer to it."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from benchmarks.chaos.ledger import Act, Ledger, Slot
from benchmarks.chaos.replies import LANGUAGE
from benchmarks.chaos.words import Vocabulary
from sandbox.client import SandboxClient

PATIENCE = 150.0  # seconds after which somebody goes on without an answer, which then counts as lost
Step = Callable[[], bool]  # whether somebody who waits may go on
Steps = Iterator[Step]

_PIXEL = {"kind": "photo", "base64": "iVBORw0KGgo="}
_KEPT = {"photo": "🖼", "voice": "🎙"}  # what is on record of a file that is kept for a person
# Acts that get exactly one reply, each of another kind: so that no reply can be taken for another one's.
PLAIN: tuple[tuple[dict[str, Any], str], ...] = (
    ({"text": "/privacy"}, "privacy.show"),
    ({"text": "/mode"}, "mode.ask"),
    ({"text": "/nonsense"}, "unsupported.command"),
    ({"sticker": "🙂"}, "unsupported.sticker"),
    ({"poll": {"question": "?", "options": ["a", "b"]}}, "unsupported.poll"),
    ({"location": {"latitude": 1, "longitude": 2}}, "unsupported.location"),
    ({"file": _PIXEL}, "unsupported.photo"),
    ({"file": {**_PIXEL, "kind": "voice"}}, "unsupported.voice"),
    ({"file": {**_PIXEL, "kind": "document"}}, "unsupported.document"),
)


@dataclass
class World:
    """What everybody shares."""

    client: SandboxClient
    ledger: Ledger
    words: Vocabulary


class Person:
    """Somebody with a chat of their own; `draw` decides what they do."""

    def __init__(self, world: World, number: int, name: str, draw: Random) -> None:
        self.world = world
        self.id = number
        self.name = name
        self.draw = draw
        self.texts: list[str] = []  # everything that has to be on record, in order
        world.client.describe(number, first_name=name, language_code=LANGUAGE)

    def does(
        self,
        deed: dict[str, Any],
        *answers: Slot,
        optional: Sequence[Slot] = (),
        asks: bool = False,
        interrupts: bool = False,
        instead: str = "",
    ) -> Act:
        """Do something, and note what it has to be answered with."""
        at = time.time()
        if sign := _KEPT.get(deed.get("file", {}).get("kind", "")):
            self.texts.append(sign)
        update_id = self.world.client.send(self.id, **deed)["update_id"]
        what = str(deed.get("text") or next(iter(deed)))
        act = Act(update_id, self.id, what, at, asks=asks, interrupts=interrupts, instead=instead)
        return self.world.ledger.add(act, answers, optional)

    def chance(self, probability: float) -> bool:
        """Decide by chance."""
        return self.draw.random() < probability

    def says(self, text: str, *answers: Slot, optional: Sequence[Slot] = (), asks: bool = False) -> Act:
        """Say something in free words."""
        self.texts.append(text)
        return self.does({"text": text}, *answers, optional=optional, asks=asks)


def pause(seconds: float) -> Step:
    """Return a step that waits some seconds."""
    until = time.monotonic() + seconds
    return lambda: time.monotonic() >= until


def settled(acts: Sequence[Act]) -> Step:
    """Return a step that waits until acts are answered, or patience ends."""
    patience = pause(PATIENCE)
    return lambda: all(act.settled_at is not None for act in acts) or patience()
