"""Beside the opened chat: what is known of the customer, notes; and what a search or a history found."""

from collections.abc import Sequence
from html import escape

from database.models import Author
from handlers.console.desk_words import Wording, button, clock, local
from services.desk.glance import Glance
from services.desk.reading import Line
from services.desk.seats import Seat

_MARKS = {Author.CUSTOMER: "👤", Author.OPERATOR: "👩‍💼", Author.AI: "🤖"}


def context(words: Wording, seen: Glance) -> str:
    """Return what is known of the customer, and the notes."""
    opened = seen.opened
    if opened is None:
        return ""
    card = opened.card
    facts = [
        (words.text("console.desk.phone"), escape(card.phone or "—")),
        (words.text("console.desk.tier"), words.text(f"tier.{card.tier}")),
        (words.text("console.language"), words.language(card.language)),
        (words.text("console.desk.reason"), words.reason(card.reason)),
    ]
    if seen.ratings:
        scores = " ".join(f"★{score}" for score in seen.ratings)
        facts.append((words.text("console.desk.ratings"), f'<span data-testid="ratings">{scores}</span>'))
    rows = "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in facts)
    summary = (
        f'<section><h3>{words.text("console.desk.summary")}</h3><p class="said">{escape(opened.summary)}</p></section>'
    )
    return f"<section><dl>{rows}</dl></section>{summary if opened.summary else ''}{_notes(words, seen)}"


def _notes(words: Wording, seen: Glance) -> str:
    notes = "".join(
        f'<li data-testid="note"><p class="said">{escape(note.text)}</p>'
        f'<span class="soft">{escape(seen.names.get(note.author_id or 0, ""))} · {clock(note.created_at)}</span></li>'
        for note in (seen.opened.notes if seen.opened else ())
    )
    if not notes:
        return ""
    return f'<section><h3>{words.text("console.desk.notes")}</h3><ul class="notes">{notes}</ul></section>'


def found(words: Wording, lines: Sequence[Line], wanted: str) -> str:
    """Return the lines of a history that hold some words, newest first, with the words marked."""
    folded = wanted.casefold()
    hits = [line for line in reversed(lines) if folded in line.text.casefold()]
    if not hits:
        return f'<p class="hint" data-testid="nothing-found">{words.text("console.desk.nothing_found")}</p>'
    return "".join(f'<p class="hit" data-testid="hit">{_line(line, folded)}</p>' for line in hits)


def history(words: Wording, lines: Sequence[Line], short: str) -> str:
    """Return the history of a customer as a dialog's content."""
    said = "".join(f'<p class="hit" data-testid="line">{_line(line, "")}</p>' for line in lines) or "—"
    title = words.text("console.desk.history_of", id=short)
    return f"<h2>{title}</h2><div class='lines-read'>{said}</div>{_close(words)}"


def colleagues(words: Wording, seats: Sequence[tuple[Seat, str]], chat: str) -> str:
    """Return whom a chat may go to, as a dialog's content."""
    rows = "".join(
        button(
            f"<b>{escape(name)}</b>"
            f"<span class='soft'>{seat.load}/{seat.limit} · {words.state(seat.availability)}</span>",
            "transfer",
            "quiet choice",
            chat=chat,
            to=str(seat.telegram_id),
        )
        for seat, name in seats
    )
    empty = f'<p class="hint" data-testid="nobody">{words.text("desk.no_colleague")}</p>'
    return f"<h2>{words.text('desk.which_colleague')}</h2>{rows or empty}{_close(words)}"


def escalation(words: Wording, chat: str) -> str:
    """Return the question what the second line has to know, as a dialog's content."""
    label = words.text("console.desk.escalate_hint")
    up = button(words.text("console.desk.pass_up"), "escalate", "primary", chat=chat)
    return (
        f'<h2>{words.text("console.desk.escalate")}</h2><label class="soft" for="escalation">{label}</label>'
        f'<textarea id="escalation" rows="4" maxlength="2000" data-field="note" data-testid="escalation"></textarea>'
        f'<div class="row">{up}</div>{_close(words)}'
    )


def _line(line: Line, folded: str) -> str:
    text, at = line.text, line.text.casefold().find(folded) if folded else -1
    shown = escape(text)
    if at >= 0:
        end = at + len(folded)
        shown = f"{escape(text[:at])}<mark>{escape(text[at:end])}</mark>{escape(text[end:])}"
    return f"{_MARKS.get(line.author, '·')} {shown}"


def _close(words: Wording) -> str:
    return local(words.text("console.desk.close"), "close")
