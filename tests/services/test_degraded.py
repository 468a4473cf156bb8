"""Degraded modes, each with its dependency really broken: what the customer is told by the words of the catalogue."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine, make_url, text

from config import ROOT
from database.db import Database
from deploy.servers.postgres import PostgresServer
from deploy.servers.redis import start_redis
from services.access import Role
from services.answer import Answering
from services.budget import DailyBudget
from services.gateways.folder_storage import FolderStorage
from services.gateways.pgvector_search import PgvectorBackend
from services.gateways.redis_breaker import RedisBreakerStore
from services.knowledge.passages import Found
from services.models import ModelChain, Provider
from services.reply import Composer
from services.wiring_index import IndexMaker
from tests.database.fixtures import another_bot, migrate
from tests.services.bank import MODERATOR, Bank
from tests.services.modelling import KINDS, Control, controlled_model, server_at
from tests.services.test_library import Machine, begun, publish
from tests.twins import FEE, LIMITS, TwinLibrary
from utils.breaker import Breaker
from utils.i18n import Catalogues

ASKED = "How much is the card?"
CHUNKS = (FEE, LIMITS)
DEGRADED = "The assistant is not available right now"


@dataclass
class Searched(TwinLibrary):
    """Knowledge that is really searched."""

    find: Callable[[str], Found] = field(kw_only=True)

    def search(self, question: str, language: str) -> Found:
        """Return what is found."""
        assert language == "en"
        return self.find(question)


def talk(database: Database, chain: ModelChain) -> Bank:
    """Return a bank with that model, which speaks the real catalogue's words."""
    bank = Bank(database)
    words = Catalogues.load(ROOT / "locales", default="en")
    composer = Composer(bank.library, words, chain)
    bank.answering = Answering(database, replace(bank.tools, words=words), composer, bank.heartbeat)
    bank.register(1)
    return bank


def chain_to(database: Database, *servers: tuple[str, str], store: RedisBreakerStore | None = None) -> ModelChain:
    """Return a chain that asks servers (address, kind) in this order, for half a minute each at most."""
    providers = [
        Provider(f"p{place}", "m", server_at(address, kind), Breaker(f"p{place}", store=store))
        for place, (address, kind) in enumerate(servers)
    ]
    return ModelChain(providers, DailyBudget(database, 0), seconds=30.0 * len(servers), sleep=lambda _: None)


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
    store = RedisBreakerStore(Redis.from_url(redis.url, socket_timeout=30.0))
    redis.stop()
    bank = talk(database, chain_to(database, (model.address, "openai"), store=store))
    assert said(bank).startswith("🤖 The card is free.")


def test_with_the_vectors_database_dropped_the_words_alone_find_the_answer(
    postgres_server: PostgresServer, postgres_engine: Engine
) -> None:
    url = postgres_server.create_database("vectors")
    vectors = another_bot(migrate(url))
    index = IndexMaker(backend=PgvectorBackend(vectors)).build(CHUNKS, "en")
    vectors.engine.dispose()
    with postgres_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)'))
    bank = Bank(another_bot(postgres_engine), library=Searched(find=index.search))
    assert FEE.text in said(bank)
    assert bank.outcomes() == ["extract"]


def test_with_the_index_deleted_answers_go_on_now_and_after_a_restart(database: Database, tmp_path: Path) -> None:
    storage, here = tmp_path / "storage", tmp_path / "here"
    publish(database, FEE.text)
    worker = Machine(database, FolderStorage(storage), here)
    begun(worker)
    for folder in (storage, here):
        shutil.rmtree(folder)
    for machine in (worker, Machine(database, FolderStorage(storage), here)):
        if machine is not worker:
            begun(machine)
        bank = Bank(database, library=Searched(find=partial(machine.library.search, language="en")))
        assert FEE.text in said(bank)
        assert "answer.extract" in bank.told()[-1]


def test_with_model_and_knowledge_gone_a_person_is_called(database: Database, away: str) -> None:
    bank = talk(database, chain_to(database, (away, "openai")))
    bank.grant(MODERATOR, Role.MODERATOR)

    def gone() -> None:
        raise FileNotFoundError("index")

    bank.meanwhile(gone)
    assert said(bank).startswith("👩‍💼 I cannot look into the bank's reference texts right now")
    assert bank.conversation().state == "queued"
    assert len(bank.told(MODERATOR)) == 1
