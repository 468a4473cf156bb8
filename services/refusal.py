"""What a person is told when the front let their act not through."""

from services.jobs import Refused, StaleButton
from services.turn import Turn


def refused(turn: Turn, job: Refused) -> None:
    """Tell why, and when to try again."""
    turn.say(f"refused.{job.reason}", seconds=job.seconds)


def stale_button(turn: Turn, job: StaleButton) -> None:
    """Tell that the button's time is over."""
    del job
    turn.say("button.stale")
