"""Commands: each becomes its job; what follows the command is checked here."""

from telegram import Message, Update

from services import jobs
from services.jobs_spoken import TakeBack
from utils.masking import mask


def start(update: Update) -> jobs.Job:
    """`/start`, perhaps with a deep link's payload."""
    return jobs.Start(payload=argument_of(update))


def help_(update: Update) -> jobs.Job:
    """`/help`: a person, please."""
    del update
    return jobs.AskForPerson()


def end(update: Update) -> jobs.Job:
    """`/end`, from either side."""
    del update
    return jobs.End()


def language(update: Update) -> jobs.Job:
    """`/lang`, perhaps with the language."""
    return jobs.ChooseLanguage(language=argument_of(update).lower() or None)


def mode(update: Update) -> jobs.Job:
    """`/mode`, perhaps with the mode."""
    return jobs.ChooseMode(mode=argument_of(update).lower() or None)


def reset(update: Update) -> jobs.Job:
    """`/reset`: forget what was said."""
    del update
    return jobs.Reset()


def test(update: Update) -> jobs.Job:
    """`/test`: the AI alone, as a test; the same again ends it."""
    del update
    return jobs.SwitchTest()


def privacy(update: Update) -> jobs.Job:
    """`/privacy`: what is kept."""
    del update
    return jobs.ShowPrivacy()


def take_back(update: Update) -> jobs.Job:
    """`/delete`, as a reply to what is to be taken back."""
    message = update.message
    replied = message.reply_to_message if message else None
    return TakeBack(reply_to=replied.message_id if replied else None)


def unknown(update: Update) -> jobs.Job:
    """Any other command."""
    del update
    return jobs.Unsupported(what="command")


def argument_of(update: Update) -> str:
    """Return what follows a command; secrets are masked in it, whatever it was meant for."""
    message = update.message
    assert isinstance(message, Message)  # noqa: S101 - commands are messages, the table says so
    _command, *argument = (message.text or "").split(maxsplit=1)  # by a space or by a new line
    return mask(argument[0].strip()).text if argument else ""
