"""Buttons: what was put into them comes back as its job; anything else is a button of another time."""

import re
from uuid import UUID

from telegram import Update

from services import jobs
from utils.masking import mask

_KEY = re.compile(r"[0-9a-f]{32}")  # of a row of ours


def language(update: Update) -> jobs.Job:
    """`lang:<language>`."""
    return jobs.ChooseLanguage(language=word(parts(update, 1)[0]))


def consent(update: Update) -> jobs.Job:
    """`consent:yes|no:<version>`."""
    answer, version = parts(update, 2)
    return jobs.Consent(given=chosen(answer, "yes", "no"), version=word(version))


def phone(update: Update) -> jobs.Job:
    """`phone:yes|no:<mark>`: whether the number that was read back is right."""
    answer, mark = parts(update, 2)
    return jobs.ConfirmPhone(right=chosen(answer, "yes", "no"), mark=word(mark))


def person(update: Update) -> jobs.Job:
    """`person`: the way out under every answer."""
    del update
    return jobs.AskForPerson()


def mode(update: Update) -> jobs.Job:
    """`mode:<mode>`."""
    return jobs.ChooseMode(mode=word(parts(update, 1)[0]))


def take(update: Update) -> jobs.Job:
    """`take:<conversation>`."""
    return jobs.TakeChat(conversation_id=UUID(parts(update, 1)[0]))


def switch_ai(update: Update) -> jobs.Job:
    """`ai:on|off`."""
    return jobs.SwitchAi(on=chosen(parts(update, 1)[0], "on", "off"), message_id=message_of(update))


def stale(update: Update) -> jobs.Job:
    """Any other button."""
    del update
    return jobs.StaleButton()


def parts(update: Update, number: int) -> list[str]:
    """Return what follows the button's name; raises ValueError when there are not `number` parts."""
    parts = parts_of(update)
    if len(parts) != number:
        raise ValueError("not a button of this version")
    return parts


def parts_of(update: Update) -> list[str]:
    """Return all that follows the button's name, secrets masked; raises ValueError when there is nothing."""
    data = (update.callback_query.data if update.callback_query else None) or ""
    parts = [part if _KEY.fullmatch(part) else word(part) for part in data.split(":")[1:]]
    if not parts:
        raise ValueError("not a button of this version")
    return parts


def message_of(update: Update) -> int | None:
    """Return the messenger's number of the message that the button stands under, if it still knows it."""
    message = update.callback_query.message if update.callback_query else None
    return message.message_id if message else None


def word(part: str) -> str:
    """Return a word that is stored as it came; a forged button may hold anything, so secrets are masked in it."""
    return mask(part).text


def chosen(answer: str, yes: str, no: str) -> bool:
    """Return which of two words a button holds; raises ValueError for any other."""
    if answer not in {yes, no}:
        raise ValueError("not a button of this version")
    return answer == yes
