"""Memory: the last turns word for word, the rest in a summary made behind the scenes, and `/reset` forgets it all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest

from contexts.prompt import Message
from database.db import Database
from services.drafts import Draft
from services.errors import ModelError
from services.jobs import Reset
from services.summary import Summarising
from services.sweep import Sweeper
from tests.database.threads import together
from tests.services.bank import POLICY, Bank
from tests.twins import TwinModel

SHORT = replace(POLICY, history=4)
ANSWER = Draft("answer", "It is free.", (1,), "twin")


@dataclass
class TwinSummariser:
    """Notes what it is told to; `prompts` keeps what it was asked, `meanwhile` happens before it answers."""

    notes: str | Exception = "The customer asks about cards."
    prompts: list[Sequence[Message]] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def summarise(self, messages: Sequence[Message]) -> str:
        """Return the notes, or raise."""
        self.prompts.append(messages)
        self.meanwhile()
        if isinstance(self.notes, Exception):
            raise self.notes
        return self.notes


@dataclass
class Talk:
    """A bank with short windows, and what its model is told."""

    bank: Bank
    model: TwinModel

    def ask(self, *texts: str) -> list[Message]:
        """Ask, and return what the model was told last."""
        for text in texts:
            self.bank.asks(text)
            self.bank.answering.run_due()
        return list(self.model.prompts[-1])

    def sum_up(self, summariser: TwinSummariser | None = None) -> int:
        """Let a worker sum up what is due."""
        return Summarising(self.bank.database, self.bank.policy, summariser).run_due()

    def summary(self) -> str:
        """Return the summary that is kept."""
        with self.bank.database.reading() as uow:
            return uow.memory.summary(self.bank.conversation())


@pytest.fixture
def talk(database: Database) -> Talk:
    model = TwinModel(ANSWER)
    return Talk(Bank(database, policy=SHORT, model=model), model)


def questions(first: int, last: int) -> list[str]:
    return [f"Question number {n}? And more." for n in range(first, last + 1)]


def told(prompt: Sequence[Message]) -> str:
    return "\n".join(message["content"] for message in prompt)


def test_what_fell_out_of_the_window_is_summed_up_and_told(talk: Talk) -> None:
    assert "Question number 1?" not in told(talk.ask(*questions(1, 4)))
    assert talk.bank.wakeups.sums == 1
    summariser = TwinSummariser()
    assert talk.sum_up(summariser) == 1
    [prompt] = summariser.prompts
    assert '<turn by="user">Question number 1? And more.</turn>' in told(prompt)
    seen = told(talk.ask("And now?"))
    assert "<summary>The customer asks about cards.</summary>" in seen
    assert "Question number 4?" in seen
    assert "Question number 1?" not in seen


def test_what_is_personal_does_not_go_to_the_model_with_it(talk: Talk) -> None:
    talk.ask("My phone is +7 912 345-67-89, what now?", *questions(2, 4))
    summariser = TwinSummariser()
    talk.sum_up(summariser)
    assert "345-67-89" not in told(summariser.prompts[0])
    assert "what now?" in told(summariser.prompts[0])
    assert summariser.prompts[0][-1]["names"] == ("Person 1",), "the customer's, for whoever hides them"


def test_nothing_is_summed_up_while_everything_fits(talk: Talk) -> None:
    talk.ask(*questions(1, 2))
    assert talk.bank.wakeups.sums == 0
    assert talk.sum_up(TwinSummariser()) == 0


def test_tokens_end_the_window_too(database: Database) -> None:
    model = TwinModel(ANSWER)
    talk = Talk(Bank(database, policy=replace(POLICY, history=100, context_tokens=100), model=model), model)
    seen = told(talk.ask("A" * 290, "Short?", "And now?"))
    assert "A" * 290 not in seen
    assert "Short?" in seen
    assert talk.sum_up() == 1
    assert talk.summary().startswith("A" * 159 + "…")


def test_a_summary_goes_on_with_the_one_before(talk: Talk) -> None:
    talk.ask(*questions(1, 4))
    talk.sum_up(TwinSummariser("First notes."))
    talk.ask(*questions(5, 8))
    second = TwinSummariser("Second notes.")
    assert talk.sum_up(second) == 1
    assert "<notes>First notes.</notes>" in told(second.prompts[0])
    assert "Question number 1?" not in told(second.prompts[0])
    assert talk.summary() == "Second notes."


@pytest.mark.parametrize("summariser", [None, TwinSummariser(ModelError("away")), TwinSummariser("  ")])
def test_without_a_model_first_sentences_stand_in(talk: Talk, summariser: TwinSummariser | None) -> None:
    talk.ask(*questions(1, 4))
    assert talk.sum_up(summariser) == 1
    assert talk.summary().splitlines() == ["Question number 1?", "Question number 2?", "Question number 3?"]


def test_many_workers_sum_up_once(talk: Talk) -> None:
    talk.ask(*questions(1, 4))
    assert sum(together(lambda _: talk.sum_up(TwinSummariser()))) == 1


def test_a_worker_that_dies_leaves_it_due_and_a_late_one_changes_nothing(talk: Talk) -> None:
    talk.ask(*questions(1, 4))

    class Killed(BaseException):
        """Nothing catches it."""

    def die() -> None:
        raise Killed

    with pytest.raises(Killed):
        talk.sum_up(TwinSummariser(meanwhile=die))
    assert talk.sum_up(TwinSummariser()) == 0, "the dead one's lease holds"
    let_leases_run_out(talk)

    def overtake() -> None:
        let_leases_run_out(talk)
        assert talk.sum_up(TwinSummariser("Early.")) == 1

    late = TwinSummariser("Late.", meanwhile=overtake)
    assert talk.sum_up(late) == 0
    assert talk.summary() == "Early."


def let_leases_run_out(talk: Talk) -> None:
    with talk.bank.database.unit_of_work() as uow:
        conversation = uow.conversations.open_for(1)
        assert conversation
        if conversation.summary_due_at:
            conversation.summary_due_at = uow.now()


def test_the_summary_is_sealed(talk: Talk) -> None:
    talk.ask(*questions(1, 4))
    talk.sum_up()
    assert b"Question" not in (talk.bank.conversation().summary or b"")


def test_reset_forgets_turns_and_summary_and_says_so(talk: Talk) -> None:
    talk.ask(*questions(1, 4))
    talk.sum_up()
    assert ["reset.done" in text for text in talk.bank.does(Reset())] == [True]
    seen = talk.ask("And now?")
    assert [message["role"] for message in seen] == ["system", "user"]
    assert "Question number" not in told(seen)
    assert talk.summary() == ""
    assert "And now?" in told(talk.ask("And then?"))


def test_reset_while_a_summary_is_made_wins(talk: Talk) -> None:
    talk.ask(*questions(1, 4))
    assert talk.sum_up(TwinSummariser(meanwhile=lambda: talk.bank.does(Reset()))) == 0
    assert talk.summary() == ""
    assert talk.bank.conversation().summary_due_at is None


def test_the_sweep_finds_what_nobody_was_woken_for(talk: Talk) -> None:
    talk.ask(*questions(1, 4))
    woken = talk.bank.wakeups.sums
    Sweeper(talk.bank.database, talk.bank.wakeups).sweep()
    assert talk.bank.wakeups.sums == woken + 1
