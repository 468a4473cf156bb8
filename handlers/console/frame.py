"""What surrounds every page of the console: who is here, where to go, the way out."""

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui
from nicegui.element import Element

from handlers.console.console import PATH, Visit
from handlers.console.parts import element, link, text
from services.access import READS_KNOWLEDGE, Permission

# What there is, and who finds something there.
_PLACES = (
    ("/desk", "console.desk.title", (Permission.TAKE_CHATS,)),
    ("/floor", "console.desk.floor", (Permission.SUPERVISE,)),
    ("/broadcasts", "console.broadcasts.title", (Permission.BROADCAST,)),
    ("/", "console.knowledge", READS_KNOWLEDGE),
    ("/golden", "console.golden", (Permission.EDIT_KNOWLEDGE, Permission.APPROVE_KNOWLEDGE)),
    ("/answers", "console.answers", (Permission.READ_ANSWERS,)),
    ("/people", "admin.people.title", (Permission.SEE_PEOPLE,)),
    ("/staff", "admin.staff.title", (Permission.SEE_STAFF,)),
    ("/settings", "settings.title", (Permission.READ_STATE,)),
    ("/system", "system.title", (Permission.READ_STATE,)),
    ("/audit", "audit.title", (Permission.READ_AUDIT,)),
)


@contextmanager
def frame(visit: Visit, *, live: bool = False) -> Iterator[Element]:
    """Build the frame of a page; what follows is its content, which takes the whole width if it is `live`."""
    ui.page_title(visit.text("console.title"))
    ui.add_head_html(f'<script>document.documentElement.lang = "{visit.visitor.language}"</script>')
    ui.add_head_html(f'<link rel="stylesheet" href="{PATH}/style.css">')
    if live:
        scripts = "".join(f'<script src="{PATH}/{name}.js"></script>' for name in ("live", "files"))
        ui.add_head_html(f'<link rel="stylesheet" href="{PATH}/live.css">{scripts}')
    with element("header", "bar"):
        link(visit.text("console.title"), "/", "brand", "home")
        with element("nav", "places"):
            for address, key, permissions in _PLACES:
                if any(map(visit.may, permissions)):
                    link(visit.text(key), address, "place", f"to{address.replace('/', '-')}")
        with element("div", "bar-end"):
            text(str(visit.visitor.telegram_id), "account", testid="account")
            with (
                element("form", action=f"{PATH}/sign-out", method="post"),
                element("button", "quiet", "sign-out", type="submit"),
            ):
                text(visit.text("console.sign_out"))
    with element("main", "page wide-page" if live else "page") as content:
        yield content
