"""Customers: they ask, write in bursts, press commands, end, and call for a person, at their own pace."""

from collections.abc import Callable, Sequence
from itertools import cycle
from random import Random

from benchmarks.chaos.ledger import Act
from benchmarks.chaos.people import PLAIN, Person, Steps, World, pause, settled
from benchmarks.chaos.words import FILLERS

_SILENCE = 1.5  # seconds after a confirmed end in which nothing may come


class Moderator(Person):
    """Somebody of the staff, who serves one customer at a time."""

    busy = True

    def arrive(self) -> Steps:
        """Start the bot: it may not write to anybody who has not."""
        yield settled([self.does({"text": "/start"}, (self.id, "start.hello"), (self.id, "language.ask"))])
        self.busy = False


class Customer(Person):
    """A customer: `life` goes on until the stage is told to close."""

    def __init__(  # noqa: PLR0913 - each thing that makes a customer is named
        self,
        world: World,
        number: int,
        draw: Random,
        *,
        think: float,
        staff: Sequence[Moderator],
        open_: Callable[[], bool],
    ) -> None:
        super().__init__(world, number, f"Customer{number}", draw)
        self._think = think
        self._staff = staff
        self._open = open_
        names = world.words.names
        self._names = cycle(draw.sample(names, len(names)))
        self._plain = cycle(draw.sample(PLAIN, len(PLAIN)))

    def life(self) -> Steps:
        """Do one thing after another, each once what was done before is answered."""
        episodes = (self._ask, self._burst, self._press, self._end, self._talk_to_a_person)
        while True:
            yield pause(self.draw.uniform(0.2, 2 * self._think))
            if not self._open():
                return
            [episode] = self.draw.choices(episodes, weights=(40, 20, 20, 10, 10))
            yield from episode()

    def _ask(self) -> Steps:
        """Ask; now and then say more, or press something, before the answer is there."""
        acts = [self._question()]
        if self.chance(0.2):
            yield pause(self.draw.uniform(0, 0.5))
            acts.append(self._filler(FILLERS[-1]))
        if self.chance(0.4):
            yield pause(self.draw.uniform(0, 0.5))
            acts += [self._command() for _ in range(self.draw.randint(1, 2))]
        yield settled(acts)

    def _burst(self) -> Steps:
        """Write three quick messages, of which the last one holds the question."""
        for words in FILLERS:
            self._filler(words)
            yield pause(self.draw.uniform(0, 0.25))
        yield settled([self._question()])

    def _press(self) -> Steps:
        acts = [self._command() for _ in range(self.draw.randint(1, 3))]
        yield settled(acts)

    def _end(self) -> Steps:
        """Ask, perhaps press something, and end the conversation, with or without the answer."""
        acts = [self._question()]
        yield pause(self.draw.uniform(0, 1))
        if self.chance(0.5):
            acts.append(self._command())
        acts.append(self.does({"text": "/end"}, (self.id, "end.done"), interrupts=True))
        yield settled(acts)
        yield pause(_SILENCE)

    def _talk_to_a_person(self) -> Steps:
        """Call for a person, talk, and end it from either side."""
        moderator = next((person for person in self._staff if not person.busy), None)
        if moderator is None:
            return
        moderator.busy = True
        acts = [self._question()] if self.chance(0.5) else []
        calls = [(person.id, f"handover.call:{self.name}") for person in self._staff]
        acts.append(self.does({"text": "/help"}, (self.id, "handover.queued"), *calls, interrupts=True))
        yield settled(acts)
        if self.chance(0.5):
            yield settled([self.says(self._next_question(), (self.id, "handover.noted"))])
        yield from self._be_taken(moderator)
        yield from self._converse(moderator)
        who = self.draw.choice((self, moderator))
        ended = who.does({"text": "/end"}, (self.id, "end.done"), (moderator.id, "end.done_staff"), interrupts=True)
        yield settled([ended])
        moderator.busy = False
        yield pause(_SILENCE)

    def _be_taken(self, moderator: Moderator) -> Steps:
        """Let the moderator press the button until it works: without Redis privileged acts are refused."""
        while True:
            deed = {"button": _take_button(moderator, self.name)}
            answers = ((moderator.id, f"handover.yours:{self.name}"), (self.id, "handover.joined"))
            taken = moderator.does(deed, *answers, instead="refused.unavailable")
            yield settled([taken])
            if not taken.refused:
                return
            yield pause(1.0)

    def _converse(self, moderator: Moderator) -> Steps:
        acts: list[Act] = []
        for _ in range(self.draw.randint(1, 4)):
            speaker, hearer = self.draw.choice(((self, moderator), (moderator, self)))
            text = self._next_question()
            acts.append(speaker.says(text, (hearer.id, f"relay:{text}")))
            yield pause(self.draw.uniform(0, 0.5))
        yield settled(acts)

    def _question(self) -> Act:
        name = next(self._names)
        code = self.world.words.codes[name]
        return self.says(self.world.words.question(name), (self.id, f"answer:{code}"), asks=True)

    def _next_question(self) -> str:
        return self.world.words.question(next(self._names))

    def _filler(self, words: str) -> Act:
        return self.says(words, optional=[(self.id, "answer.not_found")], asks=True)

    def _command(self) -> Act:
        deed, slot = next(self._plain)
        return self.does(dict(deed), (self.id, slot))


def _take_button(moderator: Moderator, name: str) -> dict[str, object]:
    """Return the button under the newest call for a customer."""
    for message in reversed(moderator.world.client.chat(moderator.id)["messages"]):
        keyboard = (message["reply_markup"] or {}).get("inline_keyboard")
        if keyboard and name in (message["text"] or ""):
            return {"message_id": message["message_id"], "data": keyboard[0][0]["callback_data"]}
    raise LookupError(f"no call for {name}")
