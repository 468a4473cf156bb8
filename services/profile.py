"""What a person chooses and sees about themselves: language, who answers first, whether they are there."""

from database.models import Mode, Step
from services import registration
from services.jobs import ChooseLanguage, ChooseMode, Membership
from services.turn import Turn


def choose_language(turn: Turn, job: ChooseLanguage) -> None:
    """Offer the languages, or switch to the chosen one and go on with registration if it waited for that."""
    if job.language is None or job.language not in turn.tools.words.languages:
        registration.ask_language(turn)
        return
    turn.user.language = job.language
    turn.say("language.chosen")
    if turn.user.step == Step.LANGUAGE:
        turn.user.step = Step.CONSENT
        registration.prompt(turn)


def choose_mode(turn: Turn, job: ChooseMode) -> None:
    """Offer who answers first, or keep the choice."""
    chosen = next((mode for mode in Mode if mode == job.mode), None)
    if chosen is None:
        buttons = tuple((turn.button(f"mode.{mode}", f"mode:{mode}"),) for mode in Mode)
        turn.say("mode.ask", buttons=buttons, now=turn.text(f"mode.{turn.user.mode}"))
        return
    turn.user.mode = chosen
    turn.say("mode.chosen", now=turn.text(f"mode.{chosen}"))


def membership(turn: Turn, job: Membership) -> None:
    """Remember that the person blocked the bot, or came back."""
    turn.uow.users.block(turn.user.telegram_id, blocked=job.blocked)
