"""What stands in the address of the audit log's page: a search, and where its next page begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

from database.queries.audit import Wanted
from services.audit.reading import Place

NAMES = ("act", "actor", "subject", "since", "until")
_LONGEST = 200  # characters of a field that are looked at
_MOST_DIGITS = 15  # of an account; Telegram's numbers have at most 52 bits


@dataclass(frozen=True)
class Search:
    """What was asked, as it stands in the fields; `wrong` are fields that cannot be read."""

    asked: Mapping[str, str]
    wanted: Wanted
    before: Place | None
    wrong: tuple[str, ...]

    @classmethod
    def read(cls, address: Mapping[str, str]) -> "Search":
        """Read the fields of an address; what it does not know in it is left out."""
        asked = {name: value for name in NAMES if (value := address.get(name, "").strip()[:_LONGEST])}
        actor, since, until = asked.get("actor", ""), _moment(asked.get("since")), _moment(asked.get("until"))
        wrong = [name for name, value in (("since", since), ("until", until)) if name in asked and value is None]
        if actor and not _is_number(actor):
            wrong.append("actor")
        number = int(actor) if _is_number(actor) else None
        wanted = Wanted(asked.get("act"), number, asked.get("subject"), since, until)
        return cls(asked, wanted, _place(address), tuple(wrong))

    def after(self, place: Place) -> str:
        """Return the query of the address of the page that begins after a place."""
        return urlencode({**self.asked, "at": place[0].isoformat(), "id": str(place[1])})


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def _moment(text: str | None) -> datetime | None:
    """Read a moment, which is in UTC unless it names another zone."""
    try:
        moment = datetime.fromisoformat(text or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _place(address: Mapping[str, str]) -> Place | None:
    at = _moment(address.get("at"))
    try:
        return None if at is None else (at, UUID(address.get("id", "")))
    except ValueError:
        return None
