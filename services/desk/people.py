"""Both sides of a chat: what each is called, and what the staff are shown of a customer and of the dialog."""

from html import escape, unescape

from database.models import Author, Conversation, User
from services.access import Permission, allowed
from services.desk.desk import Desk
from services.desk.keys import short
from services.dialog import spoken
from services.ports import Outbound
from utils import phones

_SHOWN_TURNS, _SHOWN_CHARACTERS, _SUMMARY_CHARACTERS, _NOTES = 6, 300, 600, 5


def supervisors(desk: Desk) -> list[int]:
    """Return who looks after the desk."""
    return sorted(who for who, held in desk.uow.roles.all().items() if allowed(held, Permission.SUPERVISE))


def who(desk: Desk, customer: User, language: str) -> str:
    """Return a customer in a line: the name, the masked phone, how sure the bank is of it."""
    words = desk.tools.words
    phone = desk.uow.users.phone(customer)
    shown = phones.masked(phone) if phone else "—"
    name = desk.uow.users.profile(customer) or words.text(language, "handover.customer")
    flag = " ⚠️" if customer.phone_shared else ""
    return f"{name}, {shown} ({words.text(language, f'tier.{customer.tier}')}){flag}"


def name_of(desk: Desk, telegram_id: int, language: str) -> str:
    """Return what customers and colleagues call an operator."""
    operator, user = desk.uow.operators.of(telegram_id), desk.uow.users.get(telegram_id)
    own = desk.uow.operators.name(operator) if operator else ""
    return own or (desk.uow.users.profile(user) if user else "") or desk.tools.words.text(language, "handover.operator")


def dialog(desk: Desk, conversation: Conversation, limit: int = _SHOWN_TURNS) -> str:
    """Return the last turns as text; all but the customer's say whose they are."""
    said = desk.uow.messages.history(conversation.id, limit=limit)
    turns = [("👤 " if item.author == Author.CUSTOMER else "") + spoken(item)[:_SHOWN_CHARACTERS] for item in said]
    return "\n".join(turns) or "—"


def show_context(desk: Desk, conversation: Conversation, telegram_id: int) -> None:
    """Show an operator whom they serve now, why, and what was said, with a button for each act."""
    customer, language = desk.customer(conversation), desk.language_of(telegram_id)
    words, key = desk.tools.words, conversation.id.hex
    parts = [
        words.text(
            language,
            "handover.yours",
            id=short(conversation),
            who=who(desk, customer, language),
            language=customer.language or desk.tools.policy.language,
            reason=unescape(reason_of(desk, conversation, language)),
        )
    ]
    if summary := desk.uow.memory.summary(conversation):
        parts.append(words.text(language, "desk.summary", text=summary[:_SUMMARY_CHARACTERS]))
    notes = desk.uow.desk.notes(conversation.id)[-_NOTES:]
    parts += ["📝 " + escape(note.text[:_SHOWN_CHARACTERS]) for note in notes]
    parts.append(words.text(language, "desk.last", dialog=dialog(desk, conversation)))
    buttons = (
        (desk.button(telegram_id, "desk.button.done", "done", key),),
        (
            desk.button(telegram_id, "desk.button.history", "history", key),
            desk.button(telegram_id, "desk.button.canned", "canned"),
        ),
        (
            desk.button(telegram_id, "desk.button.transfer", "transfer", key),
            desk.button(telegram_id, "desk.button.escalate", "escalate", key),
        ),
    )
    desk.send(telegram_id, Outbound(html="\n\n".join(parts), buttons=buttons), Author.SYSTEM, conversation)


def reason_of(desk: Desk, conversation: Conversation, language: str) -> str:
    """Return why a person is wanted, in words."""
    return desk.tools.words.text(language, f"desk.reason.{conversation.reason or 'asked'}")
