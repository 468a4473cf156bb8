"""The page on which answers are looked for: by number, trace, customer and time; it shows no words of anybody."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from database.models import Answer
from database.queries.answer import Wanted
from handlers.console.console import PATH, Visit
from handlers.console.frame import frame
from handlers.console.parts import element, link, moment, text
from services.access import Permission

_SHOWN = 50
_LONGEST_NUMBER = 18  # digits that a row's number may have
_TRACE = re.compile(r"(?:00-)?([0-9a-f]{32})(?:-[0-9a-f]{16}-[0-9a-f]{2})?")


async def answers_page(visit: Visit, asked: Mapping[str, str]) -> None:
    """Build the page for a search that its address names."""
    with frame(visit):
        text(visit.text("console.answers"), tag="h1")
        if not visit.may(Permission.READ_ANSWERS):
            text(visit.text("console.nothing"), "hint", "p", "nothing")
            return
        text(visit.text("console.answers_hint"), "hint", "p")
        _form(visit, asked)
        try:
            wanted = wanted_by(asked)
        except ValueError:
            text(visit.text("console.wrong_search"), "problem", "p", "wrong-search")
            return
        by = visit.visitor.telegram_id
        found = await visit.do(lambda: visit.console.explanations.search(by, wanted, _SHOWN + 1))
        _list(visit, found or [], asked)


def wanted_by(asked: Mapping[str, str]) -> Wanted:
    """Return what the fields of a search mean; raises ValueError for what is no number, trace or moment."""
    given = {name: value.strip() for name, value in asked.items() if value.strip()}
    trace = _TRACE.fullmatch(given.get("find", "").lower())
    return Wanted(
        number=None if trace else _number(given.get("find")),
        trace=trace[1] if trace else "",
        chat_id=_number(given.get("chat")),
        start=_moment(given.get("from")),
        end=_moment(given.get("to")),
        before=_number(given.get("before")),
    )


def _number(given: str | None) -> int | None:
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= _LONGEST_NUMBER):
        raise ValueError(f"{given} is no number")
    return int(given)


def _moment(given: str | None) -> datetime | None:
    return datetime.fromisoformat(given).replace(tzinfo=UTC) if given else None


def _form(visit: Visit, asked: Mapping[str, str]) -> None:
    with element("form", "card search", "search", method="get", action=f"{PATH}/answers"):
        with element("div", "fields"):
            for name, key, kind in (
                ("find", "console.number_or_trace", "text"),
                ("chat", "console.customer", "text"),
                ("from", "console.since", "datetime-local"),
                ("to", "console.until", "datetime-local"),
            ):
                with element("label", "field"):
                    text(visit.text(key))
                    element("input", "", f"search-{name}", name=name, type=kind, value=asked.get(name, ""))
        with element("button", "primary", "find", type="submit"):
            text(visit.text("console.search"))


def _list(visit: Visit, found: list[tuple[Answer, int]], asked: Mapping[str, str]) -> None:
    if not found:
        text(visit.text("console.no_answers"), "hint", "p", "no-answers")
        return
    with element("section", "card"), element("div", "versions"):
        for answer, chat_id in found[:_SHOWN]:
            with element("div", "version answer-row", "answer"):
                link(f"№ {answer.id}", f"/answer/{answer.id}", "version-link")
                text(visit.text(f"console.outcome.{answer.outcome}"), f"chip chip-{answer.outcome}")
                text(moment(answer.created_at), "soft")
                text(" · ".join(filter(None, (str(chat_id), answer.model))), "soft")
    if len(found) > _SHOWN:
        older = {**asked, "before": str(found[_SHOWN - 1][0].id)}
        link(visit.text("console.earlier"), f"/answers?{urlencode(older)}", testid="earlier")
