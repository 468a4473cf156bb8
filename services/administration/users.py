"""The section of the people: a list with filters, what was looked up, and a card of each, all masked."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape, unescape

from database.models import Tier
from database.queries.people import Sought
from services.access import Permission
from services.administration import barring, people
from services.administration.office import Office
from services.administration.people import Listed, Person
from services.administration.screen import OPEN, Screen, Section, data, labelled, pager
from services.outbound import Button, Buttons
from services.turn import Turn

_KEY = "users"
_SIZE = 8  # people on a page
_ANY = "*"
_CARD = "@"  # begins the argument of a card, and a filter's begins with the next one
_FILTER = "="
_BARRED = "barred"


def open_users(turn: Turn, page: int, argument: str) -> Screen:
    """Show the list, a card (`@<account>`), a filtered list (`=…`) or what was typed."""
    office = Office.of(turn)
    if argument.startswith(_CARD):
        return _card(turn, people.person(office, _account([argument])))
    if argument and not argument.startswith(_FILTER):
        found = people.looked_up(office, argument, page, _SIZE)
        if len(found.people) == 1 and not page:
            return _card(turn, found.people[0])
        return _list(turn, found, page, argument, ())
    sought = _filter(turn, argument)
    here = _argument(sought) if argument else ""
    return _list(turn, people.listed(office, sought, page, _SIZE), page, here, _filters(turn, sought))


def _list(turn: Turn, found: Listed, page: int, argument: str, filters: Buttons) -> Screen:
    lines = [_line(turn, each) for each in found.people] or ["—"]
    html = "\n".join((turn.text("admin.users.list"), *lines, "", turn.text("admin.users.search")))
    each = tuple(labelled(_label(one), _KEY, OPEN, 0, f"{_CARD}{one.telegram_id}") for one in found.people)
    pages = pager(turn, _KEY, (page, argument), more=found.more)
    return Screen(html, (*filters, *each, *pages), page, argument)


def _card(turn: Turn, one: Person) -> Screen:
    html = turn.text(
        "admin.users.card",
        name=one.name or "—",
        id=one.telegram_id,
        phone=one.phone or "—",
        shared=turn.text("admin.users.shared" if one.phone_shared else "admin.users.not_shared"),
        tier=turn.text(f"admin.tier.{one.tier}"),
        language=_language(turn, one.language),
        since=f"{one.since:%Y-%m-%d %H:%M}",
        consent=one.consent or "—",
        left=f"{one.left_at:%Y-%m-%d %H:%M}" if one.left_at else "—",
    )
    if one.barred_at:
        html += "\n" + turn.text("admin.users.barred", since=f"{one.barred_at:%Y-%m-%d %H:%M}")
    act = "let" if one.barred_at else "ask"
    label = "admin.users.let_in" if one.barred_at else "admin.users.bar"
    there = f"{_CARD}{one.telegram_id}"
    buttons = ((turn.button(label, data(_KEY, act, there)),), (turn.button("admin.users.all", data(_KEY)),))
    return Screen(html, buttons, 0, there)


def _ask(turn: Turn, arguments: Sequence[str]) -> Screen:
    """Ask once more before somebody is barred."""
    there, one = arguments[0], people.person(Office.of(turn), _account(arguments))
    html = turn.text("admin.users.sure", id=one.telegram_id, name=one.name or "—")
    yes, no = (
        turn.button("admin.users.bar", data(_KEY, "bar", there)),
        turn.button("admin.cancel", data(_KEY, OPEN, 0, there)),
    )
    return Screen(html, ((yes,), (no,)), 0, there)


def _bar(turn: Turn, arguments: Sequence[str]) -> Screen:
    barring.bar(Office.of(turn), _account(arguments))
    return replace(open_users(turn, 0, arguments[0]), notice=turn.text("admin.users.now_barred"))


def _let_in(turn: Turn, arguments: Sequence[str]) -> Screen:
    barring.let_in(Office.of(turn), _account(arguments))
    return replace(open_users(turn, 0, arguments[0]), notice=turn.text("admin.users.now_let_in"))


def _account(arguments: Sequence[str]) -> int:
    """Return whom a button means; one that nobody has is looked up in vain."""
    return people.account("".join(arguments[:1]).removeprefix(_CARD)) or 0


def _filter(turn: Turn, argument: str) -> Sought:
    """Return whom an argument means: `=<tier>,<language>,<who is barred>`, each of them or anything else for all."""
    tier, language, barred = (*argument.removeprefix(_FILTER).split(","), "", "", "")[:3]
    known = turn.tools.words.languages
    return Sought(
        tier if tier in list(Tier) else None,
        language if language in known else None,
        True if barred == _BARRED else None,
    )


def _filters(turn: Turn, now: Sought) -> Buttons:
    """Return a button for each filter, which says what it is set to and sets it to what comes next."""
    every, only = turn.text("admin.users.any"), turn.text("admin.users.only_barred")
    tier = turn.text(f"admin.tier.{now.tier}") if now.tier else every
    language = _language(turn, now.language) if now.language else every
    return (
        _turned(turn.text("admin.users.tier", tier=tier), replace(now, tier=_next([None, *Tier], now.tier))),
        _turned(
            turn.text("admin.users.language", language=language),
            replace(now, language=_next([None, *turn.tools.words.languages], now.language)),
        ),
        _turned(
            turn.text("admin.users.who", who=only if now.barred else every),
            replace(now, barred=None if now.barred else True),
        ),
    )


def _argument(sought: Sought) -> str:
    """Return what means the same people, and no more than a button holds."""
    parts = (sought.tier or _ANY, sought.language or _ANY, _BARRED if sought.barred else _ANY)
    return _FILTER + ",".join(parts)


def _turned(label: str, sought: Sought) -> tuple[Button, ...]:
    return labelled(unescape(label), _KEY, OPEN, 0, _argument(sought))


def _next(values: list[str | None], value: str | None) -> str | None:
    return values[(values.index(value) + 1) % len(values)]


def _line(turn: Turn, one: Person) -> str:
    parts = (one.name or "—", one.phone or "—", one.language, turn.text(f"admin.tier.{one.tier}"))
    mark = "🚫 " if one.barred_at else ""
    return f"• {mark}<code>{one.telegram_id}</code> {escape(' · '.join(map(unescape, parts)))}"


def _label(one: Person) -> str:
    return " · ".join(part for part in (one.name, one.phone[-5:], str(one.telegram_id)) if part)


def _language(turn: Turn, code: str) -> str:
    return turn.tools.words.text(code, "language.name")


SECTION = Section(_KEY, "admin.users", Permission.SEE_PEOPLE, open_users, {"ask": _ask, "bar": _bar, "let": _let_in})
