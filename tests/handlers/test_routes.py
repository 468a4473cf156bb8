"""The table of routes: every row is reachable, and what is not of a private chat is nobody's."""

from collections.abc import Callable
from typing import Any

import pytest
from telegram import Update

from handlers.routes import ALLOWED_UPDATES, MESSAGE, OPERATING, ROUTES, match
from services import jobs
from services.access import Permission
from tests.handlers.arrivals import ARRIVALS, CARD, CHANNEL, ID
from tests.handlers.updates import (
    GROUP,
    PRIVATE,
    edited,
    membership,
    message,
    pressed,
    raw,
    raw_message,
    read,
)


@pytest.mark.parametrize(
    ("update", "key", "job"), ARRIVALS, ids=[f"{n} {key}" for n, (_, key, _) in enumerate(ARRIVALS)]
)
def test_what_arrives_reaches_its_row_and_becomes_its_job(update: Update, key: str, job: jobs.Job) -> None:
    route = match(update)
    assert route is not None
    assert route.key == key
    try:
        assert route.handler(update) == job
    except ValueError:  # a button of another time, as the front takes it
        assert isinstance(job, jobs.StaleButton)


def test_every_row_is_reached() -> None:
    assert {key for _, key, _ in ARRIVALS} == {route.key for route in ROUTES}


def test_keys_are_unique() -> None:
    assert len({route.key for route in ROUTES}) == len(ROUTES)


def test_every_command_counts_against_its_own_limit_and_the_rest_against_the_messages() -> None:
    commands = {route.key: route.key.removeprefix("/") for route in ROUTES if route.key.startswith("/")}
    dressed = {"button:person": "help", "button:privacy": "privacy"}  # buttons that are commands in another dress
    own = commands | {"/": MESSAGE} | dressed
    assert {route.key: route.limit for route in ROUTES} == {route.key: own.get(route.key, MESSAGE) for route in ROUTES}


def test_what_more_than_customers_may_do() -> None:
    assert {route.key: route.permission for route in ROUTES if route.permission is not Permission.TALK} == {
        **{f"/{act}": Permission.TAKE_CHATS for act in OPERATING},
        "button:desk": Permission.TAKE_CHATS,
        "/desk": Permission.SUPERVISE,
        "/watch": Permission.SUPERVISE,
        "/operators": Permission.ADMINISTER,
        "button:operators": Permission.ADMINISTER,
        "/delete": Permission.TAKE_CHATS,
        "/broadcast": Permission.BROADCAST,
        "/admin": Permission.ADMINISTER,
        "/test": Permission.TEST_AI,
        "button:take": Permission.TAKE_CHATS,
        "button:called": Permission.TAKE_CHATS,
        "button:broadcast": Permission.BROADCAST,
        "button:admin": Permission.ADMINISTER,
        "button:ai": Permission.ADMINISTER,
    }


def test_telegram_is_asked_for_what_the_table_serves() -> None:
    for update, _, _ in ARRIVALS:
        assert len(set(update.to_dict()) & set(ALLOWED_UPDATES)) == 1


@pytest.mark.parametrize("chat", [GROUP, GROUP | {"type": "supergroup"}, CHANNEL], ids=lambda chat: chat["type"])
@pytest.mark.parametrize(
    "arrive",
    [
        lambda chat: message(chat, text="/start"),
        lambda chat: message(chat, text="How much is the card?"),
        lambda chat: message(chat, contact=CARD),
        lambda chat: pressed("person", chat),
        lambda chat: pressed(f"take:{ID}", chat),
        edited,
        lambda chat: membership("kicked", chat),
    ],
)
def test_groups_and_channels_are_ignored(
    arrive: Callable[[dict[str, object]], Update], chat: dict[str, object]
) -> None:
    assert match(arrive(chat)) is None
    assert match(arrive(PRIVATE)) is not None


def test_what_has_no_sender_or_no_content_is_ignored() -> None:
    post = raw_message(CHANNEL, text="news")
    del post["from"]
    assert match(read(raw(channel_post=post))) is None
    assert match(read(raw())) is None


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ({"dice": {"emoji": "🎲", "value": 3}}, "dice"),
        ({"story": {"id": 1, "chat": PRIVATE}}, "story"),
        ({"game": {"title": "t", "description": "d", "photo": []}}, "game"),
        ({"paid_media": {"star_count": 5, "paid_media": []}}, "paid_media"),
        ({"new_chat_title": "x"}, "other"),
    ],
)
def test_what_nobody_can_work_with_is_named(content: dict[str, Any], what: str) -> None:
    update = message(**content)
    route = match(update)
    assert route is not None
    assert route.handler(update) == jobs.Unsupported(what=what)
