"""Settings: defaults, older names, secret files, and complaints that name the variable and keep the secret."""

from pathlib import Path
from typing import Any

import pytest

from config import ROOT, load_settings
from utils.encryption import generate_key
from utils.settings import SettingsError

TOKEN = "123456:" + "A" * 35
KEY, INDEX_KEY = "k" * 43, "i" * 43  # the same in every worker process: they stand in names of tests
FILLED = {"BOT_TOKEN": TOKEN, "ENCRYPTION_KEY": KEY, "BLIND_INDEX_KEY": INDEX_KEY}
WEBHOOK = {"INGEST": "webhook", "WEBHOOK_URL": "https://bank.test/hook", "WEBHOOK_SECRET": "w" * 16}


def complaints(given: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as raised:
        load_settings(given)
    return raised.value.complaints


def read(path: str, given: dict[str, str]) -> Any:
    """Return the setting at "group.field", a secret's content included."""
    group, _, field = path.partition(".")
    value = getattr(getattr(load_settings(FILLED | given), group), field)
    return value.get_secret_value() if hasattr(value, "get_secret_value") else value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("telegram.bot_id", 123456),
        ("telegram.api_url", "https://api.telegram.org"),
        ("telegram.ingest", "polling"),
        ("database.url", f"sqlite:///{ROOT / 'data' / 'bot.db'}"),
        ("database.pool_size", 10),
        ("redis.url", "redis://127.0.0.1:6379/0"),
        ("redis.broker", "redis://127.0.0.1:6379/0"),
        ("security.encryption", [KEY]),
        ("security.index", [INDEX_KEY]),
        ("conversation.language", "ru"),
        ("conversation.debounce", 0.8),
        ("conversation.messages_per_minute", 20),
        ("openai.key", ""),
        ("model.timeout", 180.0),
        ("knowledge.file", ROOT / "context.txt"),
        ("observability.log_level", "INFO"),
        ("http.port", 8000),
    ],
)
def test_defaults(path: str, value: object) -> None:
    assert read(path, {}) == value


def test_an_empty_value_counts_as_absent() -> None:
    assert read("http.port", {"HTTP_PORT": " "}) == 8000


def test_demo_is_off_unless_it_is_asked_for() -> None:
    assert not load_settings(FILLED).demo
    assert not load_settings(FILLED | {"DEMO": "0"}).demo
    assert load_settings(FILLED | {"DEMO": "1"}).demo


@pytest.mark.parametrize(
    ("given", "path", "value"),
    [
        ({"LEVEL": "DEBUG"}, "observability.log_level", "DEBUG"),
        ({"LEVEL": "DEBUG", "LOG_LEVEL": "ERROR"}, "observability.log_level", "ERROR"),
        ({"REDIS_HOST": "r", "REDIS_PORT": "7", "REDIS_DB": "2"}, "redis.url", "redis://r:7/2"),
        ({"REDIS_PASSWORD": "a@b/c:d"}, "redis.url", "redis://:a%40b%2Fc%3Ad@127.0.0.1:6379/0"),
        ({"REDIS_URL": "redis://one/1", "REDIS_HOST": "r"}, "redis.broker", "redis://one/1"),
        ({"CELERY_BROKER_URL": "redis://two/2"}, "redis.broker", "redis://two/2"),
        ({"DB_HOST": "db"}, "database.url", "postgresql+psycopg://postgres:@db/bot"),
        (
            {"DB_HOST": "db:6", "POSTGRES_USER": "u", "POSTGRES_PASSWORD": "p@:/", "POSTGRES_DB": "n"},
            "database.url",
            "postgresql+psycopg://u:p%40%3A%2F@db:6/n",
        ),
        ({"DATABASE_URL": "sqlite:///x.db", "DB_HOST": "db"}, "database.url", "sqlite:///x.db"),
        ({"DATABASE_URL": "postgres://u:p@h/n"}, "database.url", "postgresql+psycopg://u:p@h/n"),
        ({"DATABASE_URL": "postgresql://u:p@h/n"}, "database.url", "postgresql+psycopg://u:p@h/n"),
        ({"TELEGRAM_BOT_TOKEN": "777:" + "B" * 35}, "telegram.bot_id", 123456),
    ],
)
def test_other_names_and_parts(given: dict[str, str], path: str, value: object) -> None:
    assert read(path, given) == value


def test_the_older_name_of_the_token() -> None:
    given = {name: value for name, value in FILLED.items() if name != "BOT_TOKEN"}
    assert load_settings(given | {"TELEGRAM_BOT_TOKEN": TOKEN}).telegram.bot_id == 123456


def test_keys_are_listed_newest_first() -> None:
    older, index_older = generate_key(), generate_key()
    security = load_settings(
        FILLED | {"ENCRYPTION_KEY": f"{KEY}, {older}", "BLIND_INDEX_KEY": f"{INDEX_KEY},{index_older},"}
    ).security
    assert security.encryption == [KEY, older]
    assert security.index == [INDEX_KEY, index_older]


