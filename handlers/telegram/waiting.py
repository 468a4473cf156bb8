"""Buttons around a chat with a person: ratings and thumbs, what is offered while nobody is there, calls."""

from uuid import UUID

from telegram import Update

from handlers.telegram.buttons import chosen, parts, word
from services.jobs import Job
from services.waiting import jobs


def rate(update: Update) -> Job:
    """`rate:<1 to 5>:<conversation>`."""
    score, conversation_id = parts(update, 2)
    return jobs.Rate(score=int(score), conversation_id=UUID(conversation_id))


def comment(update: Update) -> Job:
    """`comment:<conversation>`."""
    return jobs.WantComment(conversation_id=UUID(parts(update, 1)[0]))


def thumb(update: Update) -> Job:
    """`thumb:up|down`; which answer it is about, the message under which it stands says."""
    up = chosen(parts(update, 1)[0], "up", "down")
    message = update.callback_query.message if update.callback_query else None
    if message is None:
        raise ValueError("a button without a message")
    return jobs.GiveThumb(up=up, message_id=message.message_id)


def wait(update: Update) -> Job:
    """`wait:leave|ai`."""
    return jobs.LeaveMessage() if chosen(parts(update, 1)[0], "leave", "ai") else jobs.KeepAsking()


def callback(update: Update) -> Job:
    """`callback:ask`, `callback:other`, `callback:yes:<mark>`."""
    data = (update.callback_query.data if update.callback_query else None) or ""
    if data.startswith("callback:yes:"):
        return jobs.ConfirmCallback(mark=word(parts(update, 2)[1]))
    return jobs.AskCallback(other=chosen(parts(update, 1)[0], "other", "ask"))


def called(update: Update) -> Job:
    """`called:take|done:<call>`."""
    act, callback_id = parts(update, 2)
    if chosen(act, "take", "done"):
        return jobs.TakeCallback(callback_id=int(callback_id))
    return jobs.FinishCallback(callback_id=int(callback_id))
