"""A customer sees what is kept, takes it along, has it erased, and begins anew."""

import json
from collections.abc import Iterator

import pytest

from config import load_settings
from database.db import Database
from database.models import ErasureState
from services.privacy_rights.certificate import Certifier, check
from services.wiring import make_database
from tests.e2e.acts import LANGUAGE, PRIVACY, name, register
from tests.e2e.conftest import Person
from tests.e2e.own import FACT, QUESTION
from tests.e2e.test_media import bytes_of, shown
from tests.system import wait_until
from utils.encryption import signing_seed

pytestmark = pytest.mark.e2e


@pytest.fixture
def rows(customer: Person) -> Iterator[Database]:
    database = make_database(load_settings(customer.system.environment))
    yield database
    database.engine.dispose()


def test_a_customer_takes_everything_along_and_is_forgotten(customer: Person, rows: Database) -> None:
    register(customer)
    customer.says(QUESTION)
    customer.sees(FACT)
    customer.says("/privacy")
    screen = customer.sees(PRIVACY)
    customer.presses(screen)
    page, data = shown(customer, 2, kinds=("document",))
    assert QUESTION in bytes_of(customer, page).decode()
    exported = json.loads(bytes_of(customer, data))
    assert exported["profile"]["name"] == name(customer)
    assert any(QUESTION in said["text"] for talk in exported["conversations"] for said in talk["messages"])

    customer.presses(screen, 2)
    customer.presses(customer.sees("Удалить всё, что мы о вас храним?"))
    customer.sees("напишите одно слово: УДАЛИТЬ")
    customer.says("удолить")
    customer.presses(customer.sees("Это не то слово"))
    customer.presses(customer.sees("Удалить всё, что мы о вас храним?"))
    customer.sees("напишите одно слово")
    customer.says("удалить")
    customer.sees("Удаляем ваши данные")
    [proof] = shown(customer, 1, kinds=("document",))
    seeds = [signing_seed(key) for key in load_settings(customer.system.environment).security.encryption]
    certificate = check(bytes_of(customer, proof).decode(), Certifier(rows.bot_id, seeds).readers)
    assert certificate.erased["users"] == certificate.erased["conversations"] == 1

    def done() -> bool:
        with rows.reading() as uow:
            found = uow.erasures.get(certificate.id)
        return found is not None and found.state == ErasureState.DONE and found.telegram_id is None

    wait_until(done, 60, "the erasure")
    with rows.reading() as uow:
        assert uow.users.get(customer.id) is None
    customer.says("/start")
    customer.sees(LANGUAGE)
