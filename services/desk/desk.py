"""The desk as its use cases see it, whoever calls them: a turn in Telegram, a page of the console, the tender."""

from dataclasses import dataclass
from uuid import UUID

from database.db import UnitOfWork
from database.models import (
    AuditAct,
    Author,
    Conversation,
    ConversationState,
    DeskAct,
    Message,
    Operator,
    Priority,
    User,
)
from services.access import Permission
from services.desk.entrance import access
from services.desk.keys import is_key, plain
from services.errors import DeskRefusal, NotAllowedError
from services.outbound import Button, Buttons, Outbound
from services.policy import DeskRules
from services.turn import Tools, Turn

_SHARE_OUT = "desk"  # the note of a transaction after which the queue is looked at


@dataclass(frozen=True)
class Desk:
    """One transaction at the desk; `actor` is the account of the one who acts, None for the bank itself."""

    uow: UnitOfWork
    tools: Tools
    actor: int | None = None
    traceparent: str | None = None

    @staticmethod
    def of(turn: Turn) -> "Desk":
        """Return the desk as the sender of an update stands at it."""
        return Desk(turn.uow, turn.tools, turn.sender.telegram_id, turn.traceparent)

    @property
    def rules(self) -> DeskRules:
        """The desk's rules."""
        return self.tools.policy.desk

    @property
    def me(self) -> int:
        """The account of the one who acts; raises DeskRefusal for the bank itself."""
        if self.actor is None:
            raise DeskRefusal("refused.not_allowed")
        return self.actor

    def language_of(self, telegram_id: int) -> str:
        """Return the language to speak to somebody in."""
        user = self.uow.users.get(telegram_id)
        return (user.language if user else None) or self.tools.policy.language

    def text(self, telegram_id: int, key: str, /, **params: object) -> str:
        """Return a text in somebody's language."""
        return self.tools.words.text(self.language_of(telegram_id), key, **params)

    def tell(
        self,
        telegram_id: int,
        key: str,
        /,
        *,
        conversation: Conversation | None = None,
        buttons: Buttons = (),
        priority: Priority = Priority.REPLY,
        **params: object,
    ) -> None:
        """Tell somebody a text of the catalogues; it leaves after the commit."""
        message = Outbound(html=self.text(telegram_id, key, **params), buttons=buttons)
        self.send(telegram_id, message, Author.SYSTEM, conversation, priority)

    def send(
        self,
        chat_id: int,
        message: Outbound,
        author: Author,
        conversation: Conversation | None = None,
        priority: Priority = Priority.REPLY,
    ) -> Message:
        """Write a message to anybody; it leaves after the commit."""
        body = message.model_dump_json(exclude_defaults=True)
        if not self.uow.has_outgoing:
            self.uow.after_commit(self.tools.wakeups.delivery)
        return self.uow.messages.send(
            chat_id,
            body,
            author=author,
            conversation=conversation,
            priority=priority,
            traceparent=self.traceparent,
        )

    def wake(self) -> None:
        """Let somebody share out who waits, once this is committed; once, however often it is asked for."""
        if _SHARE_OUT not in self.uow.scope.notes:
            self.uow.scope.notes.add(_SHARE_OUT)
            self.uow.after_commit(self.tools.wakeups.desk)

    def button(self, telegram_id: int, key: str, act: str, *parts: str) -> Button:
        """Return a button of the desk, labelled in somebody's language."""
        return Button(label=self.text(telegram_id, key), data=":".join(("desk", act, *parts)))

    def happened(
        self,
        act: DeskAct,
        conversation: Conversation | None = None,
        operator_id: int | None = None,
        *,
        seconds: float | None = None,
        detail: str | None = None,
    ) -> None:
        """Write down what happened, for reports and for the rules of assignment."""
        self.uow.desk.happened(act, conversation, operator_id, seconds=seconds, detail=detail)

    def record(self, act: AuditAct, conversation: Conversation, **details: str | int | bool | None) -> None:
        """Write a privileged act into the audit log."""
        self.uow.audit.record(act, actor=self.actor, subject=f"conversation:{conversation.id}", **details)

    def may(self, permission: Permission, telegram_id: int | None = None) -> bool:
        """Return whether somebody, the one who acts if nobody is named, may do something at the desk now.

        Who has a PIN, or needs one by the bank's rules, has to be signed in with it.
        """
        return all(access(self.uow, self.rules, permission, self.me if telegram_id is None else telegram_id))

    def require(self, permission: Permission) -> None:
        """Raise DeskRefusal unless the one who acts may do something."""
        held, open_ = access(self.uow, self.rules, permission, self.me)
        if not held:
            raise NotAllowedError(permission)
        if not open_:
            raise DeskRefusal("desk.sign_in_first")

    def operator(self) -> Operator:
        """Return the row of the one who acts, written if it was not there."""
        return self.uow.operators.ensure(self.me)

    def limit(self, operator: Operator | None) -> int:
        """Return how many chats at a time an operator has."""
        return operator.chats if operator and operator.chats is not None else self.rules.chats

    def customer(self, conversation: Conversation) -> User:
        """Return the customer of a conversation."""
        return self.uow.users.by_id(conversation.user_id)

    def named(self, words: str) -> Conversation:
        """Return the conversation whose key begins with what somebody typed or pressed; raises DeskRefusal."""
        if not is_key(words):
            raise DeskRefusal("desk.which")
        found = self.uow.floor.find(plain(words))
        if len(found) != 1:
            raise DeskRefusal("desk.unknown")
        return self.locked(found[0].id)

    def locked(self, conversation_id: UUID) -> Conversation:
        """Return a conversation, locked until the commit; raises DeskRefusal when there is none."""
        conversation = self.uow.floor.hold(conversation_id)
        if conversation is None:
            raise DeskRefusal("desk.unknown")
        return conversation

    def own(self, words: str = "") -> Conversation:
        """Return the chat of the one who acts that is named, or the current one; raises DeskRefusal."""
        self.require(Permission.TAKE_CHATS)
        if words:
            return self.mine(self.named(words))
        conversation_id = self.current()
        if conversation_id is None:
            raise DeskRefusal("desk.no_chat")
        return self.mine(self.locked(conversation_id))

    def mine(self, conversation: Conversation) -> Conversation:
        """Return a locked chat if it still is the actor's; it may have been passed on a moment ago: DeskRefusal."""
        if conversation.state != ConversationState.WITH_OPERATOR or conversation.staff_id != self.me:
            raise DeskRefusal("desk.not_yours")
        return conversation

    def current(self) -> UUID | None:
        """Return which chat words go to that are no reply; None without chats, DeskRefusal when it is not clear."""
        chats = {chat.id for chat in self.uow.floor.chats(self.me)}
        if not chats:
            return None
        operator = self.uow.operators.of(self.me)
        current = operator.current_id if operator else None
        if current is None and len(chats) == 1:
            return chats.pop()
        if current not in chats:  # what was meant for a chat that ended just now must not reach another customer
            raise DeskRefusal("desk.choose")
        return current
