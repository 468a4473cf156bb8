"""HTML parse mode: entities, refusals in Telegram's words, and the way back to HTML."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.telegram.errors import BadRequestError
from sandbox.telegram.html import parse_html
from sandbox.telegram.text import formatted, message_text, to_html
from sandbox.telegram.utf16 import utf16_index, utf16_length


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>bold</b> <strong>too</strong>", "bold too", [entity("bold", 0, 4), entity("bold", 5, 3)]),
        ("<i>a</i><em>b</em>", "ab", [entity("italic", 0, 1), entity("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [entity("underline", 0, 1), entity("underline", 1, 1)]),
        ("<s>a</s><del>b</del>", "ab", [entity("strikethrough", 0, 1), entity("strikethrough", 1, 1)]),
        ("<tg-spoiler>a</tg-spoiler>", "a", [entity("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">a</span>', "a", [entity("spoiler", 0, 1)]),
        ("<B>loud</b>", "loud", [entity("bold", 0, 4)]),
        ("<b>a<i>b</i></b>", "ab", [entity("italic", 1, 1), entity("bold", 0, 2)]),
        ("<b>a</>", "a", [entity("bold", 0, 1)]),
        ("<b></b>empty", "empty", []),
        (
            '<a href="https://x.org/a?b=1&amp;c=2">x</a>',
            "x",
            [entity("text_link", 0, 1, url="https://x.org/a?b=1&c=2")],
        ),
        ("<a href='x.org'>x</a>", "x", [entity("text_link", 0, 1, url="http://x.org/")]),
        ("<a>x.org</a>", "x.org", [entity("text_link", 0, 5, url="http://x.org/")]),
        ('<a href="nowhere">x</a>', "x", []),
        ("<code>x</code>", "x", [entity("code", 0, 1)]),
        ('<pre><code class="language-py">x</code></pre>', "x", [entity("pre", 0, 1, language="py")]),
        ("<blockquote>q</blockquote>", "q", [entity("blockquote", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [entity("expandable_blockquote", 0, 1)]),
        ('<tg-emoji emoji-id="5">🙂</tg-emoji>', "🙂", [entity("custom_emoji", 0, 2, custom_emoji_id="5")]),
        ("🙂<b>ж</b>", "🙂ж", [entity("bold", 2, 1)]),
        ("&lt;b&gt; &amp; &quot; &#1078; &#x436; &nbsp; &", '<b> & " ж ж &nbsp; &', []),
    ],
)
def test_tags_become_entities(source: str, text: str, entities: list[dict[str, Any]]) -> None:
    assert parse_html(source) == (text, entities)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("жж<br/>", 'Unsupported start tag "br/" at byte offset 4'),
        ("a < b > c", 'Unsupported start tag "" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        (
            "<a href>x</a>",
            'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
        ),
        ('<a ="x">x</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ('<a href="x>x</a>', 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=x/y>x</a>", "Unexpected end of name token at byte offset 8"),
    ],
)
def test_broken_html_is_refused_in_telegrams_words(source: str, reason: str) -> None:
    with pytest.raises(BadRequestError) as refused:
        parse_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(escaped) == (text, [])


_nested = st.recursive(
    st.text(alphabet="aж🙂 &<>", min_size=1).map(lambda text: to_html(text, [])),
    lambda inner: st.tuples(st.sampled_from(["b", "i", "u", "s", "code"]), st.lists(inner, min_size=1)).map(
        lambda node: f"<{node[0]}>{''.join(node[1])}</{node[0]}>"
    ),
    max_leaves=8,
)


@given(_nested)
def test_html_survives_the_way_to_entities_and_back(source: str) -> None:
    parsed = formatted(source, "HTML", None)
    assert formatted(to_html(*parsed), "HTML", None) == parsed


@given(st.text(alphabet="aж🙂"))
def test_lengths_are_in_utf16_units(text: str) -> None:
    assert utf16_length(text) == len(text.encode("utf-16-le")) // 2 == max(utf16_index(text))


def test_ends_are_trimmed_and_entities_move_along() -> None:
    assert formatted("  <b> x </b>  ", "HTML", None) == ("x", [entity("bold", 0, 1)])


def test_commands_links_and_mentions_are_found() -> None:
    text = "/start see https://x.org/a, @some_bot or a@x.org; not 1/2"
    found = [(item["type"], text[item["offset"] :][: item["length"]]) for item in formatted(text, None, None).entities]
    assert found == [
        ("bot_command", "/start"),
        ("url", "https://x.org/a"),
        ("mention", "@some_bot"),
        ("email", "a@x.org"),
    ]


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("", "message text is empty"),
        ("   ", "text must be non-empty"),
        ("<b></b>", "text must be non-empty"),
        ("🙂" * 2048 + "x", "message is too long"),
    ],
)
def test_the_length_counts_after_parsing(text: str, description: str) -> None:
    assert message_text("<b>" + "🙂" * 2048 + "</b>", "HTML", None).text == "🙂" * 2048
    with pytest.raises(BadRequestError, match=description):
        message_text(text, "HTML", None)


@pytest.mark.parametrize(("mode", "said"), [("Markdown", "does not offer"), ("rtf", "unsupported parse_mode")])
def test_other_parse_modes_are_refused(mode: str, said: str) -> None:
    with pytest.raises(BadRequestError, match=said):
        formatted("x", mode, None)
