"""Answers are kept from telling any secret that the settings hold."""

from config import load_settings
from services.wiring_worker import make_scrutiny
from utils.encryption import generate_key

TOKEN, KEY, INDEX_KEY = "424242:" + "AbCdEfGhIj" * 4, generate_key(), generate_key()


def test_no_secret_of_the_settings_is_said() -> None:
    password = "correct-horse-battery"
    settings = load_settings(
        {
            "BOT_TOKEN": TOKEN,
            "ENCRYPTION_KEY": KEY,
            "BLIND_INDEX_KEY": INDEX_KEY,
            "OPENAI_API_KEY": "any-key-of-a-provider",
            "DATABASE_URL": f"postgresql://bot:{password}@db/bot",
            "ANSWER_LINK_HOSTS": "bank.example, pay.example",
        }
    )
    scrutiny = make_scrutiny(settings)
    for secret in (TOKEN, KEY, INDEX_KEY, "any-key-of-a-provider", password):
        assert scrutiny.quotation(f"The card is free. The key is {secret}.") == ""
    assert scrutiny.quotation("See my.pay.example. Or evil.example!") == "See my.pay.example."
