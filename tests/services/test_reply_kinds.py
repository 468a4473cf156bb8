"""What a model may want besides an answer, replies that are long or still growing, and a knowledge that is away."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from prometheus_client import REGISTRY
from sqlalchemy.exc import OperationalError

from config import ROOT
from contexts.asked import Asked
from contexts.prompt import Turn
from database.db import Database
from services.drafts import Draft
from services.jobs import ChooseLanguage
from services.knowledge.passages import Found, Passage
from services.ports import Button
from services.reply import Composer, Outcome, Reply
from services.saying import outbound
from tests.services.bank import MODERATOR, Bank
from tests.twins import FEE, TwinLibrary, TwinModel, TwinWords
from utils.i18n import Catalogues

ASKED = "How much is the card?"
OTHER = "Where is the nearest branch office open on Sundays?"
BACK = Draft("clarify", "Which card <do> you mean?", (), "m")
PERSON = Button(label="A person", data="person")


def known(text: str) -> TwinLibrary:
    """Return knowledge that says a text."""
    return TwinLibrary(Found((Passage(replace(FEE, text=text), 0.9),), 0.9, answerable=True))


def composer(draft: Draft, library: TwinLibrary | None = None) -> Composer:
    return Composer(library or TwinLibrary(), TwinWords(), TwinModel(draft))


def test_a_question_back_is_asked_once_and_not_twice() -> None:
    first = composer(BACK).compose(Asked(ASKED, "en"))
    assert (first.outcome, first.html) == (Outcome.CLARIFY, f"en:answer.clarify text={BACK.text}")
    second = composer(BACK).compose(Asked("That one", "en", back=True))
    assert (second.outcome, second.html) == (Outcome.NOT_FOUND, "en:answer.not_found")


def test_the_answer_to_our_question_is_looked_for_with_the_one_before() -> None:
    library = TwinLibrary()
    history = (Turn("user", ASKED), Turn("assistant", BACK.text))
    composer(BACK, library).compose(Asked("The black one", "en", history, back=True))
    composer(BACK, library).compose(Asked(OTHER, "en", history))
    assert library.asked == [f"{ASKED}\nThe black one", OTHER]


def test_in_a_dialog_the_second_question_back_is_not_asked(database: Database) -> None:
    bank = Bank(database, model=TwinModel(BACK))
    for text in (ASKED, "That one", OTHER):
        bank.asks(text)
        bank.answering.run_due()
    assert bank.outcomes() == ["clarify", "not_found", "clarify"]
    assert bank.library.asked == [ASKED, f"{ASKED}\nThat one", OTHER]
    assert bank.outbound()[0].buttons[0][0].data == "person", "the way to a person is always there"


@pytest.mark.parametrize(("language", "switched"), [("ru", "ru"), ("en", None), ("tlh", None), (None, None)], ids=str)
def test_the_customer_goes_on_in_another_language_that_we_speak(
    database: Database, language: str | None, switched: str | None
) -> None:
    draft = Draft("answer", "Бесплатно.", (1,), "m", language)
    bank = Bank(database, model=TwinModel(draft), library=known("It is free. Бесплатно."))
    bank.register(1)
    bank.does(ChooseLanguage(language="en"))
    bank.asks("How much is the card? По-русски, пожалуйста")
    bank.answering.run_due()
    speaks = switched or "en"
    [said] = [message for message in bank.outbound() if "answer.ai" in message.html]
    assert said.html.startswith(f"{speaks}:answer.ai")
    assert f"{speaks}:answer.sources" in said.html
    assert said.buttons[0][0].label == f"{speaks}:answer.person"
    assert bank.user().language == speaks


def test_a_long_answer_is_several_messages_in_order_with_the_button_under_the_last(database: Database) -> None:
    sentences = [f"Sentence number {number} says something about this card." for number in range(150)]
    text = " ".join(sentences)
    bank = Bank(database, model=TwinModel(Draft("answer", text, (1,), "m")), library=known(text))
    bank.asks(ASKED)
    bank.answering.run_due()
    told = bank.outbound()
    assert len(told) == 2
    assert all(len(message.html) <= 4096 for message in told)
    assert [bool(message.buttons) for message in told] == [False, True]
    whole = " ".join(message.html for message in told)
    assert whole.index(sentences[0]) < whole.index(sentences[149]) < whole.index("answer.sources")
    assert all(sentence in whole for sentence in sentences), "none is cut"


def test_only_the_first_message_takes_a_place() -> None:
    messages = outbound(Reply(Outcome.ANSWERED, "Word. " * 1500, Found()), PERSON, 17)
    assert [(message.replaces, bool(message.buttons)) for message in messages] == [
        (17, False),
        (None, False),
        (None, True),
    ]


def test_what_is_shown_while_it_grows_is_escaped_and_whole() -> None:
    words = Catalogues.load(ROOT / "locales", default="en")
    model = TwinModel(Draft("answer", "x", (1,), "m"), pieces=("Less <b>", "Less <b> & more. And", "Wörter. " * 900))
    shown: list[str] = []

    def grow(text: Callable[[], str]) -> None:
        shown.append(text())

    Composer(known("Less <b> & more. Wörter."), words, model).compose(Asked(ASKED, "en"), grow)
    assert shown[:2] == ["", "🤖 Less &lt;b&gt; &amp; more."]
    assert len(shown[2]) <= 4096


def test_a_sentence_that_is_not_said_counts_once_however_often_the_answer_was_looked_at() -> None:
    def counted() -> list[float]:
        reasons = ("unsupported", "link")
        return [REGISTRY.get_sample_value("bot_answers_guarded_total", {"reason": r}) or 0.0 for r in reasons]

    said = "Less is more. Dragons guard vaults tirelessly. See evil.example for it. "
    model = TwinModel(Draft("answer", said, (1,), "m"), pieces=(said, said * 2, said * 3))
    before = counted()
    Composer(known("Less is more."), TwinWords(), model).compose(Asked(ASKED, "en"), lambda text: (text(), None)[1])
    assert [now - then for now, then in zip(counted(), before, strict=True)] == [1, 1]


def test_a_knowledge_that_cannot_be_searched_brings_a_person(database: Database) -> None:
    def broken() -> None:
        raise OSError("the index is gone")

    library = TwinLibrary(meanwhile=broken)
    bank = Bank(database, model=TwinModel(RuntimeError("is not asked")), library=library)
    bank.asks(ASKED)
    bank.answering.run_due()
    assert ["handover.unable" in text or "handover.nobody" in text for text in bank.told()] == [True]
    assert bank.outcomes() == ["unable"]
    assert bank.conversation().state == "queued"
    assert bank.told(MODERATOR) == []


def test_a_database_that_is_away_is_not_the_knowledges_fault() -> None:
    library = TwinLibrary()
    library.meanwhile = lambda: (_ for _ in ()).throw(OperationalError("select", None, Exception("away")))
    with pytest.raises(OperationalError):
        composer(BACK, library).compose(Asked(ASKED, "en"))
