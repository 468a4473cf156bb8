"""Which models the settings make: those with a key or an address, in the order that is set."""

import pytest

from config import load_settings
from database.db import Database
from services.gateways.anthropic_service import AnthropicServer
from services.gateways.openai_service import OpenAiServer
from services.privacy.server import PrivateServer
from services.wiring_models import make_model
from tests.services.modelling import Control, control, prompt, running
from utils.encryption import generate_key
from utils.settings import SettingsError

__all__ = ["control", "running"]

NEEDED = {
    "BOT_TOKEN": "123456:" + "A" * 35,
    "ENCRYPTION_KEY": generate_key(),
    "BLIND_INDEX_KEY": generate_key(),
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
ALL = {
    "OPENAI_API_KEY": "o",
    "ANTHROPIC_API_KEY": "a",
    "GOOGLE_API_KEY": "g",
    "LOCAL_MODEL_URL": "http://127.0.0.1:1/v1",
    "LOCAL_MODEL": "own",
}


def made(database: Database, **given: str) -> list[tuple[str, type]]:
    model = make_model(load_settings(NEEDED | given), database)
    if model is None:
        return []
    servers = [provider.server for provider in model._providers]
    private = [server for server in servers if isinstance(server, PrivateServer)]
    assert private == servers  # nothing leaves past what hides personal data
    names = [provider.name for provider in model._providers]
    return [(name, type(server._server)) for name, server in zip(names, private, strict=True)]


def test_without_any_there_is_no_model(database: Database) -> None:
    assert made(database) == []
    assert made(database, MODEL_ORDER="anthropic", OPENAI_API_KEY="o") == []


def test_all_of_them_in_the_usual_order(database: Database) -> None:
    assert made(database, **ALL) == [
        ("openai", OpenAiServer),
        ("anthropic", AnthropicServer),
        ("gemini", OpenAiServer),
        ("local", OpenAiServer),
    ]


def test_the_order_is_a_setting(database: Database) -> None:
    assert [name for name, _ in made(database, MODEL_ORDER=" local, Gemini ", **ALL)] == ["local", "gemini"]


@pytest.mark.parametrize("first", ["openai", "anthropic", "gemini", "local"])
def test_each_reaches_its_address_and_its_price(database: Database, control: Control, first: str) -> None:
    address = control.address if first == "anthropic" else f"{control.address}/v1"
    name = {"local": "LOCAL_MODEL_URL"}.get(first, f"{first.upper()}_BASE_URL")
    prices = {"local": "LOCAL_MODEL_PRICE"}.get(first, f"{first.upper()}_PRICE")
    given = {"MODEL_ORDER": first, name: address, f"{prices}_IN": "2", f"{prices}_OUT": "8"}
    model = make_model(load_settings(NEEDED | ALL | given), database)
    assert model
    draft = model.reply(prompt())
    assert (draft.kind, draft.provider) == ("answer", first)
    assert draft.usage.cost == 2 * draft.usage.tokens_in + 8 * draft.usage.tokens_out


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"MODEL_ORDER": "openai,oracle"}, "MODEL_ORDER"),
        ({"MODEL_ORDER": "openai,openai"}, "MODEL_ORDER"),
        ({"LOCAL_MODEL_URL": "http://127.0.0.1:1/v1"}, "LOCAL_MODEL must name"),
        ({"MODEL_DAILY_BUDGET": "-1"}, "MODEL_DAILY_BUDGET"),
    ],
    ids=str,
)
def test_what_does_not_go_together_is_named(given: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        load_settings(NEEDED | given)


def test_prices_are_found_under_their_older_names() -> None:
    settings = load_settings(NEEDED | {"MODEL_PRICE_IN": "3", "MODEL_PRICE_OUT": "15"})
    assert (settings.openai.price_in, settings.openai.price_out) == (3.0, 15.0)
