"""Degraded modes, each with its dependency really broken: what the customer is told by the words of the catalogue."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis

from config import ROOT
from database.db import Database
from deploy.servers.redis import start_redis
from services.access import Role
from services.answer import Answering
from services.budget import DailyBudget
from services.gateways.redis_breaker import RedisBreakerStore
from services.models import ModelChain, Provider
from services.reply import Composer
from tests.services.bank import MODERATOR, Bank
from tests.services.modelling import KINDS, Control, controlled_model, server_at
from tests.twins import FEE
from utils.breaker import Breaker
from utils.i18n import Catalogues

ASKED = "How much is the card?"
DEGRADED = "The assistant is not available right now"


def talk(database: Database, chain: ModelChain) -> Bank:
    """Return a bank with that model, which speaks the real catalogue's words."""
    bank = Bank(database)
    words = Catalogues.load(ROOT / "locales", default="en")
    composer = Composer(bank.library, words, chain)
    bank.answering = Answering(database, replace(bank.tools, words=words), composer, bank.heartbeat)
    bank.register(1)
    return bank


def chain_to(database: Database, *servers: tuple[str, str], store: RedisBreakerStore | None = None) -> ModelChain:
    """Return a chain that asks servers (address, kind) in this order, for half a second each at most."""
    providers = [
        Provider(f"p{place}", "m", server_at(address, kind), Breaker(f"p{place}", store=store))
        for place, (address, kind) in enumerate(servers)
    ]
    return ModelChain(providers, DailyBudget(database, 0), seconds=0.5 * len(servers), sleep=lambda _: None)


def said(bank: Bank) -> str:
    """Let the customer ask, and return what they are told."""
    bank.asks(ASKED)
    bank.answering.run_due()
    return bank.told()[-1]


@pytest.fixture
def away() -> str:
    """Return the address of a model server that was there, and was stopped."""
    with controlled_model() as control:
        return control.address


@pytest.fixture
def model() -> Iterator[Control]:
    with controlled_model() as control:
        yield control


@pytest.mark.parametrize("kind", KINDS)
def test_with_the_model_stopped_an_extract_says_what_it_is_and_where_it_is_from(
    database: Database, away: str, kind: str
) -> None:
    bank = talk(database, chain_to(database, (away, kind)))
    told = said(bank)
    assert DEGRADED in told
    assert f"<blockquote>{FEE.text}</blockquote>" in told
    assert f"• {FEE.title}" in told
    assert bank.outcomes() == ["degraded"]


@pytest.mark.parametrize(("first", "second"), [KINDS, KINDS[::-1]])
def test_with_one_provider_stopped_the_next_one_answers(
    database: Database, away: str, model: Control, first: str, second: str
) -> None:
    bank = talk(database, chain_to(database, (away, first), (model.address, second)))
    told = said(bank)
    assert told.startswith("🤖 The card is free.")
    assert bank.outcomes() == ["answered"]


def test_with_redis_stopped_answers_are_made_all_the_same(database: Database, model: Control, tmp_path: Path) -> None:
    redis = start_redis(tmp_path)
    store = RedisBreakerStore(Redis.from_url(redis.url, socket_timeout=1.0))
    redis.stop()
    bank = talk(database, chain_to(database, (model.address, "openai"), store=store))
    assert said(bank).startswith("🤖 The card is free.")


def test_with_model_and_knowledge_gone_a_person_is_called(database: Database, away: str) -> None:
    bank = talk(database, chain_to(database, (away, "openai")))
    bank.grant(MODERATOR, Role.MODERATOR)

    def gone() -> None:
        raise FileNotFoundError("index")

    bank.meanwhile(gone)
    assert said(bank).startswith("👩‍💼 I cannot look into the bank's reference texts right now")
    assert bank.conversation().state == "queued"
    assert len(bank.told(MODERATOR)) == 1
