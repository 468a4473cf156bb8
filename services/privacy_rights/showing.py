"""`/privacy`: what is kept about a customer, by class and number, until when, under which consents."""

from database.models import Attachment, Callback, Consent, Conversation, DeskNote, Message, Rating
from services.jobs import ShowPrivacy
from services.outbound import Button
from services.privacy_rights.jobs import Right
from services.turn import Turn
from utils import phones

TERMS = ("conversations", "files", "callbacks")
_CONSENTS = 5  # that are listed; the export has them all


def show(turn: Turn, job: ShowPrivacy) -> None:
    """Tell what is kept about the person, and offer what may be done with it."""
    del job
    phone = turn.uow.users.phone(turn.user)
    buttons = [(button(turn, Right.EXPORT),), (button(turn, Right.ERASE),)]
    if turn.user.consent_version:
        buttons.insert(1, (button(turn, Right.WITHDRAW),))
    customer = turn.uow.personal.customer(turn.user)
    turn.say(
        "privacy.show",
        buttons=tuple(buttons),
        phone=phones.masked(phone) if phone else turn.text("privacy.no_phone"),
        tier=turn.text(f"tier.{turn.user.tier}"),
        conversations=turn.uow.personal.count(Conversation, customer),
        messages=turn.uow.personal.count(Message, customer),
        files=turn.uow.personal.count(Attachment, customer),
        notes=turn.uow.personal.count(DeskNote, customer),
        ratings=turn.uow.personal.count(Rating, customer),
        calls=turn.uow.personal.count(Callback, customer),
        terms=_terms(turn),
        consent=_consents(turn),
    )


def _terms(turn: Turn) -> str:
    """Return after how many days what goes by itself; the rest stays until it is erased."""
    days = turn.tools.policy.kept_days
    told = [turn.text(f"privacy.term.{kind}", days=days[kind]) for kind in TERMS if days.get(kind)]
    return "\n".join([*told, turn.text("privacy.term_rest" if told else "privacy.term_all")])


def button(turn: Turn, right: Right) -> Button:
    """Return the button of a right."""
    return turn.button(f"privacy.button.{right}", f"privacy:{right}")


def _consents(turn: Turn) -> str:
    given = turn.uow.users.consents(turn.user)[:_CONSENTS]
    return "\n".join(_told(turn, consent) for consent in given) or turn.text("privacy.no_consent")


def _told(turn: Turn, consent: Consent) -> str:
    given = f"{consent.created_at:%Y-%m-%d %H:%M} UTC"
    if consent.withdrawn_at is None:
        return turn.text("privacy.consent", version=consent.version, date=given)
    until = f"{consent.withdrawn_at:%Y-%m-%d %H:%M} UTC"
    return turn.text("privacy.consent_withdrawn", version=consent.version, date=given, until=until)
