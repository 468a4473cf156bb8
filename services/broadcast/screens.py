"""What the staff see of a broadcast in the messenger: its card, and the buttons for what may be done with it."""

from html import unescape

from database.models import Broadcast, BroadcastKind, BroadcastState, Tier
from database.queries.audience import Audience, Segment
from services.access import Permission, allowed
from services.broadcast import composing, drafting
from services.broadcast.board import message_of, question_of
from services.broadcast.moments import shown
from services.desk.desk import Desk
from services.outbound import Button, Outbound
from utils.i18n import Html

_EXCERPT = 160  # characters of the message that the card shows
_DAYS = (7, 30, 90)
_NEXT = {
    BroadcastKind.MARKETING: BroadcastKind.SERVICE,
    BroadcastKind.SERVICE: BroadcastKind.URGENT,
    BroadcastKind.URGENT: BroadcastKind.MARKETING,
}
_MOST_TAGS = 12  # that have a button
_WORKED_ON = {BroadcastState.RUNNING: ("pause", "stop"), BroadcastState.PAUSED: ("resume", "stop")}


def panel(desk: Desk, broadcast: Broadcast, reader: int) -> Outbound:
    """Return the card of a draft with everything that its author may still choose."""
    found = drafting.audience(desk, broadcast)
    many = found.reached > desk.tools.policy.broadcasts.approval_above
    label = desk.tools.words.plural(
        desk.language_of(reader), "broadcast.ask" if many else "broadcast.send", found.reached
    )
    send = Button(label=unescape(label), data=f"broadcast:send:{broadcast.id.hex}")
    kind = BroadcastKind(broadcast.kind)
    rows = (
        (send,),
        _row(desk, reader, broadcast, "content", "links"),
        (
            *_row(desk, reader, broadcast, "whom"),
            Button(
                label=f"🏷 {unescape(desk.text(reader, f'broadcast.kind.{kind}'))}",
                data=f"broadcast:kind:{broadcast.id.hex}:{_NEXT[kind]}",
            ),
        ),
        _row(desk, reader, broadcast, "when", "preview"),
        _row(desk, reader, broadcast, "trial", "cancel"),
    )
    return Outbound(html=card(desk, broadcast, reader, found), buttons=rows)


def question(desk: Desk, reader: int, broadcast: Broadcast) -> Outbound:
    """Return the card of a broadcast that the reader is asked to approve."""
    html = desk.text(reader, "broadcast.approve_this", card=Html(card(desk, broadcast, reader)))
    rows = (
        _row(desk, reader, broadcast, "approve", "reject", word=f":{question_of(broadcast)}"),
        _row(desk, reader, broadcast, "preview"),
    )
    return Outbound(html=html, buttons=rows)


def status(desk: Desk, broadcast: Broadcast, reader: int) -> Outbound:
    """Return a broadcast as it is now, with what the reader may do."""
    state, own = BroadcastState(broadcast.state), broadcast.author_id == reader
    if state == BroadcastState.DRAFT and own:
        return panel(desk, broadcast, reader)
    if state == BroadcastState.SUBMITTED and not own:
        if allowed(desk.uow.roles.of(reader), Permission.APPROVE_BROADCASTS):
            return question(desk, reader, broadcast)
        return Outbound(html=card(desk, broadcast, reader))
    waits = ("withdraw", "stop") if own else ("stop",)
    acts = {BroadcastState.SUBMITTED: waits, BroadcastState.SCHEDULED: waits, **_WORKED_ON}.get(state, ())
    ended = ("report",) if broadcast.started_at and state not in _WORKED_ON else ()
    rows = (_row(desk, reader, broadcast, *acts, *ended), _row(desk, reader, broadcast, "preview", "show"))
    return Outbound(html=card(desk, broadcast, reader), buttons=tuple(row for row in rows if row))


def whom(desk: Desk, broadcast: Broadcast, reader: int) -> Outbound:
    """Return the choice of whom a draft is for; each press narrows it or widens it again."""
    segment, words = Segment.of(broadcast.segment), desk.tools.words
    names = {code: unescape(words.text(code, "language.name")) for code in words.languages}
    rows: list[tuple[Button, ...]] = [
        tuple(_choice(broadcast, "lang", code, name, code in segment.languages) for code, name in names.items()),
        tuple(_choice(broadcast, "tier", tier, _tier(desk, reader, tier), tier in segment.tiers) for tier in Tier),
    ]
    for act, chosen in (("active", segment.active), ("silent", segment.silent)):
        labels = {days: unescape(desk.text(reader, f"broadcast.{act}", days=days)) for days in _DAYS}
        rows += [(_choice(broadcast, act, str(days), label, chosen == days),) for days, label in labels.items()]
    for tag in list(desk.uow.audience.tags())[:_MOST_TAGS]:
        rows.append((_choice(broadcast, "tag", tag, f"# {tag}", segment.tag == tag),))
    rows += [_row(desk, reader, broadcast, "list", "all"), _row(desk, reader, broadcast, "show")]
    return Outbound(html=card(desk, broadcast, reader, drafting.audience(desk, broadcast)), buttons=tuple(rows))


