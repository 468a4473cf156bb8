"""Why an answer was said: told by its number or its chat, with everything that it rests on."""

import json

import pytest
from click.testing import CliRunner, Result

from commands.answers import answers
from commands.system import status
from database.db import Database
from services.drafts import Draft
from services.jobs import AskForPerson
from services.usage import Usage
from tests.database.fixtures import another_bot
from tests.services.bank import Bank
from tests.twins import FEE, LIMITS, TwinModel
from utils.encryption import generate_key

DRAFT = Draft("answer", "Free.\nReally.", (1,), "m-1", provider="local", usage=Usage(100, 20, 1_234_567))
ENVIRONMENT = {"BOT_TOKEN": "123456:" + "A" * 35, "ENCRYPTION_KEY": generate_key(), "BLIND_INDEX_KEY": generate_key()}


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database, model=TwinModel(DRAFT))
    for text in ("How much is it?", "The card, I mean"):
        bank.asks(text)
    bank.answering.run_due()
    return bank


def told(database: Database, *arguments: object) -> Result:
    return CliRunner().invoke(answers, ["show", *map(str, arguments)], obj=database)


def shown(database: Database, *arguments: object) -> list[dict[str, object]]:
    result = told(database, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_all_that_an_answer_rests_on_is_told(bank: Bank) -> None:
    [answer] = shown(bank.database, "--chat", 1)
    assert (answer["question"], answer["outcome"]) == ("How much is it?\nThe card, I mean", "answered")
    assert "Free." in str(answer["said"])
    assert (answer["provider"], answer["model"], answer["prompt_version"]) == ("local", "m-1", "3")
    assert (answer["tokens_in"], answer["tokens_out"], answer["cost"]) == (100, 20, 1.234567)
    assert (answer["index_version"], answer["masked"]) == (None, None)
    assert answer["passages"] == [
        {"chunk": "fee", "score": 0.9, "title": FEE.title, "document": "cards", "version": "v7"},
        {"chunk": "limits", "score": 0.5, "title": LIMITS.title, "document": "", "version": ""},
    ]
    assert shown(bank.database, answer["answer"]) == [answer]


def test_people_read_it_in_lines(bank: Bank) -> None:
    text = told(bank.database, "--chat", 1).output
    assert f"passage 1  0.9  {FEE.title}  cards v7" in text
    assert "outcome  answered" in text
    assert "index_version" not in text, "what is not known is left out"


def test_the_last_answers_come_newest_first_and_what_was_not_said_has_its_reasons_too(bank: Bank) -> None:
    bank.asks("And now?")
    bank.meanwhile(lambda: bank.does(AskForPerson()))
    bank.answering.run_due()
    newest, first = shown(bank.database, "--chat", 1)
    assert (newest["outcome"], newest["question"], newest["said"]) == ("overtaken", "", "")
    assert first["outcome"] == "answered"
    assert len(shown(bank.database, "--chat", 1, "--last", 1)) == 1


def test_what_is_not_there_or_another_banks_is_not_told(bank: Bank) -> None:
    [answer] = shown(bank.database, "--chat", 1)
    other = another_bot(bank.database.engine)
    for database, arguments in ((bank.database, ["--chat", 77]), (other, ["--chat", 1]), (other, [answer["answer"]])):
        result = told(database, *arguments)
        assert result.exit_code == 1
        assert "there is no such answer" in result.output
    assert told(bank.database).exit_code == 2
    assert told(bank.database, 1, "--chat", 1).exit_code == 2


@pytest.mark.parametrize(
    ("budget", "line"),
    [
        ("0", "models: 1.23 spent today\n"),
        ("5", "models: 1.23 spent today of 5\n"),
        ("1.2", "models: 1.23 spent today of 1.2, so answers are quoted\n"),
    ],
)
def test_the_status_tells_what_the_day_cost(bank: Bank, budget: str, line: str) -> None:
    result = CliRunner(env=ENVIRONMENT | {"MODEL_DAILY_BUDGET": budget}).invoke(status, obj=bank.database)
    assert line in result.output
