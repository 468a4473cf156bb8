"""The administrators' panel: its command and its buttons."""

from telegram import Update

from handlers.telegram.buttons import message_of, parts_of
from handlers.telegram.commands import argument_of
from services.administration.jobs import Administer
from services.jobs import Job, OpenAdmin

_LONGEST = 600  # characters of what is looked for, or of a setting and its value


def command(update: Update) -> Job:
    """`/admin`, or `/admin <section> [<words>]`, which opens a section with what was typed."""
    typed = argument_of(update).split()
    if not typed:
        return OpenAdmin()
    section, *words = typed
    return Administer(section=section.lower(), arguments=("0", " ".join(words)[:_LONGEST]))


def button(update: Update) -> Job:
    """`admin:<section>[:<act>[:<argument>…]]`."""
    section, *rest = parts_of(update)
    act, *arguments = rest or ("open",)
    return Administer(section=section, act=act, arguments=tuple(arguments), message_id=message_of(update))
