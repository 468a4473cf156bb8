"""The section of the people: a list with filters, what was looked up, and a card of each, all masked."""

from html import escape, unescape

from database.models import Tier
from database.queries.people import Sought
from services.access import Permission
from services.administration import people
from services.administration.office import Office
from services.administration.people import Listed, Person
from services.administration.screen import OPEN, Screen, Section, data, labelled, pager
from services.outbound import Buttons
from services.turn import Turn

_KEY = "users"
_SIZE = 8  # people on a page
_ANY = "*"
_CARD = "@"  # begins the argument of a card, and a filter's begins with the next one
_FILTER = "="


def open_users(turn: Turn, page: int, argument: str) -> Screen:
    """Show the list, a card (`@<account>`), a filtered list (`=<tier>,<language>`) or what was typed."""
    office = Office.of(turn)
    if argument.startswith(_CARD):
        return _card(turn, people.person(office, people.account(argument[1:]) or 0))
    if argument and not argument.startswith(_FILTER):
        found = people.looked_up(office, argument, page, _SIZE)
        if len(found.people) == 1 and not page:
            return _card(turn, found.people[0])
        return _list(turn, found, page, argument, ())
    tier, language = _filter(turn, argument)
    found = people.listed(office, Sought(tier=tier, language=language), page, _SIZE)
    return _list(turn, found, page, argument, _filters(turn, tier, language))


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
    back = (turn.button("admin.users.all", data(_KEY)),)
    return Screen(html, (back,), 0, f"{_CARD}{one.telegram_id}")


def _filter(turn: Turn, argument: str) -> tuple[str | None, str | None]:
    """Return the tier and the language that an argument names."""
    tier, _, language = argument.removeprefix(_FILTER).partition(",")
    known = turn.tools.words.languages
    return tier if tier in list(Tier) else None, language if language in known else None


def _filters(turn: Turn, tier: str | None, language: str | None) -> Buttons:
    """Return a button for each filter, which says what it is set to and sets it to what comes next."""
    every = turn.text("admin.users.any")
    tiers, languages = [None, *Tier], [None, *turn.tools.words.languages]
    shown = turn.text("admin.users.tier", tier=turn.text(f"admin.tier.{tier}") if tier else every)
    spoken = turn.text("admin.users.language", language=_language(turn, language) if language else every)
    return (
        labelled(unescape(shown), _KEY, OPEN, 0, _filter_of(_next(tiers, tier), language)),
        labelled(unescape(spoken), _KEY, OPEN, 0, _filter_of(tier, _next(languages, language))),
    )


def _next(values: list[str | None], value: str | None) -> str | None:
    return values[(values.index(value) + 1) % len(values)]


def _filter_of(tier: str | None, language: str | None) -> str:
    return f"{_FILTER}{tier or _ANY},{language or _ANY}" if tier or language else ""


def _line(turn: Turn, one: Person) -> str:
    parts = (one.name or "—", one.phone or "—", one.language, turn.text(f"admin.tier.{one.tier}"))
    return f"• <code>{one.telegram_id}</code> {escape(' · '.join(map(unescape, parts)))}"


def _label(one: Person) -> str:
    return " · ".join(part for part in (one.name, one.phone[-5:], str(one.telegram_id)) if part)


def _language(turn: Turn, code: str) -> str:
    return turn.tools.words.text(code, "language.name")


SECTION = Section(_KEY, "admin.users", Permission.SEE_PEOPLE, open_users)
