"""What customers demand under `/privacy`: their data as documents, an erasure asked twice, consent taken back."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from database.models import AuditAct
from services import consent, triggers
from services.jobs import Job, Membership
from services.outbound import File, FileKind, Outbound
from services.privacy_rights.documents import EXPORT, FORMS, LARGEST
from services.privacy_rights.jobs import Exercise, Right
from services.privacy_rights.showing import button
from services.turn import Turn

_MINUTES = 10  # for the second yes
_AROUND = " \t\n.,!«»\"'“”"  # may stand around the word
_APOSTROPHES = str.maketrans(dict.fromkeys("ʻʼ‘’`", "'"))


def exercise(turn: Turn, job: Exercise) -> None:
    """Do what a right is for."""
    _ACTS[job.right](turn)


def confirm(turn: Turn, text: str) -> bool:
    """Take words for the second yes to an erasure, if that is waited for; returns whether that is all they were.

    Anything else than the word ends the waiting, and erases nothing. Words that call for a person at once go their way.
    """
    until, turn.user.erase_until = turn.user.erase_until, None
    if until is None or until <= turn.uow.now() or triggers.find(text):
        return False
    if _plain(text) == _plain(turn.text("privacy.word")):
        _begin(turn)
    else:
        turn.say("privacy.erase_wrong", buttons=((button(turn, Right.ERASE),),))
    return True


def wait(turn: Turn, job: Job) -> None:
    """Tell somebody who is being erased at this moment to wait until that is done; nothing new is kept meanwhile."""
    if not isinstance(job, Membership):
        turn.say("privacy.erasing")


def _export(turn: Turn) -> None:
    """Promise the documents; they are made by whichever worker sends them, at that moment."""
    if turn.uow.disclosures.size(turn.uow.personal.customer(turn.user)) > LARGEST:
        turn.say("privacy.export_large")
        return
    today = f"{turn.uow.now():%Y-%m-%d}"
    for form in FORMS:
        file = File(kind=FileKind.DOCUMENT, id="", name=f"my-data-{today}.{form}", source=f"{EXPORT}:{form}")
        turn.reply(Outbound(html=turn.text(f"privacy.export.{form}"), files=(file,)))
    _record(turn, AuditAct.DATA_EXPORTED, f"user:{turn.user.id}")


def _erase(turn: Turn) -> None:
    if _is_staff(turn):
        return
    turn.say("privacy.erase_ask", buttons=((button(turn, Right.SURE),), (button(turn, Right.KEEP),)))


def _sure(turn: Turn) -> None:
    if _is_staff(turn):
        return
    turn.user.erase_until = turn.uow.now() + timedelta(minutes=_MINUTES)
    turn.say("privacy.erase_word", word=turn.text("privacy.word"), minutes=_MINUTES)


def _keep(turn: Turn) -> None:
    turn.user.erase_until = None
    turn.say("privacy.erase_kept")


def _is_staff(turn: Turn) -> bool:
    """Return whether the account works, or worked, for the bank; it is then told that it is not erased from here."""
    if staff := turn.uow.personal.is_staff(turn.user.telegram_id):
        turn.say("privacy.erase_staff")
    return staff


def _begin(turn: Turn) -> None:
    if _is_staff(turn):  # since the first yes
        return
    known = turn.uow.erasures.undone(turn.user.telegram_id)
    erasure = known or turn.uow.erasures.want(turn.user.telegram_id, turn.language, by_staff=False)
    if known is None:
        turn.user.erasing = True
        _record(turn, AuditAct.ERASURE_WANTED, f"erasure:{erasure.id}")
    turn.say("privacy.erase_begun" if known is None else "privacy.erase_known")
    turn.uow.after_commit(turn.tools.wakeups.erasures)


def _withdraw(turn: Turn) -> None:
    """Take the consent back: the phone, which was given under it, goes, and registration begins anew."""
    if turn.user.consent_version is None:
        turn.say("privacy.no_consent")
        return
    consent.withdraw(turn)
    turn.say("privacy.withdrawn")


def _plain(text: str) -> str:
    """Return a word as it is compared: phones write apostrophes in many ways, and capitals where they like."""
    return text.translate(_APOSTROPHES).strip(_AROUND).casefold()


def _record(turn: Turn, act: AuditAct, subject: str) -> None:
    turn.uow.audit.record(act, actor=turn.sender.telegram_id, subject=subject)


_ACTS: Mapping[Right, Callable[[Turn], None]] = {
    Right.EXPORT: _export,
    Right.ERASE: _erase,
    Right.SURE: _sure,
    Right.KEEP: _keep,
    Right.WITHDRAW: _withdraw,
}
