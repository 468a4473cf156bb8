"""What arrives at the front, the row of the table that it reaches, and the job that it becomes there."""

from uuid import UUID

from telegram import Update

from handlers.routes import OPERATING
from services import jobs
from services.administration.jobs import Administer
from services.broadcast.jobs import AtBroadcast, BroadcastVerb, LeaveDraft, OpenBroadcast, Subscribe
from services.desk.jobs import AtDesk, DeskVerb, SignInOperator, StillHere
from services.jobs_spoken import Edit, Share, TakeBack
from services.outbound import Card, Place
from services.privacy_rights.jobs import Exercise, Right
from services.waiting import jobs as waiting
from tests.handlers.updates import (
    edited,
    membership,
    message,
    pressed,
    raw_message,
    said,
)

ID = "0192f0c0-0000-7000-8000-000000000001"
CHANNEL = {"id": -200, "type": "channel", "title": "News"}
CARD = {"phone_number": "+79123456789", "first_name": "Anna", "user_id": 5}

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
    (said("/test"), "/test", jobs.SwitchTest()),
    (said("/privacy"), "/privacy", jobs.ShowPrivacy()),
    (said("/broadcast\nNew rates\nfrom May"), "/broadcast", OpenBroadcast(text="New rates\nfrom May")),
    (said("/broadcast"), "/broadcast", OpenBroadcast()),
    (
        message(
            text="/broadcast@bot New rates",
            entities=[
                {"type": "bot_command", "offset": 0, "length": 14},
                {"type": "bold", "offset": 15, "length": 3},
            ],
        ),
        "/broadcast",
        OpenBroadcast(text="New rates", html="<b>New</b> rates"),
    ),
    (said("/cancel"), "/cancel", LeaveDraft()),
    (said("/subscribe"), "/subscribe", Subscribe(on=True)),
    (said("/unsubscribe now"), "/unsubscribe", Subscribe(on=False)),
    (pressed("subscribe:off"), "button:subscribe", Subscribe(on=False)),
    (pressed("subscribe:perhaps"), "button:subscribe", jobs.StaleButton()),
    (said("/admin"), "/admin", jobs.OpenAdmin()),
    (said("/admin Users +7 912 345"), "/admin", Administer(section="users", arguments=("0", "+7 912 345"))),
    (pressed("admin:users"), "button:admin", Administer(section="users", message_id=1)),
    (
        pressed("admin:users:open:2:@77"),
        "button:admin",
        Administer(section="users", arguments=("2", "@77"), message_id=1),
    ),
    (pressed("admin"), "button:admin", jobs.StaleButton()),
    (said("/operator 48291377"), "/operator", SignInOperator(pin="48291377", message_id=1)),
    (said("/operator"), "/operator", SignInOperator(message_id=1)),
    (said("/operator my secret"), "/operator", SignInOperator(pin="?", message_id=1)),
    *(
        (said(f"/{act.upper()} 3fa9c1 and more"), f"/{act}", AtDesk(act=DeskVerb(act), words="3fa9c1 and more"))
        for act in (*OPERATING, "desk", "watch", "operators")
    ),
    (pressed("desk:use:3fa9c1"), "button:desk", AtDesk(act=DeskVerb.USE, words="3fa9c1")),
    (pressed("desk:next"), "button:desk", AtDesk(act=DeskVerb.NEXT)),
    (pressed("desk:unknown:act"), "button:desk", jobs.StaleButton()),
    (pressed("operators:revoke:77"), "button:operators", AtDesk(act=DeskVerb.OPERATORS, words="revoke 77")),
    (pressed("here"), "button:here", StillHere()),
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
    (
        pressed(f"broadcast:send:{UUID(ID).hex}"),
        "button:broadcast",
        AtBroadcast(act=BroadcastVerb.SEND, broadcast_id=UUID(ID), message_id=1),
    ),
    (
        pressed(f"broadcast:lang:{UUID(ID).hex}:kk"),
        "button:broadcast",
        AtBroadcast(act=BroadcastVerb.LANG, broadcast_id=UUID(ID), word="kk", message_id=1),
    ),
    (pressed(f"broadcast:lang:{UUID(ID).hex}:kk:ru"), "button:broadcast", jobs.StaleButton()),
    (pressed("ai:on"), "button:ai", jobs.SwitchAi(on=True, message_id=1)),
    (pressed("ai:off"), "button:ai", jobs.SwitchAi(on=False, message_id=1)),
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
    (pressed("privacy:everything"), "button:privacy", jobs.StaleButton()),
    *((pressed(f"privacy:{right}"), "button:privacy", Exercise(right=right)) for right in Right),
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
