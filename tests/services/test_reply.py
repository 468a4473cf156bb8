"""Composing a reply: what each case says, where it comes from, and what is written down about it."""

import pytest

from config import ROOT
from contexts.asked import Asked
from contexts.prompt import PROMPT_VERSION, Turn
from services.drafts import Draft
from services.errors import ModelError
from services.knowledge.passages import Chunk, Found, Passage
from services.ports import Words
from services.reply import Composer, Outcome, Reply
from services.usage import Usage
from tests.twins import FEE, LIMITS, TwinLibrary, TwinModel, TwinWords
from utils.i18n import Catalogues

FOUND = TwinLibrary().found
ASKED = "How much is the card?"


def composed(draft: Draft | Exception | None = None, found: Found = FOUND, words: Words | None = None) -> Reply:
    """Compose the reply to a question; without a draft there is no model."""
    model = TwinModel(draft) if draft else None
    return Composer(TwinLibrary(found), words or TwinWords(), model).compose(Asked(ASKED, "en"))


def drafted(text: str, *sources: int) -> Draft:
    return Draft("answer", text, sources, "model-1")


def test_without_a_model_the_best_passage_is_quoted_with_its_source() -> None:
    assert composed() == Reply(
        Outcome.EXTRACT,
        f"en:answer.extract text={FEE.text}\n\n<i>en:answer.sources n=1\n• {FEE.title}</i>",
        FOUND,
    )


class TwoLanguages(TwinLibrary):
    """Knowledge that answers in English alone."""

    def search(self, question: str, language: str) -> Found:
        found = super().search(question, language)
        return found if language == "en" else Found()


def test_a_question_in_another_language_than_the_chats_is_answered_from_that_ones_knowledge() -> None:
    composer = Composer(TwoLanguages(), TwinWords(), None)
    reply = composer.compose(Asked(ASKED, "ru"))
    assert reply.html.startswith(f"en:answer.extract text={FEE.text}")
    assert reply.language is None  # what the chat goes on in is the customer's own choice
    assert composer.compose(Asked("Сколько стоит карта?", "ru")).html == "ru:answer.not_found"
    assert composer.compose(Asked("How much?", "ru")).outcome is Outcome.EXTRACT


def test_a_models_answer_names_the_passages_that_it_used() -> None:
    reply = composed(drafted("Free. 100 000 a day.", 2, 1))
    assert reply == Reply(
        Outcome.ANSWERED,
        f"en:answer.ai text=Free. 100 000 a day.\n\n<i>en:answer.sources n=2\n• {LIMITS.title}\n• {FEE.title}</i>",
        FOUND,
        "model-1",
        PROMPT_VERSION,
    )


def test_a_models_answer_without_sources_names_the_best_passage() -> None:
    assert composed(drafted("Free.")).html.endswith(f"<i>en:answer.sources n=1\n• {FEE.title}</i>")


def test_a_source_is_named_once() -> None:
    again = Chunk("other", FEE.title, "Other text.", "Cards", "en")
    reply = composed(drafted("Free.", 1, 2), Found((Passage(FEE, 0.9), Passage(again, 0.8)), 0.9, answerable=True))
    assert reply.html.endswith(f"<i>en:answer.sources n=1\n• {FEE.title}</i>")


def test_what_the_knowledge_does_not_hold_is_not_asked_of_the_model() -> None:
    nothing = Found((Passage(FEE, 0.1),), 0.1)
    model = TwinModel(drafted("Free.", 1))
    reply = Composer(TwinLibrary(nothing), TwinWords(), model).compose(Asked(ASKED, "en"))
    assert reply == Reply(Outcome.NOT_FOUND, "en:answer.not_found", nothing)
    assert model.prompts == []


def test_a_model_may_find_nothing_or_call_a_person() -> None:
    assert composed(Draft("not_found", "made up", (), "model-1")) == Reply(
        Outcome.NOT_FOUND, "en:answer.not_found", FOUND, "model-1", PROMPT_VERSION
    )
    assert composed(Draft("handover", "made up", (), "model-1")) == Reply(
        Outcome.HANDOVER, "", FOUND, "model-1", PROMPT_VERSION
    )


def test_a_reply_carries_who_wrote_it_and_what_it_cost() -> None:
    draft = Draft("not_found", "", (), "model-1", provider="local", usage=Usage(5, 2, 1))
    reply = composed(draft)
    assert (reply.provider, reply.usage) == ("local", Usage(5, 2, 1))
    failed = composed(ModelError("empty answer", Usage(5, 2, 1)))
    assert (failed.outcome, failed.provider, failed.usage) == (Outcome.DEGRADED, None, Usage(5, 2, 1))


def test_a_model_that_fails_costs_its_part_only() -> None:
    reply = composed(ModelError("APITimeoutError"))
    assert reply == Reply(
        Outcome.DEGRADED,
        f"en:answer.degraded text={FEE.text}\n\n<i>en:answer.sources n=1\n• {FEE.title}</i>",
        FOUND,
    )


def test_an_error_that_is_not_the_models_is_not_hidden() -> None:
    with pytest.raises(RuntimeError):
        composed(RuntimeError("ours"))


@pytest.mark.parametrize("draft", [None, drafted("a <b> & b", 1)])
def test_nothing_that_is_not_ours_is_markup(draft: Draft | None) -> None:
    strange = Chunk("strange", "Cards <A & B>", "1 < 2 & <b>bold", "Cards", "en")
    words = Catalogues.load(ROOT / "locales", default="en")
    html = composed(draft, Found((Passage(strange, 0.9),), 0.9, answerable=True), words).html
    assert "• Cards &lt;A &amp; B&gt;" in html
    assert ("a &lt;b&gt; &amp; b" if draft else "1 &lt; 2 &amp; &lt;b&gt;bold") in html
    assert "<b>" not in html


def test_a_quotation_ends_its_own_line() -> None:
    html = composed(words=Catalogues.load(ROOT / "locales", default="en")).html
    assert f"</blockquote>\n<i>Source:\n• {FEE.title}</i>" in html


def test_the_model_is_told_the_question_the_dialog_and_the_numbered_passages() -> None:
    model = TwinModel(drafted("Free.", 1))
    history = (Turn("user", "Hello"), Turn("assistant", "Good day"))
    Composer(TwinLibrary(), TwinWords(), model).compose(Asked(ASKED, "en", history))
    [[system, *dialog, last]] = model.prompts
    assert "English" in system["content"]
    assert [message["content"] for message in dialog] == ["Hello", "Good day"]
    assert f'<passage id="1" title="{FEE.title} | Card fee">{FEE.text}</passage>' in last["content"]
    assert f'<passage id="2" title="{LIMITS.title}">{LIMITS.text}</passage>' in last["content"]
    assert last["content"].endswith(f"<question>{ASKED}</question>")
