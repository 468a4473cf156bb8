"""RabbitMQ as the broker, by its address alone: questions are answered, also after it was killed."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.servers.process import ServerError
from deploy.servers.rabbitmq import RabbitServer, find_rabbitmq, start_rabbitmq
from tests.e2e.acts import answered_unswept
from tests.e2e.own import FACT, QUESTION, Place, own_place
from tests.system import wait_until

pytestmark = pytest.mark.e2e


@pytest.fixture
def rabbitmq() -> Iterator[RabbitServer]:
    """Run a RabbitMQ; skips where there is none."""
    try:
        find_rabbitmq()
    except ServerError as error:
        pytest.skip(str(error))
    folder = Path(tempfile.mkdtemp(prefix="bot-rabbitmq-"))
    try:
        with start_rabbitmq(folder) as server:
            yield server
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def place(rabbitmq: RabbitServer, tmp_path: Path) -> Iterator[Place]:
    """Run an installation whose wake-ups go through it."""
    with own_place(tmp_path, "sqlite", {"CELERY_BROKER_URL": rabbitmq.url}) as running:
        yield running


def test_a_question_is_answered_with_and_without_it(place: Place, rabbitmq: RabbitServer) -> None:
    person = place.person()
    wait_until(lambda: answered_unswept(place, person), 60, "an answer that the wake-ups alone brought")
    os.kill(rabbitmq.process.pid, signal.SIGKILL)
    person.says(QUESTION)
    again = start_rabbitmq(rabbitmq.folder, port=rabbitmq.port)
    try:
        person.sees(FACT)
    finally:
        again.stop()
