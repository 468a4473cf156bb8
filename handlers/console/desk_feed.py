"""The opened chat: its messages, and above and below them what may be done."""

from collections.abc import Sequence
from html import escape

from database.models import Author, ConversationState
from handlers.console.attachment import PICTURES
from handlers.console.console import PATH
from handlers.console.desk_words import Wording, avatar, button, clock, local
from services.desk.glance import Glance
from services.desk.viewing import Bubble, Opened, Shown

Item = tuple[str, str]
_BACK = '<button type="button" class="back quiet" data-local="back" data-testid="back" aria-label="{label}">←</button>'


def head(words: Wording, seen: Glance, me: int) -> str:
    """Return who the customer is, and the acts upon the chat."""
    opened = seen.opened
    back = _BACK.format(label=words.text("console.desk.back"))
    if opened is None:
        return back
    card = opened.card
    name = escape(card.name or words.text("handover.customer"))
    about = f"{escape(card.phone or '—')} · {words.language(card.language)} · #{card.short}"
    who = f'<div class="who"><h1 data-testid="customer">{name}</h1><span class="soft">{about}</span></div>'
    more = local(words.text("console.desk.context"), "context", "quiet to-context")
    return f"{back}{avatar(card.name or name, card.short)}{who}<div class='acts'>{_acts(words, opened, me)}{more}</div>"


def _acts(words: Wording, opened: Opened, me: int) -> str:
    card = opened.card
    if card.staff_id != me or card.state != ConversationState.WITH_OPERATOR:
        return ""
    chat = str(card.id)
    return "".join(
        [
            button(words.text("console.desk.done"), "done", "primary", chat=chat),
            button(words.text("console.desk.transfer"), "colleagues", "quiet", chat=chat),
            button(words.text("console.desk.escalate"), "ask-escalate", "quiet", chat=chat),
        ]
    )


def feed(words: Wording, seen: Glance) -> list[Item]:
    """Return the messages, keyed."""
    opened = seen.opened
    if opened is None:
        return []
    reads = opened.card.state != ConversationState.QUEUED
    return [(str(bubble.id), _bubble(words, bubble, reads=reads)) for bubble in opened.bubbles]


def _bubble(words: Wording, bubble: Bubble, *, reads: bool) -> str:
    author = {Author.AI: f'<b class="by">{words.text("console.desk.assistant")}</b>'}.get(bubble.author, "")
    text = f'<p class="said">{escape(bubble.text)}</p>' if bubble.text.strip() else ""
    files = "".join(_file(words, file, reads=reads) for file in bubble.files)
    changed = [words.text("console.desk.deleted")] * bubble.deleted or [
        words.text("console.desk.edited")
    ] * bubble.edited
    note = f'<span data-testid="changed">{changed[0]}</span>' if changed else ""
    foot = f'<span class="foot">{note}{clock(bubble.at)}{words.delivery(bubble.state)}</span>'
    if why := words.problem(bubble.state, bubble.reason):
        foot += f'<span class="why" data-testid="why">{why}</span>'
    return (
        f'<article class="bubble {bubble.author}{" gone" * bubble.deleted}" data-testid="message" '
        f'data-author="{bubble.author}">{author}{files}{text}{foot}</article>'
    )


def _file(words: Wording, file: Shown, *, reads: bool) -> str:
    """Return a picture or a link; the name alone while nobody serves the customer: then nobody may read it."""
    name = escape(file.name or words.text("console.desk.file"))
    if not reads:
        return f'<p class="file" data-testid="file">{words.sign(file.kind)} {name}</p>'
    address = f"{PATH}/attachments/{file.uid}"
    if file.mime in PICTURES:
        picture = f'<img class="picture" src="{address}" alt="{name}" loading="lazy" data-testid="picture">'
        return f'<a href="{address}" target="_blank" rel="noopener">{picture}</a>'
    link = f'<a href="{address}" download>{name}</a>'
    return f'<p class="file" data-testid="file">{words.sign(file.kind)} {link}</p>'


def suggestion(words: Wording, seen: Glance) -> str:
    """Return the reply that the knowledge suggests, until the operator has answered after it."""
    opened = seen.opened
    noted = opened.suggestion if opened and opened.card.waits else None
    if opened is None or noted is None:
        return ""
    insert, chat, note = local(words.text("console.desk.insert"), "insert"), str(opened.card.id), str(noted.id)
    send = button(words.text("console.desk.send_as_is"), "suggest", "quiet", chat=chat, note=note)
    return (
        f'<div class="suggestion" data-testid="suggestion"><span>💡</span><p>{escape(noted.text)}</p><div class="row">'
        f"{insert}{send}</div></div>"
    )


def bar(words: Wording, seen: Glance, me: int, codes: Sequence[str]) -> str:
    """Return what stands in the place of the text box where the operator cannot write; nothing where they can."""
    opened = seen.opened
    if opened is None:
        if seen.holder:
            return f'<p class="warning" data-testid="holder">{words.text("console.desk.held_by", name=seen.holder)}</p>'
        return ""
    card = opened.card
    if card.state == ConversationState.QUEUED:
        return f'<div class="row">{button(words.text("console.desk.take"), "take", "primary", chat=str(card.id))}</div>'
    if card.state == ConversationState.CLOSED and card.staff_id == me:
        return _closed(words, seen, str(card.id), codes)
    if card.staff_id != me:
        watched = words.text("console.desk.watched", name=seen.names.get(card.staff_id or 0, ""))
        stop = button(words.text("console.desk.stop_watching"), "unwatch", "quiet", chat=str(card.id))
        return f'<p class="warning" data-testid="watched">👁 {watched}</p><div class="row">{stop}</div>'
    return ""


def _closed(words: Wording, seen: Glance, chat: str, codes: Sequence[str]) -> str:
    if seen.coded or not codes:
        return f'<p class="hint" data-testid="closed">{words.text("console.desk.closed")}</p>'
    chips = "".join(button(words.code(name), "code", "quiet", chat=chat, code=name) for name in codes)
    return (
        f'<p class="hint">{words.text("console.desk.how_ended")}</p><div class="row" data-testid="codes">{chips}</div>'
    )


def writable(seen: Glance, me: int) -> bool:
    """Return whether the operator may write in the opened chat."""
    card = seen.opened.card if seen.opened else None
    return card is not None and card.staff_id == me and card.state == ConversationState.WITH_OPERATOR
