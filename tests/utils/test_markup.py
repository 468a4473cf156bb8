"""Formatting as HTML: what Telegram reads from it is what was written, whatever the spans are."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.telegram.html import parse_html
from utils.markup import Span, is_well_formed, to_html

STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler")
KINDS = (*STYLES, "code", "pre", "text_link", "blockquote", "expandable_blockquote", "mention", "custom_emoji")
TEXTS = st.text(st.sampled_from('ab <>&"\n\u00e9я🐧👩‍💼'), max_size=24)
SPANS = st.lists(
    st.builds(
        Span,
        st.sampled_from(KINDS),
        st.integers(-2, 30),
        st.integers(-1, 30),
        st.sampled_from(("", "https://x.org/?a=1&b=2", "javascript:alert(1)", "tg://user?id=5", 'https://x.org/"><b>')),
        st.sampled_from(("", "python", '"><script>')),
    ),
    max_size=6,
)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def covered(entities: list[dict[str, Any]], kind: str) -> set[int]:
    return {at for e in entities if e["type"] == kind for at in range(e["offset"], e["offset"] + e["length"])}


@given(TEXTS, SPANS)
def test_telegram_reads_the_text_and_takes_the_formatting(text: str, spans: list[Span]) -> None:
    read = parse_html(to_html(text, spans))  # raises for a tag that is unknown, or closed out of order
    assert read.text == text
    assert not [entity for entity in read.entities if entity.get("url", "https://x.org/").partition(":")[0] != "https"]


@given(TEXTS, st.lists(st.tuples(st.sampled_from(STYLES), st.integers(0, 30), st.integers(1, 30)), max_size=6))
def test_each_character_looks_as_it_did(text: str, given_spans: list[tuple[str, int, int]]) -> None:
    starts = [units(text[:at]) for at in range(len(text) + 1)]
    inside = [s for s in given_spans if s[1] in starts and s[1] + s[2] in starts]  # Telegram cuts no character in two
    entities = parse_html(to_html(text, [Span(*span) for span in inside])).entities
    for style in STYLES:
        wanted = {at for kind, offset, length in inside if kind == style for at in range(offset, offset + length)}
        assert covered(entities, style) == wanted


@pytest.mark.parametrize(
    ("text", "spans", "html"),
    [
        ("<b>no</b> & so", [], "&lt;b&gt;no&lt;/b&gt; &amp; so"),
        ("🐧 bold", [Span("bold", 3, 4)], "🐧 <b>bold</b>"),
        ("abcd", [Span("bold", 0, 3), Span("italic", 1, 3)], "<b>a<i>bc</i></b><i>d</i>"),
        ("abcd", [Span("bold", 0, 4), Span("code", 1, 2)], "<b>a</b><code>bc</code><b>d</b>"),
        ("see", [Span("text_link", 0, 3, "https://x.org/?a&b")], '<a href="https://x.org/?a&amp;b">see</a>'),
        ("see", [Span("text_link", 0, 3, "javascript:x")], "see"),
        ("x=1", [Span("pre", 0, 3, language="python")], '<pre><code class="language-python">x=1</code></pre>'),
        (
            "qr",
            [Span("expandable_blockquote", 0, 2), Span("blockquote", 0, 1)],
            "<blockquote expandable>qr</blockquote>",
        ),
        ("@bank", [Span("mention", 0, 5)], "@bank"),
    ],
)
def test_examples(text: str, spans: list[Span], html: str) -> None:
    assert to_html(text, spans) == html


@pytest.mark.parametrize(
    ("html", "fits"),
    [
        ("plain", True),
        ('<b>a <a href="https://bank.example">b</a></b>', True),
        ("<blockquote expandable>a</blockquote>", True),
        ("<b>a", False),
        ("<b><i>a</b></i>", False),
        ("a < b", False),
        ("<a>x</a>", False),
        ('<a href="javascript:x">x</a>', False),
        ("<p>x</p>", False),
        ('<b onclick="x">x</b>', False),
    ],
)
def test_mark_up_that_telegram_takes_is_told_from_other(html: str, fits: bool) -> None:  # noqa: FBT001 - a case
    assert is_well_formed(html) is fits
