"""The page's HTML without a browser: what is let through, and what is not."""

import pytest

from sandbox.page.people import CAST, parse_ids
from sandbox.page.safe import cleaned, link


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a &lt;b&gt; &amp; c", "a &lt;b&gt; &amp; c"),
        ("<b>x</b><i>y</i>", "<b>x</b><i>y</i>"),
        ("<b><i>x</b>y</i>", "<b><i>x</i></b>y"),
        ("<b>x", "<b>x</b>"),
        ("<tg-spoiler>x</tg-spoiler>", '<span class="spoiler" tabindex="0">x</span>'),
        ("<script>alert(1)</script>", "alert(1)"),
        ('<img src=x onerror="alert(1)">', ""),
        ('<b onclick="alert(1)">x</b>', "<b>x</b>"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
    ],
)
def test_only_known_tags_are_left(given: str, shown: str) -> None:
    assert cleaned(given) == shown


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        ("https://example.org", "https://example.org"),
        ("example.org/a", "http://example.org/a"),
        ("tg://user?id=1", "tg://user?id=1"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt:alert(1)//a.b", None),
        ("data:text/html,x", None),
        ("\tjavascript:alert(1)", None),
        ("", None),
    ],
)
def test_only_harmless_links_can_be_followed(url: str, followed: str | None) -> None:
    assert link(url) == followed


def test_people_are_read_from_the_address() -> None:
    assert parse_ids("5,7,x,-1,5") == [5, 7]
    assert parse_ids("") == list(CAST)
