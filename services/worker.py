"""A worker process: its services, its one event loop, and the threads that keep leases and sweep."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from logging import getLogger
from pathlib import Path
from threading import Thread

from sqlalchemy.exc import SQLAlchemyError

from database.db import Database
from services.answer import Answering
from services.answer_slots import AnswerSlots
from services.broadcast.feeder import BroadcastFeeder
from services.cache import Answers, CachingComposer
from services.delivery import Dispatcher
from services.desk.tending import Tender
from services.drafts import LanguageModel
from services.intake import Intake
from services.knowledge import load
from services.knowledge.builder import IndexBuilder
from services.knowledge.checks import Checker
from services.knowledge.library import DatabaseLibrary
from services.lease import Heartbeat
from services.limits import Limiter
from services.menus import REFRESH, Menus
from services.ports import Carrier, Channel, OwnFiles, Wakeups
from services.presence import Presence
from services.privacy_rights.erasing import Eraser
from services.pump import Pump
from services.rates import Rates
from services.reply import Composer
from services.running.spoken import Spoken
from services.scrutiny import Scrutiny
from services.signals import LoopSignals
from services.stream import Streams
from services.summary import Summariser, Summarising
from services.sweep import Sweeper
from services.turn import Tools
from services.upkeep import Upkeep
from services.waiting.quick import QuickAnswers
from services.waiting.rounds import Rounds

_ANSWER_SLOTS = 100  # of the pool's threads, so that slow answers leave some for everything else
_STOP_SECONDS = 5.0

_log = getLogger(__name__)


class _OwnWakeups:
    """Wake-ups of a worker: it answers and sends what it wrote, everything else goes to whoever is free."""

    def __init__(self, wakeups: Wakeups, wake_pump: Callable[[float], None]) -> None:
        self.inbox = wakeups.inbox
        self.answers = wakeups.answers
        self.broadcasts = wakeups.broadcasts
        self.summaries = wakeups.summaries
        self.knowledge = wakeups.knowledge
        self.waiting = wakeups.waiting
        self.erasures = wakeups.erasures
        self.desk = wakeups.desk
        self._wake_pump = wake_pump

    def delivery(self, delay: float = 0.0) -> None:
        """There are messages to send."""
        self._wake_pump(delay)


class Worker:
    """What tasks use; put together by the wiring, started and stopped by Celery's loader."""

    def __init__(  # noqa: PLR0913 - one parameter per part, named by the wiring
        self,
        *,
        database: Database,
        channel: Channel,
        connection: AbstractAsyncContextManager[object],
        limiter: Limiter,
        wakeups: Wakeups,
        spoken: Spoken,
        rates: Rates,
        builder: IndexBuilder,
        library: DatabaseLibrary,
        model: LanguageModel | None,
        summariser: Summariser | None,
        scrutiny: Scrutiny,
        stream: bool,
        answers: Answers,
        upkeep: Upkeep,
        eraser: Callable[[Tools], Eraser],
        files: Carrier,
        own: OwnFiles,
        knowledge: Callable[[], Mapping[str, Path]],
    ) -> None:
        self._loop, self._connection, self._database = asyncio.new_event_loop(), connection, database
        self._knowledge, self._settings = knowledge, spoken.running
        self.builder, self._library, self.upkeep = builder, library, upkeep
        signals, self._wakeups = LoopSignals(channel, self._loop), _OwnWakeups(wakeups, self.wake_pump)
        tools, policy = Tools(spoken.words, spoken.running, self._wakeups, signals, spoken.sheet), spoken.running.policy
        self._heartbeat, self._presence = Heartbeat(database, signals, policy.lease), Presence(database, "worker")
        self._sweeper, self.tender = Sweeper(database, tools.wakeups), Tender(database, tools, library)
        self._menus = Menus(database, channel, tools.words, spoken.running)
        self._pump = Pump(Dispatcher(database, limiter, rates, policy.lease, wakeups.broadcasts), channel)
        streams = Streams(database, channel, self._loop, limiter, rates) if stream and model else None
        self.intake, self.summarising = Intake(database, tools, limiter), Summarising(database, policy, summariser)
        composer = CachingComposer(library, tools.words, model, answers, scrutiny)
        self.answering = Answering(database, tools, composer, self._heartbeat, streams)
        self.answer_slots = AnswerSlots(_ANSWER_SLOTS, self._loop, self.answering.run_due, wakeups.answers)
        self.rounds = Rounds(QuickAnswers(database, tools, Composer(library, tools.words, None, scrutiny)))
        self.checks = Checker(database, builder.indexes.build, policy.language)
        self.broadcasts, self.eraser = BroadcastFeeder(database, tools, rates, files, own), eraser(tools)

    def start(self, *, answers: bool = True) -> None:
        """Load the index, start the loop and the threads; raises SQLAlchemy's errors without a database.

        `answers` is whether this worker serves that queue: then it answers what it takes in itself. What may raise
        comes first, and the only thread of it last: so one that failed may be started again.
        """
        if answers:
            self._wakeups.answers = self.answer_slots.wake
        self._wakeups.desk = self.tender.wake
        with self._database.unit_of_work() as uow:
            uow.roles.ensure_bot()
        self._settings.look()
        self._library.start()
        self._settings.start()
        Thread(target=self._loop.run_forever, name="loop", daemon=True).start()
        self._running = asyncio.run_coroutine_threadsafe(self._run(), self._loop)
        self._heartbeat.start()
        self._sweeper.start()
        self.tender.start()
        self._presence.start()
        self.upkeep.clerk.start()

    def stop(self) -> None:
        """Let sends under way end, then stop the loop and the threads."""
        self._library.stop()
        self._settings.stop()
        self.upkeep.clerk.stop()
        self._sweeper.stop()
        self.tender.stop()
        self.answer_slots.stop()
        self._heartbeat.stop()
        asyncio.run_coroutine_threadsafe(self._pump.stop(_STOP_SECONDS), self._loop)
        self._running.result(timeout=2 * _STOP_SECONDS)
        self._presence.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)

    def wake_pump(self, delay: float = 0.0) -> None:
        """Tell this process's pump that there is something to send, after some seconds."""
        if delay:
            self._loop.call_soon_threadsafe(self._loop.call_later, delay, self._pump.wake)
        else:
            self._loop.call_soon_threadsafe(self._pump.wake)

    def ticked(self) -> None:
        """Remember that a scheduler runs: it has no other way to say so than its tick."""
        with self._database.unit_of_work() as uow:
            uow.presences.beat("scheduler", "tick")

    def refresh_knowledge(self) -> None:
        """Load the knowledge files that changed."""
        load.refresh(self._database, self._knowledge())

    async def _run(self) -> None:
        async with self._connection:
            menus = asyncio.create_task(self._publish_menus())
            await self._pump.run()
            menus.cancel()

    async def _publish_menus(self) -> None:
        look = self._menus.publish
        while True:
            try:
                await look()
                look = self._menus.refresh
            except SQLAlchemyError as error:
                _log.warning("menus were not published", extra={"error": type(error).__name__})
            await asyncio.sleep(REFRESH)
