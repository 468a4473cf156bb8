"""Sentences that are complete, and HTML in pieces: nothing lost, every piece balanced and within its limit."""

import re
from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.sentences import LONGEST, split_html, whole_sentences


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("", ""),
        ("The card is", ""),
        ("The card is free.", ""),
        ("The card is free. It", "The card is free."),
        ("It costs 3.5", ""),
        ("It costs 3.50 a month! Or", "It costs 3.50 a month!"),
        ("Он сказал: «Да.» Потом", "Он сказал: «Да.»"),
        ("One\nTwo", "One"),
        ("One. Two… Three", "One. Two…"),
    ],
)
def test_a_sentence_is_whole_when_something_follows_it(text: str, whole: str) -> None:
    assert whole_sentences(text) == whole


@given(st.text(st.sampled_from("ab. !?\n…«»3"), max_size=60), st.integers(0, 60))
def test_what_was_whole_stays_as_the_text_grows(text: str, cut: int) -> None:
    assert text.strip().startswith(whole_sentences(text[:cut]))
    assert whole_sentences(text).startswith(whole_sentences(text[:cut]))


class _Reader(HTMLParser):
    """Reads a piece as a browser does; notes whatever is not balanced."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.stack: list[str] = []
        self.wrong = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack.pop() != tag:
            self.wrong += 1

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> str:
    """Return the text of balanced HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert (reader.wrong, reader.stack) == (0, []), html
    return reader.text


def units(text: str) -> int:
    """Return how long Telegram finds a text."""
    return len(text.encode("utf-16-le")) // 2


def bare(text: str) -> str:
    """Return a text without its blanks."""
    return "".join(text.split())


PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(" .!?\n<&>\"'😀"), max_size=80)
HTML = st.recursive(
    PLAIN.map(escape),
    lambda inner: (
        st.lists(inner, max_size=4).map("".join)
        | st.tuples(st.sampled_from(["b", "i", "code", 'a href="https://bank.test/?a=1&amp;b=2"']), inner).map(
            lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0].split()[0]}>"
        )
    ),
    max_leaves=8,
)


@given(HTML, st.integers(2, 60))
def test_pieces_are_balanced_short_and_lose_nothing_but_blanks(html: str, limit: int) -> None:
    pieces = split_html(html, limit)
    texts = [read(piece) for piece in pieces]
    assert all(0 < units(text) <= limit for text in texts)
    assert all(text.strip() for text in texts)
    assert bare("".join(texts)) == bare(read(html))


@given(PLAIN.filter(str.strip))
def test_what_fits_stays_as_it_is(text: str) -> None:
    assert split_html(f"<b>{escape(text.strip())}</b>") == [f"<b>{escape(text.strip())}</b>"]


def test_pieces_end_with_sentences_where_there_are_any() -> None:
    sentence = "The card is free for the first two months. "
    pieces = split_html(sentence * 300)
    assert len(pieces) == 4
    assert all(piece.endswith("months.") and piece.startswith("The") for piece in pieces)
    assert [piece.count(sentence.strip()) for piece in pieces] == [LONGEST // len(sentence)] * 3 + [15]
    words = split_html("word " * 1000)
    assert all(re.fullmatch(r"(word ?)+", piece) for piece in words)
    assert [len(piece) for piece in split_html("x" * 5000)] == [4096, 904]
    assert [units(piece) for piece in split_html("😀" * 3000)] == [4096, 1904]
