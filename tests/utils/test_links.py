"""Whatever a reader or a messenger takes for a link is found, with the host that it really leads to."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.links import find_links


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("См. northquay.example/tariffs.", ["northquay.example"]),
        ("https://WWW.Evil.com:8080/x?a=1#b", ["evil.com"]),
        ("[нажмите](http://evil.com)", ["evil.com"]),
        ("t.me/foo, @manager_bot и tg://resolve?domain=x", ["t.me", "", "tg:"]),
        ("evil\u200b.com", ["evil.com"]),
        ("evil。com", ["evil.com"]),
        ("ｅｖｉｌ．ｃｏｍ", ["evil.com"]),
        ("аррlе.com", ["аррlе.com"]),  # Cyrillic but for one letter
        ("xn--80ak6aa92e.com", ["xn--80ak6aa92e.com"]),
        ("банк.рф и 例え.テスト", ["банк.рф", "例え.テスト"]),
        ("evil [.] com evil(dot)org", ["evil.com", "evil.org"]),
        ("http://1.2.3.4/ 1.2.3.4", ["1.2.3.4", "1.2.3.4"]),
        ("https://northquay.example@evil.com", ["?"]),
        ("https://evil.com\\@northquay.example", ["?"]),
        ("northquay.example.evil.com", ["northquay.example.evil.com"]),
        ("javascript:alert(1) mailto:a@b.example", ["javascript:", "mailto:"]),
        ("ivan@mail.ru", ["mail.ru"]),
        (".evil.com -evil.org", ["evil.com", "evil.org"]),
    ],
)
def test_links_and_where_they_lead(text: str, hosts: list[str]) -> None:
    assert [link.host for link in find_links(text)] == hosts


@pytest.mark.parametrize(
    "text",
    [
        "1.5 % с 01.02.2026, в 10.30",
        "нажмите кнопку.Потом выберите",
        "т.е., т.д., e.g.",
        "5.Откройте",
        "10.000.000",
        "email@",
        "a: b",
    ],
)
def test_what_is_no_link(text: str) -> None:
    assert list(find_links(text)) == []


def test_more_labels_than_a_name_may_have_hide_nothing() -> None:
    labels = ".".join(["a"] * 60)
    hosts = [link.host for link in find_links(f"{labels}.northquay.example.evil.com")]
    assert all(host.endswith("evil.com") for host in hosts)
    assert hosts


@given(st.text("aб1.-/:@ \\[]()[]wхttps\u200b", max_size=60))
def test_any_text_is_read_and_links_stand_in_their_order(text: str) -> None:
    links = list(find_links(text))
    assert all(one.end <= other.start for one, other in pairwise(links))
