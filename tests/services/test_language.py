"""Which language a text is in."""

from pathlib import Path

import pytest

from config import ROOT
from services.knowledge.language import detect


@pytest.mark.parametrize(("file", "language"), [("context.txt", "ru"), ("context.en.txt", "en")])
def test_the_demos_knowledge_is_in_its_language(file: Path, language: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert detect(text) == language
    paragraphs = [part for part in text.split("\n\n") if len(part) > 200]
    assert sum(detect(part) == language for part in paragraphs) >= 0.98 * len(paragraphs)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Картаны қалай бұғаттауға болады? Қолданбаны ашыңыз.", "kk"),
        ("Kartani qanday bloklash mumkin? Ilovani oching va kerakli kartani tanlang.", "uz"),
        ("How do I block a card? Open the app.", "en"),
        ("Как заблокировать карту Visa Classic?", "ru"),
        (
            "Нурсултан Әбішұлы открыл вклад в отделении на проспекте Абая, а потом закрыл его через приложение банка",
            "ru",
        ),
        ("💳 123 456", None),
        ("", None),
    ],
)
def test_a_sentence_tells_its_language(text: str, language: str | None) -> None:
    assert detect(text) == language
