"""The frame of the administrators' panel: its menu, its sections, and what every screen of it carries."""

from dataclasses import replace

from database.models import Author, Priority
from services.access import allowed
from services.administration import home
from services.administration.jobs import Administer
from services.administration.screen import OPEN, Screen, Section, data
from services.administration.sections import SECTIONS
from services.denial import not_allowed, record_refusal
from services.errors import NotPermitted, OfficeRefusal
from services.jobs import OpenAdmin, StaleButton, SwitchAi
from services.outbound import Button, Buttons, Outbound
from services.refusal import stale_button
from services.turn import Turn

_HOME = Section("home", "admin.menu", home.PERMISSION, home.open_home)
_BY_KEY = {section.key: section for section in (_HOME, *SECTIONS)}
_ROW = 2  # sections side by side
_DIGITS = 5  # of a page; more than anybody turns
_LONGEST = 32  # characters of a section that was typed


def open_panel(turn: Turn, job: OpenAdmin) -> None:
    """Show the figures, the switch of the AI, and the sections."""
    del job
    administer(turn, Administer(section=_HOME.key))


def switch_ai(turn: Turn, job: SwitchAi) -> None:
    """Turn the AI on or off for everybody, and show the panel again as it is now."""
    if _may(turn, _HOME):
        home.switch_ai(turn, on=job.on)
        if job.message_id is not None:
            administer(turn, Administer(section=_HOME.key, message_id=job.message_id))


def administer(turn: Turn, job: Administer) -> None:
    """Open a section or do something in it; what is refused is told above a screen that shows how things are."""
    section = _BY_KEY.get(job.section)
    if section is None and job.message_id is None:
        _mistyped(turn, job.section)
        return
    if section is None or (job.act != OPEN and (job.act not in section.acts or job.message_id is None)):
        stale_button(turn, StaleButton())
        return
    if _may(turn, section):
        screen = _screen(turn, section, job)
        if screen.seconds and job.message_id is not None:
            _show_briefly(turn, screen, job.message_id)
            _show(turn, section, section.open(turn, 0, screen.argument), None)
        else:
            _show(turn, section, screen, job.message_id)


def _mistyped(turn: Turn, section: str) -> None:
    if _may(turn, _HOME):
        home_screen = _HOME.open(turn, 0, "")
        _show(turn, _HOME, replace(home_screen, notice=turn.text("admin.no_section", section=section[:_LONGEST])), None)


def _screen(turn: Turn, section: Section, job: Administer) -> Screen:
    subject = ":".join(job.arguments[1:]) if job.act == OPEN else "".join(job.arguments[:1])
    try:
        if job.act != OPEN:
            return section.acts[job.act](turn, job.arguments)
        return section.open(turn, _number("".join(job.arguments[:1])), subject)
    except OfficeRefusal as refusal:
        if isinstance(refusal, NotPermitted):
            record_refusal(turn, refusal.permission)
        return replace(_there(turn, section, subject), notice=turn.text(refusal.key, **refusal.params))


def _there(turn: Turn, section: Section, argument: str) -> Screen:
    """Return how things are where an act was refused, or the section's beginning if that is not there any more."""
    try:
        return section.open(turn, 0, argument)
    except OfficeRefusal:
        return section.open(turn, 0, "")


def _show_briefly(turn: Turn, screen: Screen, message_id: int) -> None:
    """Show what may not stay in the chat, and let it be taken away; until then nothing else waits behind that."""
    chat_id = turn.user.telegram_id
    turn.reply(Outbound(html=screen.html, replaces=message_id))
    removal = turn.send(chat_id, Outbound(html="", removes=message_id), Author.SYSTEM, priority=Priority.BROADCAST)
    turn.uow.messages.hold(removal, screen.seconds)


def _show(turn: Turn, section: Section, screen: Screen, message_id: int | None) -> None:
    drawn = turn.text("admin.drawn", time=f"{turn.uow.now():%H:%M:%S}")
    html = "\n\n".join(part for part in (screen.notice, screen.html, drawn) if part)
    buttons = (*screen.buttons, *(_menu(turn) if section is _HOME else ()), _last_row(turn, section, screen))
    turn.reply(Outbound(html=html, buttons=buttons, replaces=message_id))


def _menu(turn: Turn) -> Buttons:
    roles = turn.uow.roles.of(turn.sender.telegram_id)
    mine = [turn.button(each.title, data(each.key)) for each in SECTIONS if allowed(roles, each.permission)]
    return tuple(tuple(mine[start : start + _ROW]) for start in range(0, len(mine), _ROW))


def _last_row(turn: Turn, section: Section, screen: Screen) -> tuple[Button, ...]:
    try:
        again = data(section.key, OPEN, screen.page, screen.argument)
    except ValueError:  # what was typed is longer than a button holds
        again = data(section.key)
    refresh = turn.button("admin.refresh", again)
    return (refresh,) if section is _HOME else (refresh, turn.button("admin.menu", data(_HOME.key)))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 0


def _may(turn: Turn, section: Section) -> bool:
    if allowed(turn.uow.roles.of(turn.sender.telegram_id), section.permission):
        return True
    not_allowed(turn, section.permission)
    return False
