"""Small parts of the console's pages: native elements with a label and a test id."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from nicegui import ui
from nicegui.element import Element
from nicegui.events import GenericEventArguments, Handler, UploadEventArguments

from database.models import KnowledgeVersion, VersionState
from handlers.console.console import PATH, Visit
from services.knowledge.remarks import Remark

_NOTHING = "() => emit()"


def element(tag: str, classes: str = "", testid: str | None = None, **attributes: str) -> Element:
    """Make a native element; `aria_label` becomes `aria-label`."""
    made = ui.element(tag).classes(classes)
    for name, value in attributes.items():
        made.props[name.replace("_", "-")] = value
    if testid is not None:
        made.props["data-testid"] = testid
    return made


def text(value: str, classes: str = "", tag: str = "span", testid: str | None = None) -> ui.label:
    """Make a piece of text."""
    label = ui.label(value).classes(classes)
    label.tag = tag
    if testid is not None:
        label.props["data-testid"] = testid
    return label


def button(label: str, testid: str, on_click: Handler[GenericEventArguments], classes: str = "") -> Element:
    """Make a button."""
    made = element("button", classes, testid, type="button")
    with made:
        text(label)
    return made.on("click", on_click, js_handler=_NOTHING)


def link(label: str, address: str, classes: str = "", testid: str | None = None) -> Element:
    """Make a link to another page of the console."""
    made = element("a", classes, testid, href=f"{PATH}{address}")
    with made:
        text(label)
    return made


def picker(visit: Visit, most: int, on_upload: Handler[UploadEventArguments]) -> ui.upload:
    """Make a place for a file of up to `most` bytes, dropped there or picked with a button.

    It has to stay where it is while its page is open: a file that is being chosen or sent goes with it.
    """
    made = ui.upload(
        label=visit.text("console.choose_file"),
        auto_upload=True,
        max_file_size=most,
        on_upload=on_upload,
        on_rejected=lambda: visit.tell_no(visit.text("console.over_limit", limit=most // 2**20)),
    ).classes("picker")
    made.props("no-thumbnails")  # they are addresses of the browser's own, which the console's policy does not allow
    made.on_upload(lambda _: made.reset())
    with element("button", "primary", "pick", type="button") as pick:  # Quasar's own has no name to be read out
        text(visit.text("console.pick"))
    pick.on("click", js_handler=f"() => runMethod({made.id}, 'pickFiles', [])")
    return made


@contextmanager
def card(title: str, testid: str | None = None) -> Iterator[None]:
    """Put what follows into a card with a heading."""
    with element("section", "card", testid):
        text(title, "card-title", "h2")
        yield


def nothing_here(visit: Visit, address: str, key: str) -> None:
    """Say on an empty page that there is nothing to show, and lead to where such things are listed."""
    text(visit.text("console.no_page"), "hint", "p", "nothing")
    link(visit.text(key), address, "version-link", "back")


def chip(visit: Visit, state: str) -> ui.label:
    """Show the state of a version."""
    return text(visit.text(f"console.state.{state}"), f"chip chip-{state}", testid="state")


def state_of(version: KnowledgeVersion, *, in_force: bool) -> str:
    """Return what to call a version's state: an approved one is in force, to come, over, or under another one."""
    if version.state != VersionState.APPROVED:
        return version.state
    now = datetime.now(UTC)
    if in_force:
        return "in_force"
    if version.effective_from and version.effective_from > now:
        return "scheduled"
    return "over" if version.effective_to and version.effective_to <= now else "replaced"


def dates_of(visit: Visit, version: KnowledgeVersion) -> str:
    """Return when a version holds."""
    if version.effective_from is None:
        return ""
    if version.effective_to is None:
        return visit.text("console.holds_from", start=moment(version.effective_from))
    return visit.text("console.holds", start=moment(version.effective_from), end=moment(version.effective_to))


def people_of(visit: Visit, version: KnowledgeVersion) -> str:
    """Return who uploaded a version and who decided about it."""
    if version.uploaded_by is None:
        return visit.text("console.by_operator")
    uploaded = visit.text("console.uploaded_by", who=version.uploaded_by, when=moment(version.created_at))
    if version.decided_by is None or version.decided_at is None:
        return uploaded
    decided = visit.text("console.decided_by", who=version.decided_by, when=moment(version.decided_at))
    return f"{uploaded} · {decided}"


def moment(value: datetime) -> str:
    """Return a moment as it is shown; the pages speak of UTC."""
    return f"{value:%Y-%m-%d %H:%M} UTC"


def warn(visit: Visit, remark: Remark) -> None:
    """Show what an editor should look at in a document."""
    told = visit.text(f"console.warning.{remark.kind}", line=remark.line, other=remark.other, text=remark.text)
    text(told, "warning", "p", "warning")


async def answered(visit: Visit, build: Callable[[ui.dialog], None], testid: str = "dialog") -> object:
    """Open a dialog over the page and return what is submitted there; None if it is closed, or the person has left.

    It hangs on the page, not on the button that opened it, which may be drawn anew meanwhile.
    """
    if visit.page is None or visit.over:
        return None
    with visit.page, ui.dialog() as dialog, element("div", "card dialog", testid):
        build(dialog)
    answer: object = await dialog
    if not dialog.is_deleted:
        dialog.delete()
    return answer


async def sure(visit: Visit, question: str) -> bool:
    """Ask once more, and return whether the person means it."""

    def build(dialog: ui.dialog) -> None:
        text(question, "strong", "p")
        yes_or_no(visit, dialog)

    return bool(await answered(visit, build))


def yes_or_no(visit: Visit, dialog: ui.dialog) -> None:
    """End a dialog with its two answers: something, or None."""
    with element("div", "buttons"):
        button(visit.text("console.yes"), "yes", lambda: dialog.submit("yes"), "danger")
        button(visit.text("console.no"), "no", lambda: dialog.submit(None), "quiet")


def fill(place: Element, build: Callable[[], None]) -> None:
    """Build the content of an element anew, if the page is still there."""
    if place.is_deleted:
        return
    place.clear()
    with place:
        build()