@pytest.mark.parametrize(
    ("name", "content", "path", "value"),
    [
        ("OPENAI_API_KEY", "sk-1\n", "openai.key", "sk-1"),
        ("WEBHOOK_SECRET", "s" * 16, "telegram.webhook_secret", "s" * 16),
        ("REDIS_PASSWORD", "pw\n", "redis.url", "redis://:pw@127.0.0.1:6379/0"),
        ("DATABASE_URL", "sqlite:///f.db\n", "database.url", "sqlite:///f.db"),
    ],
)
def test_secrets_in_files(name: str, content: str, path: str, value: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(content)
    assert read(path, {f"{name}_FILE": str(file)}) == value
    assert read(path, {f"{name}_FILE": str(file), name: "sqlite:///wins"}) != value


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_secret_file_that_cannot_be_read_is_named(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    [complaint] = complaints(FILLED | {"OPENAI_API_KEY_FILE": str(file)})
    assert complaint.startswith("OPENAI_API_KEY_FILE: ")
    assert str(file) in complaint


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TOKEN", "hunter2"),
        ("BOT_TOKEN", "hunter:" + "2" * 35),
        ("ENCRYPTION_KEY", "hunter2"),
        ("ENCRYPTION_KEY", f"{KEY},{KEY}"),
        ("BLIND_INDEX_KEY", "hunter2"),
        ("BLIND_INDEX_KEY", KEY),
        ("BLIND_INDEX_KEY", f"{INDEX_KEY},hunter2"),
        ("DATABASE_URL", "hunter2"),
        ("DATABASE_URL", "postgresql://bank:p@ss:hunter2@host/name"),
        ("REDIS_URL", "redis://:hun/ter2@host/0"),
        ("TELEGRAM_TIMEOUT", "60"),
        ("WEBHOOK_PORT", "99999"),
        ("INGEST", "pigeon"),
        ("LOG_LEVEL", "LOUD"),
        ("DEFAULT_REGION", "RUS"),
        ("OTEL_TRACES_SAMPLER_ARG", "1.5"),
    ],
)
def test_a_wrong_value_is_named_and_not_shown(name: str, value: str) -> None:
    [complaint] = complaints(FILLED | {name: value})
    assert complaint.startswith(name)
    assert value not in complaint
    assert "hunter" not in complaint
    assert "ter2" not in complaint


@pytest.mark.parametrize("secret", ["BOT_TOKEN", "TELEGRAM_BOT_TOKEN", "WEBHOOK_SECRET"])
def test_placeholders_do_for_a_demo_only(secret: str) -> None:
    given = FILLED | {secret: "123456:change-me-to-the-token-that-BotFather-gives"}
    assert complaints(given) == (f"{secret}: still a placeholder; put a secret of your own there",)
    assert load_settings(given | {"DEMO": "true"}).demo


@pytest.mark.parametrize("secret", ["ENCRYPTION_KEY", "BLIND_INDEX_KEY"])
def test_even_a_demo_needs_real_keys(secret: str) -> None:
    [complaint] = complaints(FILLED | {secret: "change-me", "DEMO": "1"})
    assert complaint.startswith(f"{secret}: not a")


def test_a_key_of_chance_is_no_placeholder() -> None:
    unlucky = "xXx" + "A" * 40  # one key in 700 holds these three somewhere
    assert load_settings(FILLED | {"ENCRYPTION_KEY": unlucky}).security.encryption == [unlucky]


def test_a_webhook_that_is_complete() -> None:
    assert load_settings(FILLED | WEBHOOK).telegram.webhook_url == "https://bank.test/hook"
    assert load_settings(FILLED | WEBHOOK | {"WEBHOOK_URL": "http://127.0.0.1:1/hook"})


@pytest.mark.parametrize("value", ["", "http://short", "http://bank.test/127.0.0.1", "http://127.0.0.1.bank.test/"])
@pytest.mark.parametrize("name", ["WEBHOOK_URL", "WEBHOOK_SECRET"])
def test_a_webhook_that_is_not(name: str, value: str) -> None:
    [complaint] = complaints(FILLED | WEBHOOK | {name: value})
    assert complaint.startswith(name)
    assert load_settings(FILLED | WEBHOOK | {name: value, "INGEST": "polling"})


def test_all_complaints_come_at_once() -> None:
    given = {"HTTP_PORT": "0", "METRICS_PORT": "none", "INGEST": "pigeon", "BLIND_INDEX_KEY": INDEX_KEY}
    assert [complaint.partition(":")[0] for complaint in complaints(given)] == [
        "BOT_TOKEN",
        "INGEST",
        "ENCRYPTION_KEY",
        "METRICS_PORT",
        "HTTP_PORT",
    ]
