"""Parts that start before their servers: they say what they wait for, and work as soon as it is there."""

from collections.abc import Iterator
from signal import SIGKILL

import pytest
from sqlalchemy import text

from tests.e2e.own import FACT, PARTS, QUESTION, Place, own_place
from tests.system import LONGEST_START, wait_until

pytestmark = pytest.mark.e2e
# The first worker to say which bot it is of loses its connection, as if the server went away just then.
_ENDED_ONCE = (
    "CREATE SEQUENCE starts",
    """CREATE FUNCTION ended_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('starts') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
    RETURN NEW;
    END $$""",
    "CREATE TRIGGER ended_once BEFORE INSERT ON bots FOR EACH ROW EXECUTE FUNCTION ended_once()",
)
AWAY = "the database is away, this waits for it"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with own_place(tmp_path_factory.mktemp("away"), "postgresql", {}, parts=()) as running:
        yield running


@pytest.fixture(autouse=True)
def _nothing_runs(place: Place) -> Iterator[None]:
    """Leave no part running, and nothing of what it said."""
    yield
    place.system.end()
    for part in PARTS:
        (place.system.folder / f"{part}.out").unlink(missing_ok=True)


def start_without(place: Place) -> None:
    """Start the parts while nothing that they need is there, and wait until they say so."""
    place.stop_postgres()
    place.redis.stop()
    for part in PARTS:
        place.system.start(part)
    for part in PARTS:
        wait_for(place, part, AWAY)


def wait_for(place: Place, part: str, said: str) -> None:
    wait_until(lambda: said in place.system.output(part), LONGEST_START, f"{said!r} of {part}")


def test_parts_that_start_first_wait_for_their_servers(place: Place) -> None:
    start_without(place)
    for part in PARTS:
        process = place.system.parts[part]
        place.system.stop(part, wait=60)
        assert process.returncode != -SIGKILL, "it ends when it is told to, while it waits too"
    start_without(place)
    place.start_postgres()
    wait_for(place, "worker", "Cannot connect to")
    place.redis.start()
    wait_for(place, "worker", "ready.")
    customer = place.person()
    customer.says(QUESTION)
    customer.sees(FACT)
    assert all("Traceback" not in place.system.output(part) for part in PARTS)


def test_a_worker_whose_database_goes_away_while_it_starts_waits_for_it(place: Place) -> None:
    with place.database.engine.begin() as connection:
        for statement in _ENDED_ONCE:
            connection.execute(text(statement))
    place.system.start("worker")
    wait_for(place, "worker", AWAY)
    wait_for(place, "worker", "ready.")
    assert "Unrecoverable" not in place.system.output("worker")
