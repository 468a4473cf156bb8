"""The page of the audit log: who did what, looked for by act, account, subject and time."""

import json
from collections.abc import Mapping

from nicegui.element import Element

from database.models import AuditAct, AuditEvent
from handlers.console.audit_search import NAMES, Search
from handlers.console.console import PATH, Visit
from handlers.console.frame import frame
from handlers.console.parts import element, link, moment, text
from services.access import Permission
from services.audit.reading import Page

_ADDRESS = "/audit"


async def audit_page(visit: Visit, asked: Mapping[str, str]) -> None:
    """Build the page for what stands in the address."""
    search = Search.read(asked)
    page = None
    if visit.may(Permission.READ_AUDIT) and not search.wrong:
        page = await visit.do(
            lambda: visit.console.audit.search(visit.visitor.telegram_id, search.wanted, search.before)
        )
    with frame(visit):
        text(visit.text("audit.title"), tag="h1")
        if not visit.may(Permission.READ_AUDIT):
            text(visit.text("audit.not_allowed"), "hint", "p", "nothing")
            return
        _form(visit, search)
        for name in search.wrong:
            text(visit.text("audit.wrong", field=_label(visit, name)), "problem", "p", "wrong")
        if page is not None:
            _state(visit, page)
            _events(visit, page, search)


def _form(visit: Visit, search: Search) -> None:
    with element("form", "card", "search", action=f"{PATH}{_ADDRESS}", method="get"):
        with element("div", "fields"):
            with _field(visit, "act"), element("select", "input", "act", id="act", name="act"):
                _choices(visit, search.asked.get("act", ""))
            for name in NAMES[1:]:
                kind = "datetime-local" if name in {"since", "until"} else "text"
                with _field(visit, name):
                    made = element("input", "input", name, id=name, name=name, type=kind)
                    made.props["value"] = search.asked.get(name, "")
        with element("div", "buttons"):
            with element("button", "primary", "find", type="submit"):
                text(visit.text("audit.find"))
            link(visit.text("audit.all"), _ADDRESS, "quiet", "all")


def _choices(visit: Visit, chosen: str) -> None:
    acts = sorted((visit.text(f"audit.act.{act}"), act.value) for act in AuditAct)
    for label, value in ((visit.text("audit.any"), ""), *acts):
        option = text(label, tag="option")
        option.props["value"] = value
        if value == chosen:
            option.props["selected"] = "selected"


def _field(visit: Visit, name: str) -> Element:
    label = element("label", "field")
    label.props["for"] = name
    with label:
        text(_label(visit, name), "soft")
    return label


def _label(visit: Visit, name: str) -> str:
    return visit.text(f"audit.field.{name}")


def _state(visit: Visit, page: Page) -> None:
    sealed = visit.text("audit.sealed", number=page.sealed)
    if page.checked_at is None:
        text(f"{sealed} {visit.text('audit.never_checked')}", "hint", "p", "log-state")
        return
    key = "audit.found" if page.findings else "audit.nothing_found"
    checked = visit.text(key, when=moment(page.checked_at), number=page.findings)
    text(f"{sealed} {checked}", "problem" if page.findings else "hint", "p", "log-state")


def _events(visit: Visit, page: Page, search: Search) -> None:
    if not page.events:
        text(visit.text("audit.empty"), "hint", "p", "empty")
        return
    with element("section", "card", "events"):
        for event in page.events:
            _event(visit, event)
    if page.next:
        link(visit.text("audit.older"), f"{_ADDRESS}?{search.after(page.next)}", "quiet", "older")


def _event(visit: Visit, event: AuditEvent) -> None:
    known = event.act in set(AuditAct)
    with element("div", "act", "event"):
        text(f"{event.at:%Y-%m-%d %H:%M:%S} UTC", "soft")
        text(visit.text(f"audit.act.{AuditAct(event.act)}") if known else event.act, "strong")
        text(str(event.actor) if event.actor is not None else visit.text("audit.system"), "account")
        text(event.subject, "soft subject")
        details = json.loads(event.details)
        text(
            " · ".join(f"{name}: {value}" for name, value in details.items() if value not in (None, "")), "soft details"
        )
