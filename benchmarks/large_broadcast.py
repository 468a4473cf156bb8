"""`python -m benchmarks.large_broadcast [--people N]`: the list of a broadcast to a million, its messages, its file."""

import argparse
import resource
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path
from secrets import token_hex
from threading import Thread
from time import perf_counter
from uuid import UUID

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from config import ROOT, load_settings
from database.db import Database
from database.engine import make_engine
from database.models import BroadcastKind, BroadcastState
from database.queries.scope import Vault
from deploy.servers.postgres import start_postgres
from services.access import Role
from services.broadcast.feeder import BroadcastFeeder
from services.broadcast.table import Tables, table
from services.gateways.telegram_files import TelegramFiles
from services.gateways.telegram_signals import TelegramSignals
from services.outbound import Outbound
from services.queue_service import CeleryWakeups
from services.rates import Rates
from services.turn import Tools
from services.wiring import LOCALES
from services.wiring_files import make_uploads
from services.wiring_running import make_running, make_sheet
from utils.encryption import BlindIndex, Keyring, generate_key
from utils.i18n import Catalogues

BOT, AUTHOR = 424242, 9003
_TOKEN = f"{BOT}:{token_hex(18)[:35]}"
_SETTINGS = {"BOT_TOKEN": _TOKEN, "ENCRYPTION_KEY": generate_key(), "BLIND_INDEX_KEY": generate_key()}
_PEOPLE = """
INSERT INTO users (
    id, bot_id, telegram_id, language, mode, step, tier, phone_shared, barred_told, consent_version, created_at, seen_at
)
SELECT gen_random_uuid(), :bot, 1000000 + n, 'ru', 'auto', 'done', 'confirmed', false, false, '1', now(), now()
FROM generate_series(1, :people) AS n
"""


class _Quiet(CeleryWakeups):
    """Wake-ups that reach nobody: the feeder is called by hand."""

    def _publish(self, task: str, queue: str, args: Collection[object], delay: float = 0.0) -> None:
        del task, queue, args, delay


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=1_000_000)
    people: int = options.parse_args().people
    with tempfile.TemporaryDirectory(prefix="large-") as data, start_postgres(Path(data)) as server:
        run(server.create_database("bot"), people)


def run(url: str, people: int) -> None:
    """Measure in an empty PostgreSQL database, and print."""
    key = generate_key()
    database = Database(make_engine(url), BOT, Vault(Keyring([key]), BlindIndex(key)))
    _prepare(database, people)
    print(f"{people} people; this process has {_megabytes():.0f} MB before")
    _measure(database, people)
    database.engine.dispose()


def _prepare(database: Database, people: int) -> None:
    configuration = Config(ROOT / "alembic.ini")
    with database.engine.connect() as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")
    with database.unit_of_work() as uow:
        uow.session.execute(text(_PEOPLE), {"bot": BOT, "people": people})
        uow.roles.ensure_bot()
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE users"))


def _measure(database: Database, people: int) -> None:
    words = Catalogues.load(LOCALES, default="ru")
    settings = load_settings(_SETTINGS | {"BROADCAST_APPROVAL_ABOVE": str(people)})
    running, signals = make_running(settings, database), TelegramSignals("1:x", "http://127.0.0.1:1", 1.0)
    tools = Tools(words, running, _Quiet(), signals, make_sheet(settings, words))
    files, own = TelegramFiles("1:x", "http://127.0.0.1:1", 1.0), make_uploads(settings, database, running)
    feeder = BroadcastFeeder(database, tools, Rates(), files, own)
    broadcast_id = _scheduled(database)
    first = Thread(target=_wait_first, args=(database, broadcast_id, perf_counter()))
    first.start()
    _timed("the whole list is written", feeder.run)
    first.join()
    print(f"this process has had {_megabytes():.0f} MB at most by then")
    _timed("one look at the numbers of a broadcast", lambda: _tally(database, broadcast_id))
    _finish(database, broadcast_id)
    _timed("the same, once all have it", lambda: _tally(database, broadcast_id))
    with database.reading() as uow:
        found = uow.broadcasts.get(broadcast_id)
        assert found is not None  # noqa: S101 - it was written above
        file = table(found)
    content = _timed(f"the file {file.name.rpartition('.')[2]} of everybody", lambda: Tables(database)(0, file.source))
    print(f"it has {len(content) / 2**20:.1f} MB; this process has had {_megabytes():.0f} MB at most")


def _scheduled(database: Database) -> UUID:
    with database.unit_of_work() as uow:
        uow.roles.grant(AUTHOR, Role.MODERATOR, None)
        broadcast = uow.broadcasts.draft(AUTHOR, Outbound(html="News").model_dump_json(exclude_defaults=True))
        broadcast.kind, broadcast.state = BroadcastKind.URGENT, BroadcastState.SCHEDULED  # no hour holds it back
        return broadcast.id


def _wait_first(database: Database, broadcast_id: UUID, started: float) -> None:
    while True:
        with database.reading() as uow:
            if uow.broadcasts.open(broadcast_id):
                print(f"{perf_counter() - started:8.2f} s until the first messages are in the outbox")
                return


def _finish(database: Database, broadcast_id: UUID) -> None:
    """Write what everybody's message came to, as if it had been sent."""
    written = """
        INSERT INTO messages (
            uid, bot_id, chat_id, broadcast_id, author, state, priority, attempt, resends, sent_at, created_at
        )
        SELECT gen_random_uuid(), bot_id, chat_id, broadcast_id, 'system', 'sent', 2, 1, 0, now(), now()
        FROM broadcast_recipients WHERE broadcast_id = :id AND queued_at IS NULL
    """
    with database.unit_of_work() as uow:
        given = {"id": broadcast_id}
        uow.session.execute(text(written), given)
        uow.session.execute(text("UPDATE broadcast_recipients SET queued_at = now() WHERE broadcast_id = :id"), given)
        uow.session.execute(text("UPDATE messages SET state = 'sent' WHERE broadcast_id = :id"), given)


def _tally(database: Database, broadcast_id: UUID) -> object:
    with database.reading() as uow:
        return uow.tallies.of(broadcast_id)


def _timed(what: str, act: Callable[[], object]) -> bytes:
    started = perf_counter()
    result = act()
    print(f"{perf_counter() - started:8.2f} s: {what}")
    return result if isinstance(result, bytes) else b""


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
