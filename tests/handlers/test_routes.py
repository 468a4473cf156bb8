"""The table of routes: every row is reachable, and what is not of a private chat is nobody's."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from telegram import Update

from handlers.routes import ALLOWED_UPDATES, MESSAGE, ROUTES, match
from services import jobs
from services.access import Permission
from services.jobs_spoken import Edit, Share, TakeBack
from services.outbound import Card, Place
from services.waiting import jobs as waiting
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
    said,
)

ID = "0192f0c0-0000-7000-8000-000000000001"
CHANNEL = {"id": -200, "type": "channel", "title": "News"}
CARD = {"phone_number": "+79123456789", "first_name": "Anna", "user_id": 5}

# What arrives, the row that it reaches, and the job that it becomes there.
ARRIVALS: list[tuple[Update, str, jobs.Job]] = [
    (said("/start"), "/start", jobs.Start()),
    (said("/START@bank_bot  promo 7 "), "/start", jobs.Start(payload="promo 7")),
    (said("/help"), "/help", jobs.AskForPerson()),
    (said("/end now"), "/end", jobs.End()),
    (said("/lang"), "/lang", jobs.ChooseLanguage()),
    (said("/lang EN"), "/lang", jobs.ChooseLanguage(language="en")),
    (said("/mode"), "/mode", jobs.ChooseMode()),
    (said("/mode Human"), "/mode", jobs.ChooseMode(mode="human")),
    (said("/reset"), "/reset", jobs.Reset()),
    (said("/privacy"), "/privacy", jobs.ShowPrivacy()),
    (said("/broadcast\nNew rates\nfrom May"), "/broadcast", jobs.DraftBroadcast(text="New rates\nfrom May")),
    (said("/broadcast"), "/broadcast", jobs.DraftBroadcast(text="")),
    (said("/broadcast " + "b" * (jobs.LONGEST + 1)), "/broadcast", jobs.Unsupported(what="too_long")),
    (said("/admin"), "/admin", jobs.OpenAdmin()),
    (said("/administer"), "/", jobs.Unsupported(what="command")),
    (said("/help_me"), "/", jobs.Unsupported(what="command")),
    (pressed("lang:en"), "button:lang", jobs.ChooseLanguage(language="en")),
    (pressed("consent:yes:2026-11"), "button:consent", jobs.Consent(version="2026-11", given=True)),
    (pressed("consent:no:2026-11"), "button:consent", jobs.Consent(version="2026-11", given=False)),
    (pressed("phone:yes:0a1b"), "button:phone", jobs.ConfirmPhone(right=True, mark="0a1b")),
    (pressed("phone:no:0a1b"), "button:phone", jobs.ConfirmPhone(right=False, mark="0a1b")),
    (pressed("person"), "button:person", jobs.AskForPerson()),
    (pressed("mode:human"), "button:mode", jobs.ChooseMode(mode="human")),
    (pressed(f"take:{ID}"), "button:take", jobs.TakeChat(conversation_id=UUID(ID))),
    (pressed(f"broadcast:send:{ID}"), "button:broadcast", jobs.DecideBroadcast(broadcast_id=UUID(ID), send=True)),
    (pressed(f"broadcast:cancel:{ID}"), "button:broadcast", jobs.DecideBroadcast(broadcast_id=UUID(ID), send=False)),
    (pressed("ai:on"), "button:ai", jobs.SwitchAi(on=True)),
    (pressed("ai:off"), "button:ai", jobs.SwitchAi(on=False)),
    (pressed(f"rate:5:{ID}"), "button:rate", waiting.Rate(conversation_id=UUID(ID), score=5)),
    (pressed(f"comment:{ID}"), "button:comment", waiting.WantComment(conversation_id=UUID(ID))),
    (pressed("thumb:up"), "button:thumb", waiting.GiveThumb(up=True, message_id=1)),
    (pressed("thumb:down"), "button:thumb", waiting.GiveThumb(up=False, message_id=1)),
    (pressed("wait:leave"), "button:wait", waiting.LeaveMessage()),
    (pressed("wait:ai"), "button:wait", waiting.KeepAsking()),
    (pressed("callback:ask"), "button:callback", waiting.AskCallback()),
    (pressed("callback:other"), "button:callback", waiting.AskCallback(other=True)),
    (pressed("callback:yes:0a1b"), "button:callback", waiting.ConfirmCallback(mark="0a1b")),
    (pressed("called:take:7"), "button:called", waiting.TakeCallback(callback_id=7)),
    (pressed("called:done:7"), "button:called", waiting.FinishCallback(callback_id=7)),
    (pressed("of:another:time"), "button:", jobs.StaleButton()),
    (pressed(""), "button:", jobs.StaleButton()),
    (pressed(None), "button:", jobs.StaleButton()),
    (said("How much is the card?"), "text", jobs.Say(text="How much is the card?", message_id=1)),
    (said("say /start to it"), "text", jobs.Say(text="say /start to it", message_id=1)),
    (message(text="/ no command", entities=[]), "text", jobs.Say(text="/ no command", message_id=1)),
    (
        message(text="which card?", reply_to_message=raw_message(message_id=41)),
        "text",
        jobs.Say(text="which card?", message_id=1, reply_to=41),
    ),
    (
        message(contact=CARD),
        "contact",
        jobs.ShareContact(
            phone="+79123456789",
            owner_id=5,
            shared=Share(message_id=1, card=Card(phone="+79123456789", first_name=CARD["first_name"])),
        ),
    ),
    (edited(), "edited", Edit(text="changed", message_id=1)),
    (
        message(location={"latitude": 1.5, "longitude": 2.0}),
        "shared",
        Share(message_id=1, place=Place(latitude=1.5, longitude=2.0)),
    ),
    (
        message(text="/delete", reply_to_message=raw_message(message_id=41)),
        "/delete",
        TakeBack(reply_to=41),
    ),
    (message(caption="a photo's words", photo=[]), "unsupported", jobs.Unsupported(what="other")),
    (membership("kicked"), "membership", jobs.Membership(blocked=True)),
    (membership("member"), "membership", jobs.Membership(blocked=False)),
]


@pytest.mark.parametrize(
    ("update", "key", "job"), ARRIVALS, ids=[f"{n} {key}" for n, (_, key, _) in enumerate(ARRIVALS)]
)
def test_what_arrives_reaches_its_row_and_becomes_its_job(update: Update, key: str, job: jobs.Job) -> None:
    route = match(update)
    assert route is not None
    assert route.key == key
    assert route.handler(update) == job


def test_every_row_is_reached() -> None:
    assert {key for _, key, _ in ARRIVALS} == {route.key for route in ROUTES}


def test_keys_are_unique() -> None:
    assert len({route.key for route in ROUTES}) == len(ROUTES)


def test_every_command_counts_against_its_own_limit_and_the_rest_against_the_messages() -> None:
    commands = {route.key: route.key.removeprefix("/") for route in ROUTES if route.key.startswith("/")}
    own = commands | {"/": MESSAGE, "button:person": "help"}  # that button is /help in another dress
    assert {route.key: route.limit for route in ROUTES} == {route.key: own.get(route.key, MESSAGE) for route in ROUTES}


def test_what_more_than_customers_may_do() -> None:
    assert {route.key: route.permission for route in ROUTES if route.permission is not Permission.TALK} == {
        "/delete": Permission.TAKE_CHATS,
        "/broadcast": Permission.BROADCAST,
        "/admin": Permission.ADMINISTER,
        "button:take": Permission.TAKE_CHATS,
        "button:called": Permission.TAKE_CHATS,
        "button:broadcast": Permission.BROADCAST,
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
