"""Typed HTML: what Telegram takes comes out, what it does not take is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.telegram.html import parse_html
from utils.typed_markup import MarkupError, is_markup, read_markup

PIECES = ["<b>", "</b>", "<i>", "</i>", "<a href='https://a.example'>", "</a>", "a & b", "1 < 2", "&lt;", "\n", "<x>"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1 < 2 & <3", "1 &lt; 2 &amp; &lt;3"),
        ("<name> & <price>", "&lt;name&gt; &amp; &lt;price&gt;"),
        ("a <b>c</b>", "a <b>c</b>"),
        (
            "<strong>a</strong><em>b</em><ins>c</ins><del>d</del><strike>e</strike>",
            "<b>a</b><i>b</i><u>c</u><s>d</s><s>e</s>",
        ),
        ("<B>a</B> & b", "<b>a</b> &amp; b"),
        ('<span class="tg-spoiler">a</span>', "<tg-spoiler>a</tg-spoiler>"),
        ("<a href='https://a.example/?b=1&amp;c=2'>a</a>", '<a href="https://a.example/?b=1&amp;c=2">a</a>'),
        ("<blockquote expandable>a</blockquote>", "<blockquote expandable>a</blockquote>"),
        ("<pre>a</pre> 1 < 2", "<pre>a</pre> 1 &lt; 2"),
    ],
)
def test_what_was_meant_comes_out(typed: str, read: str) -> None:
    assert read_markup(typed) == read
    parse_html(read)


@pytest.mark.parametrize(
    ("typed", "tag", "line"),
    [
        ("<b>a", "<b>", 1),
        ("a\n</b>", "</b>", 2),
        ("<b><i>a</b></i>", "</b>", 1),
        ("<b>a</b>\n\n<div>c</div>", "<div>", 3),
        ("<p>a</p>", "<p>", 1),
        ("a\nb<br/>c", "<br/>", 2),
        ('<H1 class="x">a</H1>', '<H1 class="x">', 1),
        ("<a>b</a>", "<a>", 1),
        ("<a href='javascript:x'>b</a>", "<a href='javascript:x'>", 1),
        ("<b onclick='x'>b</b>", "<b onclick='x'>", 1),
        ("<span class='x'>b</span>", "<span class='x'>", 1),
    ],
)
def test_what_cannot_be_read_is_named(typed: str, tag: str, line: int) -> None:
    with pytest.raises(MarkupError) as caught:
        read_markup(typed)
    assert (caught.value.tag, caught.value.line) == (tag, line)


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_whatever_is_typed_telegram_takes_what_comes_out(typed: str) -> None:
    try:
        read = read_markup(typed)
    except MarkupError:
        assert is_markup(typed)
    else:
        parse_html(read)


@given(st.text())
def test_text_without_tags_is_shown_as_it_is(typed: str) -> None:
    if not is_markup(typed):
        assert parse_html(read_markup(typed)).text == typed
