"""What a customer is told of what is kept, and what is given to them as documents."""

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from database.db import Database
from database.models import AuditAct
from database.queries.audit import Wanted
from services.jobs import ShowPrivacy
from services.privacy_rights import asking
from services.privacy_rights.disclosure import disclosed
from services.privacy_rights.documents import FORMS, LARGEST
from services.privacy_rights.jobs import Right
from services.privacy_rights.page import page
from services.wiring import LOCALES
from tests.database.people import conversation
from tests.services.bank import MODERATOR, POLICY, Bank
from tests.services.forgetting import (
    ASKED,
    COMMENT,
    CUSTOMER,
    FILE,
    NAME,
    NOTE,
    OTHER,
    PHONE,
    SAID_BACK,
    TOLD,
    Forgetting,
)
from utils.i18n import Catalogues

MESSENGER_TAKES = 50e6  # bytes of a document (Bot API, sendDocument)


@pytest.fixture
def bank(database: Database, tmp_path: Path) -> Forgetting:
    bank = Forgetting(database, tmp_path / "objects")
    bank.lives()
    return bank


def exported(bank: Forgetting) -> dict[str, Any]:
    return dict(json.loads(bank.documents(CUSTOMER, "export:json")))


def test_the_screen_counts_what_is_kept_and_offers_what_may_be_done(bank: Forgetting) -> None:
    bank.bank.does(ShowPrivacy(), CUSTOMER)
    shown = bank.bank.outbound(CUSTOMER)[-1]
    assert "0123 tier=en:tier.confirmed" in shown.html
    for kept in ("conversations=1", "files=1", "notes=1", "ratings=1", "calls=1", "version=2026-11"):
        assert kept in shown.html
    assert "en:privacy.term_all" in shown.html, "nothing goes by itself here, so there is no rest"
    pressed = [button.data for row in shown.buttons for button in row]
    assert pressed == ["privacy:export", "privacy:withdraw", "privacy:erase"]


def test_the_screen_tells_what_goes_by_itself_and_when(database: Database) -> None:
    bank = Bank(database, policy=replace(POLICY, kept_days={"conversations": 365, "files": 0, "callbacks": 30}))
    [shown] = bank.does(ShowPrivacy())
    assert "en:privacy.term.conversations days=365\nen:privacy.term.callbacks days=30\nen:privacy.term_rest" in shown
    assert "privacy.term.files" not in shown


def test_an_export_is_two_documents_and_is_recorded(bank: Forgetting) -> None:
    bank.wants(Right.EXPORT)
    sent = [m for chat, m in bank.deliver() if chat == CUSTOMER]
    assert [m.files[0].source for m in sent] == ["export:html", "export:json"]
    assert [m.files[0].name.rpartition(".")[2] for m in sent] == ["html", "json"]
    with bank.database.reading() as uow:
        [event] = uow.audit.find(Wanted(act=AuditAct.DATA_EXPORTED), 5)
    assert event.actor == CUSTOMER


def test_the_json_holds_everything_in_plain_words_and_nothing_of_others(bank: Forgetting) -> None:
    bank.lives(OTHER)
    found = exported(bank)
    profile, [talk] = found["profile"], found["conversations"]
    assert (profile["telegram_id"], profile["name"], profile["phone"]) == (CUSTOMER, NAME, PHONE)
    assert [consent["version"] for consent in found["consents"]] == ["2026-11"]
    said = [(m["from"], m["text"]) for m in talk["messages"]]
    for words in (("customer", ASKED), ("customer", TOLD)):
        assert words in said
    assert any(who == "operator" and SAID_BACK in text for who, text in said)
    assert [file["name"] for m in talk["messages"] for file in m["files"]] == [FILE]
    assert talk["rating"]["score"] == 5
    assert talk["rating"]["comment"] == COMMENT
    assert [note["text"] for note in talk["notes"]] == [NOTE]
    assert talk["summary"] == TOLD
    assert [m["found_helpful"] for m in talk["messages"] if "found_helpful" in m] == [True]
    assert talk["answers"][0]["model"] == "twin"
    assert found["calls"][0]["state"] == "taken"
    assert found["links"][0]["subject"] == "spring"
    written = json.dumps(found)
    assert str(OTHER) not in written
    assert f": {MODERATOR}" not in written, "accounts of the staff are theirs; the name was shown to the customer"


def test_the_page_is_whole_escaped_and_needs_nothing_else(bank: Forgetting) -> None:
    bank.bank.asks("<script>alert(1)</script> & co", CUSTOMER)
    text = bank.documents(CUSTOMER, "export:html").decode()
    for words in (NAME, PHONE, ASKED, TOLD, SAID_BACK, COMMENT, NOTE, FILE):
        assert words in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in text
    tags = Tags()
    tags.feed(text)
    assert not tags.names & {"script", "img", "link", "iframe", "form"}
    assert tags.open == []


@pytest.mark.parametrize("language", ["ru", "en", "kk", "uz"])
def test_the_page_speaks_the_customers_language(bank: Forgetting, language: str) -> None:
    words = Catalogues.load(LOCALES)
    with bank.database.reading() as uow:
        text = page(disclosed(uow, bank.bank.user(CUSTOMER)), words, language)
    assert f"<h1>{words.text(language, 'privacy.page.title')}</h1>" in text


def test_what_is_too_large_for_the_messenger_is_not_promised(bank: Forgetting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "LARGEST", 100)
    assert bank.wants(Right.EXPORT) == ["en:privacy.export_large"]


def test_many_short_messages_take_what_their_size_says(bank: Forgetting) -> None:
    with bank.database.unit_of_work() as uow:
        talk = conversation(uow, CUSTOMER)
        for _ in range(200):
            uow.messages.received(talk, "ok", None, answered=True)
    with bank.database.reading() as uow:
        size = uow.disclosures.size(uow.personal.customer(bank.bank.user(CUSTOMER)))
    for form in FORMS:
        assert len(bank.documents(CUSTOMER, f"export:{form}")) * LARGEST / size < MESSENGER_TAKES


def test_nobody_gets_the_document_of_somebody_who_is_not_there(bank: Forgetting) -> None:
    for chat, source in ((5, "export:json"), (CUSTOMER, "export:pdf"), (CUSTOMER, "secret:1")):
        with pytest.raises(LookupError):
            bank.documents(chat, source)


class Tags(HTMLParser):
    """Which tags a page has, and which of them stay open."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        del attrs
        self.names.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close a tag."""
        assert self.open.pop() == tag
