"""Both sides of a chat: who of the staff may serve, and what they are shown of a customer and of the dialog."""

from database.models import Author, Conversation, User
from services.access import Permission, allowed
from services.dialog import spoken
from services.turn import Turn
from utils import phones

_SHOWN_TURNS, _SHOWN_CHARACTERS = 6, 300


def may_serve(turn: Turn, telegram_id: int) -> bool:
    """Return whether an account may take chats now."""
    return allowed(turn.uow.roles.of(telegram_id), Permission.TAKE_CHATS)


def moderators(turn: Turn) -> list[int]:
    """Return everybody who may take chats, except for the sender."""
    roles = turn.uow.roles.all()
    return sorted(
        telegram_id
        for telegram_id, held in roles.items()
        if allowed(held, Permission.TAKE_CHATS) and telegram_id != turn.sender.telegram_id
    )


def who(turn: Turn, customer: User, language: str) -> str:
    """Return a customer in a line: the name, the masked phone, how sure the bank is of it."""
    words = turn.tools.words
    phone = turn.uow.users.phone(customer)
    shown = phones.masked(phone) if phone else "—"
    name = turn.uow.users.profile(customer) or words.text(language, "handover.customer")
    flag = " ⚠️" if customer.phone_shared else ""
    return f"{name}, {shown} ({words.text(language, f'tier.{customer.tier}')}){flag}"


def dialog(turn: Turn, conversation: Conversation) -> str:
    """Return the last turns as text, for the moderator who takes over; all but the customer's say whose they are."""
    said = turn.uow.messages.history(conversation.id, limit=_SHOWN_TURNS)
    turns = [("👤 " if item.author == Author.CUSTOMER else "") + spoken(item)[:_SHOWN_CHARACTERS] for item in said]
    return "\n".join(turns) or "—"
