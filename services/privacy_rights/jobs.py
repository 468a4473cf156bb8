"""What a customer asks for by the buttons under `/privacy`."""

from enum import StrEnum, auto
from typing import Literal

from services.job import Frozen


class Right(StrEnum):
    """What may be asked for; ERASE and SURE are the two yeses to an erasure, KEEP is the no."""

    EXPORT = auto()
    ERASE = auto()
    SURE = auto()
    KEEP = auto()
    WITHDRAW = auto()


class Exercise(Frozen):
    """A customer makes use of a right."""

    kind: Literal["exercise"] = "exercise"
    right: Right
