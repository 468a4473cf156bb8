"""A broadcast under fire: kills and lost answers while it goes out; nobody twice, nobody missed, the unknown listed."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.exc import OperationalError

from benchmarks.bench.load import send
from benchmarks.chaos.journal import JournalReader
from benchmarks.chaos.plan import Plan
from benchmarks.chaos.records import open_database
from benchmarks.chaos.replies import LANGUAGE, Slots
from benchmarks.chaos.run import Say
from benchmarks.chaos.schedule import Kind, strikes
from benchmarks.chaos.site import Site, running_site
from benchmarks.chaos.trouble import Trouble
from benchmarks.chaos.words import make_vocabulary
from benchmarks.installation import ADMIN, wait_until
from database.db import Database
from database.models import BroadcastState, Step, User
from database.queries.tally import Fate, Tally

KINDS = frozenset({Kind.KILL_WORKER, Kind.KILL_REDIS, Kind.KILL_POSTGRES, Kind.DROP_AFTER})
FAULTS = 68  # kinds take turns, so three of four are kills: fifty, and lost answers among them
_RATE = 100  # messages a second: three times what the messenger takes, so that the kills fall into minutes
_FIRST = 5_000_000  # the number of the first recipient
_TEXT = "Branches close early tomorrow"
_SECONDS = 540.0
_AT_ONCE = 5_000


@dataclass
class Verdict:
    """What was seen of a broadcast, and which of its promises were broken."""

    recipients: int
    faults: dict[str, int]
    seconds: float
    tally: Tally
    broken: list[str] = field(default_factory=list)

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return not self.broken

    def lines(self) -> Iterator[str]:
        """Yield the report."""
        yield f"a broadcast to {self.recipients}, {sum(self.faults.values())} faults in {self.seconds:.0f} s"
        yield ", ".join(f"{kind}: {number}" for kind, number in sorted(self.faults.items()))
        tally = self.tally
        yield f"sent {tally.sent}, unknown {tally.unknown}, failed {tally.failures}, left {tally.left}"
        yield from (f"BROKEN: {promise}" for promise in self.broken[:20])
        yield "every promise was kept" if self.kept else f"{len(self.broken)} promises were broken"


def play_broadcast(plan: Plan, folder: Path, recipients: int, say: Say) -> Verdict:
    """Send a broadcast to so many people in a folder of its own, strike until it has ended, and judge."""
    words = make_vocabulary(plan.seed)
    with running_site(folder, words, plan, {"TELEGRAM_RATE": str(_RATE)}) as site:
        site.system.sandbox.limits(bot_per_second=0, chat_per_second=0)
        database = open_database(site.system.environment)
        _agree(database, recipients)
        _know(site, recipients)
        site.take_updates("polling")
        journal, trouble = JournalReader(site.system.sandbox, Slots(words)), Trouble(site)
        reached: Counter[int] = Counter()
        started = time.monotonic()
        _send(site)
        for blow in strikes(plan.seed, FAULTS, KINDS):
            _keep(site, blow.pause)
            trouble.strike(blow)
            _read(journal, reached)
            say(f"{trouble.done.total():3} faults, {len(reached):6} reached")
        ended = _await_end(site, database, journal, reached)
        verdict = judge(database, recipients, reached, dict(trouble.done), time.monotonic() - started)
        verdict.broken += [] if ended else ["it had not ended in time"]
        database.engine.dispose()
    return verdict


def _agree(database: Database, recipients: int) -> None:
    row = {"bot_id": database.bot_id, "language": LANGUAGE, "step": Step.DONE, "consent_version": "chaos"}
    with database.unit_of_work() as uow:
        for start in range(0, recipients, _AT_ONCE):
            some = range(_FIRST + start, _FIRST + min(start + _AT_ONCE, recipients))
            uow.session.execute(insert(User), [{**row, "id": uuid4(), "telegram_id": person} for person in some])


def _know(site: Site, recipients: int) -> None:
    """Let everybody have pressed Start once, or the messenger would let nobody write to them."""
    send(site.system.sandbox.address, range(_FIRST, _FIRST + recipients), 0, "/start")
    site.system.sandbox.result("deleteWebhook", drop_pending_updates=True)


def _send(site: Site) -> None:
    """Let the administrator write the broadcast and press its first button."""
    sandbox = site.system.sandbox
    sandbox.send(ADMIN, text=f"/broadcast {_TEXT}")
    card = sandbox.wait_for(ADMIN, lambda message: message["from"] == "bot" and message["reply_markup"], 0, 60)
    [button, *_] = card["reply_markup"]["inline_keyboard"][0]
    sandbox.send(ADMIN, button={"message_id": card["message_id"], "data": button["callback_data"]})


def _keep(site: Site, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        site.keep()
        time.sleep(0.05)


def _read(journal: JournalReader, reached: Counter[int]) -> None:
    reached.update(told.chat for told in journal.news() if _TEXT in told.text and told.chat >= _FIRST)


def _await_end(site: Site, database: Database, journal: JournalReader, reached: Counter[int]) -> bool:
    def over() -> bool:
        site.keep()
        _read(journal, reached)
        try:
            with database.reading() as uow:
                [broadcast, *_] = uow.broadcasts.recent(1)
        except OperationalError:
            return False
        return broadcast.state == BroadcastState.DONE

    try:
        wait_until(over, _SECONDS, "the end of the broadcast")
    except TimeoutError:
        return False
    _keep(site, 2.0)
    _read(journal, reached)
    return True


def judge(
    database: Database, recipients: int, reached: Counter[int], faults: dict[str, int], seconds: float
) -> Verdict:
    """Compare what arrived, chat by chat, with what the rows say of everybody on the list."""
    with database.reading() as uow:
        [broadcast, *_] = uow.broadcasts.recent(1)
        tally = uow.tallies.of(broadcast.id)
        fates = {fate.chat_id: fate for some in uow.tallies.fates(broadcast.id, _AT_ONCE) for fate in some}
    verdict = Verdict(recipients, faults, seconds, tally)
    verdict.broken += [f"{chat} got it {times} times" for chat, times in reached.items() if times > 1]
    verdict.broken += [f"{len(fates)} people are listed"] if len(fates) != recipients else []
    verdict.broken += [problem for fate in fates.values() if (problem := _wrong(fate, reached[fate.chat_id]))]
    return verdict


def _wrong(fate: Fate, times: int) -> str:
    """Return what is wrong with what the rows say of somebody, or nothing."""
    if fate.state == "sent":
        return "" if times else f"{fate.chat_id} is said to have it, and has not"
    return "" if fate.state == "unknown" else f"{fate.chat_id} was missed: {fate.state or 'not written to'}"