def moment(desk: Desk, broadcast: Broadcast, reader: int) -> Outbound:
    """Return the choice of when a draft goes out; a moment may be typed as well."""
    zone = desk.tools.policy.broadcasts.zone
    html = desk.text(reader, "broadcast.when_ask", zone=zone.key, now=shown(desk.uow.now(), zone))
    row = tuple(
        Button(
            label=unescape(desk.text(reader, f"broadcast.at.{word}")),
            data=f"broadcast:at:{broadcast.id.hex}:{word}",
        )
        for word in ("now", "hour", "morning")
    )
    return Outbound(html=html, buttons=(row, _row(desk, reader, broadcast, "show")))


def card(desk: Desk, broadcast: Broadcast, reader: int, found: Audience | None = None) -> str:
    """Return what there is to say of a broadcast: state, kind, people, moment, and the beginning of its words."""
    number = broadcast.audience if found is None else found.reached
    words = desk.tools.words
    html = desk.text(
        reader,
        "broadcast.card",
        state=desk.text(reader, f"broadcast.state.{broadcast.state}"),
        kind=desk.text(reader, f"broadcast.kind.{broadcast.kind}"),
        whom=whom_of(desk, broadcast, reader),
        when=when_of(desk, broadcast, reader),
        reach=words.plural(desk.language_of(reader), "broadcast.reach", number),
        text=excerpt(desk, broadcast, reader),
    )
    if found and found.opted_out:
        html += "\n" + words.plural(desk.language_of(reader), "broadcast.without", found.opted_out)
    return html


def whom_of(desk: Desk, broadcast: Broadcast, reader: int) -> str:
    """Return whom a broadcast is for, in words."""
    segment = Segment.of(broadcast.segment)
    spoken = ", ".join(desk.text(reader, f"broadcast.speaks.{code}") for code in segment.languages)
    parts = [desk.text(reader, "broadcast.speakers", languages=Html(spoken)) if spoken else ""]
    parts.append(", ".join(_tier(desk, reader, tier) for tier in segment.tiers))
    for days, key in ((segment.active, "broadcast.active"), (segment.silent, "broadcast.silent")):
        parts.append(desk.text(reader, key, days=days) if days else "")
    parts += [
        f"# {segment.tag}" if segment.tag else "",
        desk.text(reader, "broadcast.listed") if segment.listed else "",
    ]
    return "; ".join(filter(None, parts)) or desk.text(reader, "broadcast.everybody")


def when_of(desk: Desk, broadcast: Broadcast, reader: int) -> str:
    """Return when a broadcast goes out, in words."""
    moment = broadcast.started_at or broadcast.starts_at
    if moment is None:
        return desk.text(reader, "broadcast.now")
    return shown(moment, desk.tools.policy.broadcasts.zone)


def excerpt(desk: Desk, broadcast: Broadcast, reader: int) -> str:
    """Return the beginning of what a broadcast says, plain, with what is beside the words."""
    message = message_of(desk, broadcast)
    words = composing.visible(message.html)
    words = words if len(words) <= _EXCERPT else f"{words[:_EXCERPT].rstrip()}…"
    beside = [f"📎 {file.name or file.kind}" for file in message.files]
    beside += [f"🔗 {button.label}" for row in message.buttons for button in row if button.url]
    return "\n".join(filter(None, (words, *beside))) or unescape(desk.text(reader, "broadcast.no_text"))


def _tier(desk: Desk, reader: int, tier: str) -> str:
    return unescape(desk.text(reader, f"broadcast.tier.{tier}"))


def _choice(broadcast: Broadcast, act: str, word: str, label: str, chosen: bool) -> Button:  # noqa: FBT001 - shown
    return Button(label=f"{'✅ ' if chosen else ''}{label}", data=f"broadcast:{act}:{broadcast.id.hex}:{word}")


def _row(desk: Desk, reader: int, broadcast: Broadcast, *acts: str, word: str = "") -> tuple[Button, ...]:
    labels = {act: unescape(desk.text(reader, f"broadcast.button.{act}")) for act in acts}
    of_it = f"{broadcast.id.hex}{word}"
    return tuple(Button(label=label, data=f"broadcast:{act}:{of_it}") for act, label in labels.items())
