"""Deep links: they come back as they were made, and nothing else does."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from database.models import LinkPurpose
from services.deep_link import LinkError, LinkProblem, Ticket, address, payload, read
from utils.encryption import Keyring, generate_key

OLD, NEW = generate_key(), generate_key()
RING = Keyring([NEW, OLD])
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
BOT = 8_123_456_789

tickets = st.builds(Ticket, st.sampled_from(LinkPurpose), st.uuids())
times = st.timedeltas(timedelta(seconds=1), timedelta(days=3650))


def refused(text: str, *, ring: Keyring = RING, bot: int = BOT, now: datetime = NOW) -> LinkProblem:
    with pytest.raises(LinkError) as raised:
        read(ring, bot, text, now)
    return raised.value.problem


@given(tickets, times)
def test_a_link_comes_back_as_it_was_made(ticket: Ticket, lasts: timedelta) -> None:
    text = payload(RING, BOT, ticket, NOW + lasts)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text)
    assert read(RING, BOT, text, NOW) == ticket
    assert refused(text, now=NOW + lasts) is LinkProblem.EXPIRED


@given(tickets, st.data())
def test_one_changed_character_makes_it_forged(ticket: Ticket, data: st.DataObject) -> None:
    text = payload(RING, BOT, ticket, NOW + timedelta(days=1))
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("ABCXYZabcxyz0189_-").filter(lambda letter: letter != text[place]))
    assert refused(text[:place] + other + text[place + 1 :]) is LinkProblem.FORGED


@given(st.text(max_size=80) | st.text("AZaz09_-", min_size=1, max_size=64))
def test_anything_else_is_forged(text: str) -> None:
    assert refused(text) is LinkProblem.FORGED


def test_a_link_holds_for_one_bot_and_for_the_keys_of_its_ring() -> None:
    ticket = Ticket(LinkPurpose.CONVERSATION, UUID(int=1))
    text = payload(Keyring([OLD]), BOT, ticket, NOW + timedelta(days=1))
    assert read(RING, BOT, text, NOW) == ticket
    assert refused(text, bot=BOT + 1) is LinkProblem.FORGED
    assert refused(text, ring=Keyring([NEW])) is LinkProblem.FORGED


def test_a_stamp_for_something_else_is_no_link() -> None:
    text = payload(RING, BOT, Ticket(LinkPurpose.TOPIC, UUID(int=1)), NOW + timedelta(days=1))
    assert refused(text[:-4]) is LinkProblem.FORGED
    assert refused(text + "AA") is LinkProblem.FORGED
    assert address("bank_bot", text) == f"https://t.me/bank_bot?start={text}"
