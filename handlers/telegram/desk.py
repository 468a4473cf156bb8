"""The desk's commands and buttons: what follows them is checked here, and secrets in it are masked."""

import re

from telegram import Message, Update

from handlers.telegram.buttons import parts_of
from handlers.telegram.commands import argument_of
from services.desk import jobs
from services.desk.jobs import DeskVerb
from services.jobs import Job

_PIN = re.compile(r"\d{6,12}")


def sign_in(update: Update) -> Job:
    """`/operator <PIN>`; the message is deleted once it was worked on."""
    message = update.message
    assert isinstance(message, Message)  # noqa: S101 - commands are messages, the table says so
    _command, *argument = (message.text or "").split(maxsplit=1)
    typed = argument[0].strip() if argument else ""
    pin = typed if not typed or _PIN.fullmatch(typed) else "?"  # what is no PIN may be any secret, and is not kept
    return jobs.SignInOperator(pin=pin, message_id=message.message_id)


def command(update: Update) -> Job:
    """Any other command of the desk: `/next`, `/use <id>` and so on, by its name."""
    message = update.message
    assert isinstance(message, Message)  # noqa: S101 - commands are messages, the table says so
    name = (message.text or "").split(maxsplit=1)[0].partition("@")[0].lstrip("/").lower()
    return jobs.AtDesk(act=DeskVerb(name), words=argument_of(update))


def button(update: Update) -> Job:
    """`desk:<act>[:<what>[:<what>]]`."""
    act, *words = parts_of(update)
    return jobs.AtDesk(act=DeskVerb(act), words=" ".join(words))


def operators(update: Update) -> Job:
    """`operators:revoke:<account>`."""
    return jobs.AtDesk(act=DeskVerb.OPERATORS, words=" ".join(parts_of(update)))


def here(update: Update) -> Job:
    """Hear a silent customer say that they are there (`here`)."""
    del update
    return jobs.StillHere()
