"""The form of a draft: what a broadcast says, whom it is for, what it is to them, and when it goes."""

from nicegui import ui

from database.models import BroadcastKind, Tier
from database.queries.audience import Segment
from handlers.console.broadcasts import kind
from handlers.console.console import Visit
from handlers.console.parts import card, element, text
from services.broadcast.composing import visible
from services.broadcast.overview import Form, Opened

_DAYS = (7, 30, 90)


class DraftForm:
    """The fields, filled with what the draft says; whoever types in them is not disturbed by what comes after."""

    def __init__(self, visit: Visit, opened: Opened) -> None:
        one, segment, words = opened.broadcast, opened.segment, visit.console.words
        with card(visit.text("console.broadcasts.message"), "message"):
            self._html = _area(visit.text("console.broadcasts.text"), opened.message.html, "text")
            text(visit.text("console.broadcasts.text_hint"), "hint", "p")
            self._links = _area(visit.text("console.broadcasts.links"), opened.links, "links")
        languages = {code: words.text(code, "language.name") for code in words.languages}
        tiers = {str(tier): visit.text(f"broadcast.tier.{tier}") for tier in Tier}
        days = {0: visit.text("console.broadcasts.any")}
        days |= {number: visit.text("broadcast.active", days=number) for number in _DAYS}
        days |= {-number: visit.text("broadcast.silent", days=number) for number in _DAYS}
        seen = segment.active or -(segment.silent or 0)
        tags = {"": visit.text("console.broadcasts.any"), **{tag: tag for tag in opened.tags}}
        with card(visit.text("console.broadcasts.whom"), "whom"), element("div", "fields"):
            self._languages = _several(languages, list(segment.languages), visit.text("console.language"), "languages")
            self._tiers = _several(tiers, list(segment.tiers), visit.text("console.broadcasts.tier"), "tiers")
            self._seen = _one(days, seen, visit.text("console.broadcasts.seen"), "seen")
            self._tag = _one(tags, segment.tag or "", visit.text("console.broadcasts.tag"), "tag")
            self._list = ui.checkbox(visit.text("broadcast.listed"), value=segment.listed)
            self._list.set_visibility(segment.listed)
        with card(visit.text("console.broadcasts.when"), "when"), element("div", "fields"):
            kinds = {str(each): kind(visit, each) for each in BroadcastKind}
            self._kind = _one(kinds, one.kind, visit.text("console.broadcasts.kind"), "kind")
            shown = opened.when.rsplit(" ", 1)[0] if one.starts_at else ""
            self._moment = ui.input(visit.text("console.broadcasts.moment"), value=shown).props("outlined dense")
            self._moment.props["data-testid"] = "moment"

    def take_list(self) -> None:
        """Let the draft be for those of a list that was given; whether it is can be chosen from now on."""
        self._list.set_visibility(True)
        self._list.value = True

    def read(self) -> Form:
        """Return what the fields say now."""
        seen = int(self._seen.value or 0)
        return Form(
            html=str(self._html.value or ""),
            links=str(self._links.value or ""),
            kind=str(self._kind.value),
            segment=Segment(
                languages=tuple(self._languages.value or ()),
                tiers=tuple(self._tiers.value or ()),
                active=seen if seen > 0 else None,
                silent=-seen if seen < 0 else None,
                tag=str(self._tag.value) or None,
                listed=bool(self._list.value),
            ),
            moment=str(self._moment.value or ""),
        )


def _area(label: str, value: str, testid: str) -> ui.textarea:
    plain = value if "<" in value else visible(value)
    made = ui.textarea(label, value=plain).props("outlined autogrow").classes("wide")
    made.props["data-testid"] = testid
    return made


def _several(options: dict[str, str], value: list[str], label: str, testid: str) -> ui.select:
    made = ui.select(options, label=label, value=value, multiple=True).props("outlined dense use-chips")
    made.props["data-testid"] = testid
    return made


def _one(options: dict[int, str] | dict[str, str], value: int | str, label: str, testid: str) -> ui.select:
    made = ui.select(options, label=label, value=value if value in options else next(iter(options)))
    made.props("outlined dense").props["data-testid"] = testid
    return made
