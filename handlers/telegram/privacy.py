"""Buttons under `/privacy`: the rights that a customer has over what is kept."""

from telegram import Update

from handlers.telegram.buttons import parts
from services.jobs import Job
from services.privacy_rights.jobs import Exercise, Right


def press(update: Update) -> Job:
    """`privacy:<right>`."""
    return Exercise(right=Right(parts(update, 1)[0]))
