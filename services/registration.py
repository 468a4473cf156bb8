"""Registration: language, consent, phone (features.md, B1)."""

from database.models import AuditAct, Step, Tier
from services.jobs import ConfirmPhone, ShareContact, Start
from services.ports import Button, Outbound
from services.turn import Turn
from utils import phones


def start(turn: Turn, job: Start) -> None:
    """Greet the person and go on with whatever registration waits for."""
    del job
    if turn.user.registered:
        turn.say("start.again")
        return
    turn.say("start.hello")
    prompt(turn)


def prompt(turn: Turn) -> None:
    """Ask for what registration still needs."""
    match turn.user.step:
        case Step.LANGUAGE:
            ask_language(turn)
        case Step.CONSENT:
            ask_consent(turn)
        case Step.PHONE | Step.CONFIRM_PHONE:
            ask_phone(turn)
        case _:
            pass


def ask_language(turn: Turn) -> None:
    """Offer the languages there are, each by its own name, the person's first."""
    words = turn.tools.words
    languages = sorted(words.languages, key=lambda language: (language != turn.language, language))
    names = [(Button(label=words.text(language, "language.name"), data=f"lang:{language}"),) for language in languages]
    turn.say("language.ask", buttons=tuple(names))


def ask_consent(turn: Turn, *, changed: bool = False) -> None:
    """Show the consent text of the version in force; `changed` tells first that it is another than was agreed to."""
    version = turn.tools.policy.consent_version
    agree = turn.button("consent.agree", f"consent:yes:{version}")
    decline = turn.button("consent.decline", f"consent:no:{version}")
    if changed:
        turn.say("consent.changed")
    turn.say("consent.ask", buttons=((agree,), (decline,)), version=version)


def ask_phone(turn: Turn) -> None:
    """Ask for the phone by Telegram's own contact button."""
    turn.reply(Outbound(html=turn.text("phone.ask"), contact_label=turn.text("phone.button")))


def share_contact(turn: Turn, job: ShareContact) -> None:
    """Take the sender's own card as a confirmed phone; refuse anybody else's."""
    if turn.user.step in {Step.LANGUAGE, Step.CONSENT}:
        turn.say("phone.consent_first")
        prompt(turn)
    elif job.owner_id != turn.sender.telegram_id:
        turn.reply(Outbound(html=turn.text("phone.foreign"), contact_label=turn.text("phone.button")))
    else:
        _finish(turn, _as_e164(job.phone, turn.tools.policy.region), Tier.CONFIRMED)


def looks_like_phone(turn: Turn, text: str) -> bool:
    """Return whether a person who is asked for a phone typed one, rather than a question."""
    if turn.user.step not in {Step.PHONE, Step.CONFIRM_PHONE}:
        return False
    digits = sum(character.isdigit() for character in text)
    letters = sum(character.isalpha() for character in text)
    return digits > 0 and digits * 2 >= letters


def typed_phone(turn: Turn, text: str) -> None:
    """Read a typed number back, or say what is wrong with it."""
    try:
        phone = phones.parse(text, turn.tools.policy.region)
    except phones.PhoneError as error:
        turn.say(f"phone.wrong.{error.reason}")
        return
    turn.uow.users.set_phone(turn.user, phone.e164, tier=None)
    turn.user.step = Step.CONFIRM_PHONE
    mark = turn.uow.users.phone_mark(phone.e164)
    yes, no = turn.button("phone.right", f"phone:yes:{mark}"), turn.button("phone.not_right", f"phone:no:{mark}")
    turn.say("phone.read_back", buttons=((yes, no),), phone=phone.display)


def confirm_phone(turn: Turn, job: ConfirmPhone) -> None:
    """Take a typed number that was read back, or ask again; an earlier number's buttons are of another time."""
    phone = turn.uow.users.phone(turn.user)
    if turn.user.step != Step.CONFIRM_PHONE or phone is None or not turn.uow.users.is_phone_mark(phone, job.mark):
        turn.say("button.stale")
    elif job.right:
        _finish(turn, phone, Tier.TYPED)
    else:
        turn.user.step = Step.PHONE
        ask_phone(turn)


def _finish(turn: Turn, e164: str, tier: Tier) -> None:
    turn.uow.users.set_phone(turn.user, e164, tier)
    turn.user.step = Step.DONE
    record(turn, AuditAct.REGISTERED, tier=tier.value)
    turn.reply(Outbound(html=turn.text(f"phone.done.{tier}"), clear_keyboard=True))


def record(turn: Turn, act: AuditAct, **details: str | None) -> None:
    """Write down what a person did about their own data."""
    turn.uow.audit.record(act, actor=turn.sender.telegram_id, subject=f"user:{turn.user.id}", **details)


def _as_e164(card: str, region: str) -> str:
    """Return the number of a contact card; Telegram's own word is taken for numbers that no plan knows."""
    digits = "+" + "".join(character for character in card if character.isdigit())
    try:
        return phones.parse(digits, region).e164
    except phones.PhoneError:
        return digits
