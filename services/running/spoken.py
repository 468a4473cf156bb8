"""What a process speaks with: the words, the settings in force behind them, and the sheet on which both are changed."""

from dataclasses import dataclass

from services.ports import Words
from services.running.following import Following
from services.running.sheet import Sheet


@dataclass(frozen=True)
class Spoken:
    """The words of one bot, and where they and the other settings come from."""

    words: Words
    running: Following
    sheet: Sheet
