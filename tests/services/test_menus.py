"""Menus: everybody's in each language, the staff's own, and one refusal that does not stop the rest."""

import pytest

from database.db import Database
from database.models import Step
from services.access import Role
from services.errors import PermanentError
from services.menus import Menus
from services.policy import Policy
from tests.database.people import person
from tests.twin_channel import TwinChannel
from tests.twins import TwinRunning, TwinWords

OPERATING = (
    *("online", "away", "next", "queue", "use", "done", "history", "transfer", "escalate", "note", "canned", "logout"),
    "delete",
)
EVERYBODY = ("start", "help", "end", "lang", "mode", "reset", "privacy", "unsubscribe", "subscribe")


@pytest.fixture
def channel() -> TwinChannel:
    return TwinChannel()


def grant(database: Database, telegram_id: int, *roles: Role) -> None:
    with database.unit_of_work() as uow:
        for role in roles:
            uow.roles.grant(telegram_id, role, None)


async def test_everybody_is_offered_the_same_in_each_language(database: Database, channel: TwinChannel) -> None:
    await Menus(database, channel, TwinWords(), TwinRunning(Policy(language="en"))).publish()
    assert channel.menus == {(None, None): EVERYBODY, ("en", None): EVERYBODY, ("ru", None): EVERYBODY}


@pytest.mark.parametrize(
    ("roles", "more"),
    [
        ((Role.MODERATOR,), (*OPERATING, "broadcast", "cancel")),
        ((Role.ADMIN,), ("broadcast", "cancel", "admin", "operators")),
        ((Role.AUDITOR,), ()),
        ((Role.AUDITOR, Role.SUPERVISOR), (*OPERATING, "desk", "watch", "broadcast", "cancel")),
    ],
)
async def test_staff_are_offered_what_they_may(
    database: Database, channel: TwinChannel, roles: tuple[Role, ...], more: tuple[str, ...]
) -> None:
    grant(database, 901, *roles)
    await Menus(database, channel, TwinWords(), TwinRunning(Policy(language="en"))).publish()
    assert channel.menus[None, 901] == (*EVERYBODY, *more)


async def test_a_menu_that_is_refused_is_left_out(database: Database, channel: TwinChannel) -> None:
    for telegram_id in (901, 902, 903):
        grant(database, telegram_id, Role.MODERATOR)
    channel.refused_menus[902] = PermanentError("chat_not_found")
    await Menus(database, channel, TwinWords(), TwinRunning(Policy(language="en"))).publish()
    assert {chat_id for _, chat_id in channel.menus} == {None, 901, 903}


class Listening(TwinWords):
    """Keeps the language of each text."""

    def __init__(self) -> None:
        self.spoken: list[str] = []

    def text(self, lang: str, key: str, **params: object) -> str:
        self.spoken.append(lang)
        return super().text(lang, key, **params)


async def test_staff_read_it_in_their_own_language(database: Database, channel: TwinChannel) -> None:
    words = Listening()
    for telegram_id in (901, 902):
        grant(database, telegram_id, Role.AUDITOR)
    with database.unit_of_work() as uow:
        user = person(uow, 901)
        user.step, user.language = Step.DONE, "ru"
    await Menus(database, channel, words, TwinRunning(Policy(language="en"))).publish()
    menus = [words.spoken[start : start + len(EVERYBODY)] for start in range(0, len(words.spoken), len(EVERYBODY))]
    assert [set(menu) for menu in menus[:3]] == [{"en"}, {"en"}, {"ru"}], "everybody's, English, Russian"
    assert sorted(language for menu in menus[3:] for language in set(menu)) == ["en", "ru"]


async def test_what_changed_is_published_at_the_next_look_and_nothing_else(
    database: Database, channel: TwinChannel
) -> None:
    menus = Menus(database, channel, TwinWords(), TwinRunning(Policy(language="en")))
    grant(database, 901, Role.MODERATOR)
    await menus.publish()
    channel.menus.clear()
    await menus.refresh()
    assert channel.menus == {}
    with database.unit_of_work() as uow:
        operator = uow.operators.ensure(901)
        operator.pin_hash = "issued"
    await menus.refresh()
    assert channel.menus == {(None, 901): (*EVERYBODY, "operator", "broadcast", "cancel")}
    with database.unit_of_work() as uow:
        operator = uow.operators.ensure(901)
        uow.operators.sign_in(operator, 60.0)
    await menus.refresh()
    assert channel.menus == {(None, 901): (*EVERYBODY, *OPERATING, "broadcast", "cancel")}
    with database.unit_of_work() as uow:
        uow.roles.revoke(901, Role.MODERATOR)
    await menus.refresh()
    assert channel.menus == {(None, 901): EVERYBODY}
