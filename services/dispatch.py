"""The table from a job to the use case that does it."""

from collections.abc import Callable
from typing import Any

from services import admin, broadcast, edits, media, memory, profile, question, refusal, registration
from services.desk import ending, queueing, taking
from services.jobs import (
    AskForPerson,
    ChooseLanguage,
    ChooseMode,
    ConfirmPhone,
    Consent,
    DecideBroadcast,
    DraftBroadcast,
    End,
    Job,
    Membership,
    OpenAdmin,
    Refused,
    Reset,
    Say,
    ShareContact,
    ShowPrivacy,
    StaleButton,
    Start,
    SwitchAi,
    TakeChat,
    Unsupported,
)
from services.jobs_spoken import Edit, Share, TakeBack
from services.turn import Turn

_USE_CASES: dict[type[Job], Callable[[Turn, Any], None]] = {
    Start: registration.start,
    Consent: registration.consent,
    ShareContact: media.share_contact,
    ConfirmPhone: registration.confirm_phone,
    ChooseLanguage: profile.choose_language,
    ChooseMode: profile.choose_mode,
    Reset: memory.reset,
    ShowPrivacy: profile.show_privacy,
    Membership: profile.membership,
    Say: question.say,
    Share: media.share,
    Edit: edits.edit,
    TakeBack: edits.take_back,
    Unsupported: question.unsupported,
    AskForPerson: queueing.ask_for_person,
    TakeChat: taking.take_chat,
    End: ending.end,
    DraftBroadcast: broadcast.draft,
    DecideBroadcast: broadcast.decide,
    OpenAdmin: admin.open_panel,
    SwitchAi: admin.switch_ai,
    Refused: refusal.refused,
    StaleButton: refusal.stale_button,
}


def dispatch(turn: Turn, job: Job) -> None:
    """Do what a job asks, within the turn's transaction."""
    _USE_CASES[type(job)](turn, job)
