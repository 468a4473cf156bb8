"""The table from a job to the use case that does it."""

from collections.abc import Callable
from typing import Any

from services import (
    admin,
    callback,
    edits,
    links,
    media,
    memory,
    profile,
    question,
    rating,
    refusal,
    registration,
    taking_back,
)
from services.broadcast import dialogue, pressing, subscription
from services.broadcast.jobs import AtBroadcast, LeaveDraft, OpenBroadcast, Subscribe
from services.desk import commands, ending, pace, pins, queueing, taking
from services.desk.jobs import AtDesk, SignInOperator, StillHere
from services.jobs import (
    AskForPerson,
    ChooseLanguage,
    ChooseMode,
    ConfirmPhone,
    Consent,
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
from services.waiting import meanwhile
from services.waiting.jobs import (
    AskCallback,
    ConfirmCallback,
    FinishCallback,
    GiveThumb,
    KeepAsking,
    LeaveMessage,
    Rate,
    TakeCallback,
    WantComment,
)

_USE_CASES: dict[type[Job], Callable[[Turn, Any], None]] = {
    Start: links.start,
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
    TakeBack: taking_back.take_back,
    Unsupported: question.unsupported,
    AskForPerson: queueing.ask_for_person,
    TakeChat: taking.take_chat,
    End: ending.end,
    LeaveMessage: meanwhile.leave_message,
    KeepAsking: meanwhile.keep_asking,
    AskCallback: callback.ask,
    ConfirmCallback: callback.confirm,
    TakeCallback: callback.take,
    FinishCallback: callback.finish,
    Rate: rating.rate,
    WantComment: rating.want_comment,
    GiveThumb: rating.give_thumb,
    StillHere: pace.still_here,
    SignInOperator: pins.sign_in,
    AtDesk: commands.at_desk,
    OpenBroadcast: dialogue.open_,
    AtBroadcast: pressing.at_broadcast,
    LeaveDraft: dialogue.leave,
    Subscribe: subscription.subscribe,
    OpenAdmin: admin.open_panel,
    SwitchAi: admin.switch_ai,
    Refused: refusal.refused,
    StaleButton: refusal.stale_button,
}


def dispatch(turn: Turn, job: Job) -> None:
    """Do what a job asks, within the turn's transaction."""
    _USE_CASES[type(job)](turn, job)
