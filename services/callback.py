"""Call-backs: a customer asks to be called at the number of the profile, somebody of the staff takes the call."""

from database.db import UnitOfWork
from database.models import AuditAct, Author, Callback, CallbackState, Priority, Step
from services import registration
from services.access import Permission, allowed
from services.denial import not_allowed
from services.desk.desk import Desk
from services.desk.seats import on_call, seats
from services.ports import Button, Outbound
from services.turn import Tools, Turn
from services.waiting import closed
from services.waiting.jobs import AskCallback, ConfirmCallback, FinishCallback, TakeCallback
from utils import phones

_ANNOUNCED_AT_ONCE = 10  # calls under one message to the staff


def ask(turn: Turn, job: AskCallback) -> None:
    """Read the number of the profile back, masked; where there is none, or it is another one, ask for it."""
    phone = turn.uow.users.phone(turn.user)
    if turn.user.step in {Step.LANGUAGE, Step.CONSENT}:
        turn.say("callback.consent_first")
        registration.prompt(turn)
    elif phone is None or job.other or turn.user.step != Step.DONE:
        registration.ask_phone(turn)
        turn.say("callback.then", buttons=((turn.button("callback.ask", "callback:ask"),),))
    else:
        yes = turn.button("callback.yes", f"callback:yes:{turn.uow.users.phone_mark(phone)}")
        other = turn.button("callback.other", "callback:other")
        turn.say("callback.confirm", buttons=((yes,), (other,)), phone=phones.masked(phone))


def confirm(turn: Turn, job: ConfirmCallback) -> None:
    """Keep that the customer waits for a call, once; the button of another number is of another time."""
    phone = turn.uow.users.phone(turn.user)
    if phone is None or not turn.user.registered or not turn.uow.users.is_phone_mark(phone, job.mark):
        turn.say("button.stale")
        return
    if not turn.uow.callbacks.ask(turn.user):
        turn.say("callback.known")
    elif opens := closed.opening(turn, turn.language):
        turn.say("callback.noted_until", opens=opens)
    else:
        turn.say("callback.noted")
        announce(turn.uow, turn.tools)


def announce(uow: UnitOfWork, tools: Tools) -> None:
    """Tell who is online, else who is on call, of calls that nobody was told of, with a button for each customer.

    Calls that somebody took who may make none any more are among them.
    """
    for staff_id in uow.callbacks.takers():
        if not allowed(uow.roles.of(staff_id), Permission.TAKE_CHATS):
            uow.callbacks.give_back(staff_id)
    if not (calls := uow.callbacks.unannounced(_ANNOUNCED_AT_ONCE)):
        return
    taken = seats(Desk(uow, tools))
    staff = [seat.telegram_id for seat in taken if seat.online] or on_call(taken, None)
    for telegram_id in staff:
        user = uow.users.get(telegram_id)
        language = (user.language if user else None) or tools.policy.language
        html = tools.words.plural(language, "callback.call", len(calls))
        buttons = tuple((Button(label=_label(uow, call), data=f"called:take:{call.id}"),) for call in calls)
        body = Outbound(html=html, buttons=buttons).model_dump_json(exclude_defaults=True)
        uow.messages.send(telegram_id, body, author=Author.SYSTEM, priority=Priority.NOTICE)
    if staff:
        uow.callbacks.announced([call.id for call in calls])


def take(turn: Turn, job: TakeCallback) -> None:
    """Give a call to the first moderator who takes it, with the whole number; that somebody saw it is recorded."""
    call = _call(turn, job.callback_id)
    if call is None:
        return
    me = turn.sender.telegram_id
    if call.state == CallbackState.DONE or (call.state == CallbackState.TAKEN and call.staff_id != me):
        turn.say("callback.taken")
        return
    call.state, call.staff_id = CallbackState.TAKEN, me
    turn.uow.audit.record(AuditAct.CALLBACK_TAKEN, actor=me, subject=f"callback:{call.id}")
    customer = turn.uow.users.by_id(call.user_id)
    done = turn.button("callback.finish", f"called:done:{call.id}")
    name = turn.uow.users.profile(customer) or turn.text("handover.customer")
    turn.say("callback.yours", buttons=((done,),), who=name, phone=turn.uow.users.phone(customer) or "—")


def finish(turn: Turn, job: FinishCallback) -> None:
    """Close a call that its moderator made."""
    call = _call(turn, job.callback_id)
    if call is None:
        return
    if call.state != CallbackState.TAKEN or call.staff_id != turn.sender.telegram_id:
        turn.say("callback.taken")
        return
    turn.uow.callbacks.done(call, turn.sender.telegram_id)
    turn.uow.audit.record(AuditAct.CALLBACK_DONE, actor=turn.sender.telegram_id, subject=f"callback:{call.id}")
    turn.say("callback.finished")


def _call(turn: Turn, callback_id: int) -> Callback | None:
    """Return a call for somebody who may make it; else say why not."""
    if not Desk.of(turn).may(Permission.TAKE_CHATS):
        not_allowed(turn, Permission.TAKE_CHATS)
        return None
    call = turn.uow.callbacks.lock(callback_id)
    if call is None:
        turn.say("button.stale")
    return call


def _label(uow: UnitOfWork, call: Callback) -> str:
    customer = uow.users.by_id(call.user_id)
    phone = uow.users.phone(customer)
    return f"📞 {uow.users.profile(customer)} {phones.masked(phone) if phone else ''}".strip()
