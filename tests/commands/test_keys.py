"""New keys for everything that is sealed, while people read and write, however often the rotation is killed."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.rotation.load import Plan, rotate_under_load
from benchmarks.rotation.rows import BOT, Keys, fill, phone_of
from commands.keys import keys as command
from database.db import Database
from database.engine import make_engine
from database.models import AuditAct, Author, Message, User
from database.queries.audit import Wanted
from tests.database.fixtures import migrate
from utils.encryption import generate_key

ROWS = 2_000


@pytest.fixture
def keys() -> Keys:
    return Keys(*(generate_key() for _ in range(4)))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bot.db'}"
    return str(request.getfixturevalue("new_postgres_url"))


def test_rows_are_renewed_once_each_under_load_with_kills_and_no_read_fails(
    keys: Keys, url: str, tmp_path: Path
) -> None:
    migrate(url).dispose()
    kills = 1 if url.startswith("sqlite") else 2  # each is a start of a process
    found = rotate_under_load(url, tmp_path / "objects", keys, Plan(ROWS, kills, batch=20))
    assert found.kills == kills
    assert found.failed == ()
    assert found.reads > 0
    assert found.writes > 0
    assert found.left == 0
    assert found.indexed == ROWS // 10
    assert found.renewed == ROWS + ROWS // 10, "what a killed one did is not done again"
    database = Database(make_engine(url), BOT, keys.after())
    with database.reading() as uow:
        said = {uow.messages.opened(row) for row in uow.session.query(Message).filter_by(bot_id=BOT)}
        phones = {uow.users.phone(user) for user in uow.session.query(User).filter_by(bot_id=BOT)}
        done = uow.audit.find(Wanted(act=AuditAct.KEYS_ROTATED), 10)
    database.engine.dispose()
    assert said == {f"Words {number}" for number in range(ROWS)} | {"Hello"}
    assert phones == {phone_of(number) for number in range(0, ROWS, 10)}
    assert ['"state":"done"' in event.details for event in done] == [True, *[False] * (kills + 1)]


class Terminal:
    """Commands about keys, with settings of their own."""

    def __init__(self, keys: Keys, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.url = f"sqlite:///{folder / 'bot.db'}"
        migrate(self.url).dispose()
        fill(self.url, keys.before(), 100)
        for name, value in keys.environment(self.url, folder / "objects").items():
            monkeypatch.setenv(name, value)

    def run(self, *arguments: str) -> str:
        """Run a command, and return what it prints."""
        done = CliRunner().invoke(command, arguments)
        assert done.exit_code == 0, done.output
        return done.output


@pytest.fixture
def terminal(keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(keys, tmp_path, monkeypatch)


def test_the_status_names_what_is_left_and_when_a_key_may_go(terminal: Terminal) -> None:
    before = terminal.run("status")
    assert "messages        100 rows under older keys" in before
    assert "users         10 rows under older keys" in before
    assert "nothing was rotated yet: keep all keys until `keys rotate` has run" in before
    assert "110 rows sealed or indexed anew by this run" in terminal.run("rotate")
    after = terminal.run("status")
    assert "may leave ENCRYPTION_KEY and BLIND_INDEX_KEY" in after
    assert "UTC: until then there are links that they signed" in after
    assert "once they stand in AUDIT_KEY" in after
    assert "keep all keys" not in after


def test_where_there_was_never_another_key_nothing_sounds_of_trouble(
    terminal: Terminal, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENCRYPTION_KEY", keys.old)
    monkeypatch.setenv("BLIND_INDEX_KEY", keys.old_index)
    assert terminal.run("status") == "nothing to do: there is one key of each kind, and no row is under another one\n"
    monkeypatch.setenv("ENCRYPTION_KEY", keys.new)
    assert "100 rows under older keys" in terminal.run("status"), "the old one is gone, and something is under it"


def test_it_may_be_run_again_and_finds_what_an_old_process_wrote_meanwhile(terminal: Terminal, keys: Keys) -> None:
    terminal.run("rotate")
    assert "0 rows sealed or indexed anew" in terminal.run("rotate")
    old = Database(make_engine(terminal.url), BOT, keys.before())
    with old.unit_of_work() as uow:
        uow.messages.send(7, "by a process with the old list", author=Author.AI)
    old.engine.dispose()
    told = terminal.run("status")
    assert "1 rows under older keys" in told
    assert "a process runs with an older list of keys" in told
    assert "1 rows sealed or indexed anew" in terminal.run("rotate")
    assert "may leave ENCRYPTION_KEY" in terminal.run("status")


def test_what_no_key_opens_is_counted_and_holds_nothing_up(terminal: Terminal, keys: Keys) -> None:
    lost = Keys(generate_key(), keys.new, keys.old_index, keys.new_index)
    database = Database(make_engine(terminal.url), BOT, lost.before())
    with database.unit_of_work() as uow:
        uow.messages.send(7, "nobody reads this any more", author=Author.AI)
    database.engine.dispose()
    told = terminal.run("rotate")
    assert "110 rows sealed or indexed anew by this run" in told
    assert "1 that no key opens" in told
    assert "1 rows are sealed by a key that is in no list" in told
