"""What a person is told when the front let their act not through."""

from services.jobs import Refusal, Refused, StaleButton
from services.turn import Turn


def refused(turn: Turn, job: Refused) -> None:
    """Tell why, and when to try again; whoever wrote too much may still call a person."""
    person = ((turn.button("answer.person", "person"),),) if job.reason == Refusal.TOO_FAST else ()
    turn.say(f"refused.{job.reason}", buttons=person, seconds=job.seconds)


def stale_button(turn: Turn, job: StaleButton) -> None:
    """Tell that the button's time is over."""
    del job
    turn.say("button.stale")
