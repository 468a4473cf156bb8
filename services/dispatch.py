"""The table from a job to the use case that does it."""

from collections.abc import Callable
from typing import Any

from services import (
    callback,
    consent,
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
    trial,
)
from services.administration import panel
from services.administration.jobs import Administer
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
    Refusal,
    Refused,
    Reset,
    Say,
    ShareContact,
    ShowPrivacy,
    StaleButton,
    Start,
    SwitchAi,
    SwitchTest,
    TakeChat,
    Unsupported,
)
from services.jobs_spoken import Edit, Share, TakeBack
from services.privacy_rights import asking, showing
from services.privacy_rights.jobs import Exercise
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
    Consent: consent.answer,
    ShareContact: media.share_contact,
    ConfirmPhone: registration.confirm_phone,
    ChooseLanguage: profile.choose_language,
    ChooseMode: profile.choose_mode,
    Reset: memory.reset,
    SwitchTest: trial.switch,
    ShowPrivacy: showing.show,
    Exercise: asking.exercise,
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
    OpenAdmin: panel.open_panel,
    SwitchAi: panel.switch_ai,
    Administer: panel.administer,
    Refused: refusal.refused,
    StaleButton: refusal.stale_button,
}


def dispatch(turn: Turn, job: Job) -> None:
    """Do what a job asks, within the turn's transaction.

    Nothing, while all that is kept of its sender is erased; and whom the bank bars is only told so.
    """
    if turn.user.erasing:
        asking.wait(turn, job)
        return
    if turn.user.barred_at is not None and not isinstance(job, Membership):
        job = Refused(reason=Refusal.BARRED)
    _USE_CASES[type(job)](turn, job)
