"""The desk's page as it is sent once: places for the pieces that follow, and the fields in which people write."""

from html import escape

from handlers.console.desk_words import Wording, button, local
from handlers.console.guard import FILES
from services.policy import Policy
from services.uploads import MOST, TOGETHER

_MB = 2**20


def shape(words: Wording, policy: Policy) -> str:
    """Return the page's skeleton; the script fills it and keeps what is written in it."""
    title = words.text("console.desk.title")
    return (
        f'<div class="desk" data-live="desk" data-view="list" data-title="{title}">'
        f'<p class="problem shut" data-region="shut" data-testid="shut" role="alert"></p>'
        f"{_lists(words)}{_chat(words, policy)}{_beside(words)}"
        '<dialog class="card dialog" data-dialog data-testid="dialog"></dialog></div>'
    )


def _lists(words: Wording) -> str:
    chats, queue = words.text("console.desk.my_chats"), words.text("console.desk.queue")
    silent, sound = words.text("console.desk.sound_off"), words.text("console.desk.sound_on")
    bell = (
        f'<button type="button" class="quiet bell" data-local="bell" data-testid="bell" aria-pressed="false" '
        f'title="{silent}" data-on="{sound}" data-off="{silent}">🔕</button>'
    )
    return (
        f'<aside class="lists"><section class="presence"><div data-region="presence"></div>{bell}</section>'
        f'<section class="part"><h2>{chats}</h2><div class="items" data-list="chats" data-testid="chats" '
        f'aria-label="{chats}"></div><p class="hint none">{words.text("console.desk.no_chats")}</p></section>'
        f'<section class="part"><div class="title"><h2>{queue} <span class="count" data-count="queue" '
        f'data-testid="queue-length"></span></h2>{button(words.text("console.desk.next"), "next", "quiet")}</div>'
        f'<div class="items" data-list="queue" data-testid="queue" aria-label="{queue}"></div>'
        f'<p class="hint none">{words.text("console.desk.nobody_waits")}</p></section>{_reading(words)}</aside>'
    )


def _reading(words: Wording) -> str:
    number, reason = words.text("console.desk.chat_number"), words.text("console.desk.read_reason")
    return (
        f'<details class="reading"><summary data-testid="read-other">{words.text("console.desk.read_other")}</summary>'
        f'<p class="hint">{words.text("console.desk.read_hint")}</p>'
        f'<input class="field" data-field="id" aria-label="{number}" placeholder="{number}" maxlength="40" '
        'data-testid="read-id">'
        f'<input class="field" data-field="reason" aria-label="{reason}" placeholder="{reason}" maxlength="500" '
        f'data-testid="read-reason">{button(words.text("console.desk.read"), "history", "quiet")}</details>'
    )


def _chat(words: Wording, policy: Policy) -> str:
    write, send = words.text("console.desk.write"), words.text("console.desk.send")
    attach = words.text("console.desk.attach")
    return (
        '<section class="chat-pane"><header class="head" data-region="head"></header>'
        f'<div class="empty" data-testid="empty"><p class="strong">{words.text("console.desk.nothing_open")}</p>'
        f'<p class="hint">{words.text("console.desk.keys")}</p></div>'
        f'<div class="scroller"><div class="feed" data-list="feed" role="log" data-testid="feed" '
        f'aria-label="{words.text("console.desk.messages")}"></div></div>'
        '<div class="bar-end-of-chat" data-region="bar"></div>'
        '<div class="composer"><div data-region="suggestion"></div>'
        f'<div class="canned" role="listbox" data-testid="canned" aria-label="{words.text("console.desk.canned")}" '
        f"hidden></div>{_files(words, policy)}"
        f'<div class="writing"><button type="button" class="quiet attach" data-local="attach" data-testid="attach" '
        f'title="{attach}" aria-label="{attach}">📎</button><textarea '
        f'rows="1" dir="auto" data-testid="input" aria-label="{write}" '
        f'placeholder="{write}" maxlength="8000"></textarea>'
        f"{local(send, 'send', 'primary send')}</div></div></section>"
    )


def _files(words: Wording, policy: Policy) -> str:
    """Return where files wait to be sent, with what the script has to know of them."""
    types = ",".join(sorted(policy.file_types))
    known = {
        "address": FILES,
        "types": types,
        "most": str(MOST),
        "largest": str(policy.max_file),
        "largest-image": str(policy.max_image),
        "together": str(TOGETHER),
        "too-many": words.text("console.desk.files_too_many", most=MOST),
        "too-large-together": words.text("console.desk.files_too_large", limit=TOGETHER // _MB),
        "too-large": words.text("console.desk.file_too_large", name="{name}", limit="{limit}"),
        "wrong-type": words.text("console.desk.file_wrong_type", name="{name}", types=types.replace(",", ", ")),
        "empty": words.text("console.desk.file_empty", name="{name}"),
        "failed": words.text("console.desk.files_failed"),
        "kilobytes": words.text("console.desk.kilobytes", number="{number}"),
        "megabytes": words.text("console.desk.megabytes", number="{number}"),
        "remove": words.text("console.desk.file_remove", name="{name}"),
    }
    data = "".join(f' data-{name}="{value}"' for name, value in known.items())
    accept = escape(",".join(f".{ending}" for ending in types.split(",")))
    label, drop = words.text("console.desk.attach"), words.text("console.desk.drop")
    return (
        f'<div class="files" data-files{data}><input type="file" multiple hidden accept="{accept}" '
        f'data-testid="file-input" aria-label="{label}"><p class="problem" role="alert" data-testid="file-problem" '
        'hidden></p><ul class="enclosed" data-testid="enclosed"></ul>'
        f'<progress max="1" value="0" aria-label="{words.text("console.desk.pending")}" hidden></progress>'
        f'</div><div class="drop-here" aria-hidden="true">{drop}</div>'
    )


def _beside(words: Wording) -> str:
    search, note = words.text("console.desk.search"), words.text("console.desk.note_hint")
    return (
        f'<aside class="beside" data-testid="beside"><div class="title only-narrow">'
        f"{local('← ' + words.text('console.desk.back'), 'leave-context')}</div>"
        f'<input type="search" class="field" data-search data-testid="search" aria-label="{search}" '
        f'placeholder="{search}">'
        f'<div class="found" data-region="found" data-testid="found"></div><div data-region="context"></div>'
        f'<div class="noting"><textarea rows="2" class="field" data-field="text" data-testid="note-text" '
        f'aria-label="{note}" placeholder="{note}" maxlength="2000"></textarea>'
        f"{button(words.text('console.desk.keep_note'), 'note', 'quiet')}</div>"
        f'<div class="row">{button(words.text("console.desk.use"), "use", "quiet use")}</div></aside>'
    )
