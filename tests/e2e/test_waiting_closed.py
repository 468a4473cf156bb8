"""Outside opening hours: a message, a call or the AI; what was left is there when the desk opens."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.acts import name, register, sentinel
from tests.e2e.own import FACT, QUESTION, Place, own_place
from tests.system import LONGEST_START, MODERATOR, wait_until

pytestmark = pytest.mark.e2e

HOLIDAY = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Bank//Holidays//EN
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:{start:%Y%m%d}
DTEND;VALUE=DATE:{end:%Y%m%d}
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Run an installation whose desk is closed for holidays until the day after tomorrow, 9:00 in Almaty."""
    folder: Path = tmp_path_factory.mktemp("closed")
    today = datetime.now(UTC)
    file = folder / "holidays.ics"
    dates = HOLIDAY.format(start=today - timedelta(days=2), end=today + timedelta(days=2))
    file.write_bytes(dates.replace("\n", "\r\n").encode())
    settings = {"OPENING_HOURS": "mon-sun 9:00-24:00", "TIME_ZONE": "Asia/Almaty", "HOLIDAYS_FILE": str(file)}
    with own_place(folder, "sqlite", settings) as running:
        yield running


def test_a_closed_desk_offers_what_there_is_and_keeps_it(place: Place) -> None:
    customer, caller, moderator = place.person(), place.person(), place.person(MODERATOR)
    sentinel(moderator)
    register(caller)

    customer.says("/help")
    closed = customer.sees("Сейчас сотрудники не отвечают")
    assert re.search(r"Откроемся: \w+, \d+ \w+, 09:00 \(GMT\+05:00\)", closed["text"])
    customer.presses(closed, 2)
    customer.sees("Хорошо, спрашивайте")
    customer.says(QUESTION)
    customer.sees(FACT)
    customer.presses(closed, 0)
    customer.sees("Место в очереди уже ваше")
    customer.says("Перевод не дошёл")
    customer.sees("Добавили к вашему вопросу")

    caller.says("/help")
    caller.presses(caller.sees("Сейчас сотрудники не отвечают"), 1)
    confirm = caller.sees("Позвонить вам на")
    caller.presses(confirm)
    caller.sees("Записали. Позвоним, когда откроемся")
    caller.presses(confirm)
    caller.sees("Мы помним")
    assert not [text for text in moderator.texts() if "Клиент ждёт" in text or "просит перезвонить" in text]

    place.system.stop("worker")
    place.system.start("worker", OPENING_HOURS="", HOLIDAYS_FILE="")
    wait_until(lambda: place.system.output("worker").count("ready.") == 2, LONGEST_START, "the worker")
    called = moderator.sees("Клиент ждёт сотрудника", name(customer))
    announced = moderator.sees("просит перезвонить")
    moderator.presses(announced)
    moderator.presses(moderator.sees("Позвоните клиенту", name(caller), "+"))
    moderator.sees("Звонок отмечен")
    moderator.presses(called)
    moderator.sees("Вы говорите с клиентом", "Перевод не дошёл")
    customer.sees("С вами теперь человек")
    assert place.system.manage("callbacks", "list") == ""
