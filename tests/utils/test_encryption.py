"""Sealed values open only where they belong, and the blind index finds a value under either key."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.encryption import (
    BadKeyError,
    BlindIndex,
    EncryptionError,
    Keyring,
    TamperedError,
    UnknownKeyError,
    generate_key,
)

OLD, NEW = generate_key(), generate_key()
RING = Keyring([NEW, OLD])
RAW = bytes(range(32))


@given(st.binary(max_size=500), st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
def test_what_is_sealed_opens(plaintext: bytes, identity: str) -> None:
    assert RING.open(RING.seal(plaintext, identity), identity) == plaintext


@given(st.data())
def test_any_changed_byte_is_noticed(data: st.DataObject) -> None:
    token = bytearray(RING.seal(b"body", "messages:1"))
    at = data.draw(st.integers(0, len(token) - 1))
    token[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises((TamperedError, UnknownKeyError)):
        RING.open(bytes(token), "messages:1")


@given(st.integers(0, 40))
def test_a_cut_value_is_noticed(length: int) -> None:
    with pytest.raises(EncryptionError):
        RING.open(RING.seal(b"0123456789", "messages:1")[:length], "messages:1")


def test_a_value_moved_to_another_row_does_not_open() -> None:
    with pytest.raises(TamperedError):
        RING.open(RING.seal(b"body", "messages:1"), "messages:2")


def test_the_same_value_is_never_sealed_the_same_way() -> None:
    assert RING.seal(b"body", "messages:1") != RING.seal(b"body", "messages:1")


def test_a_sealed_value_has_the_documented_shape() -> None:
    token = RING.seal(b"body", "messages:1")
    assert token[0] == 1
    assert len(token) == 1 + 4 + 12 + len(b"body") + 16


def test_rotation_opens_old_values_and_tells_them_apart() -> None:
    old, new = Keyring([OLD]).seal(b"body", "i"), RING.seal(b"body", "i")
    assert RING.open(old, "i") == b"body"
    assert (RING.is_current(old), RING.is_current(new)) == (False, True)


def test_a_key_left_out_of_the_ring_is_named_by_its_id() -> None:
    token = Keyring([OLD]).seal(b"body", "i")
    with pytest.raises(UnknownKeyError, match=token[1:5].hex()):
        Keyring([NEW]).open(token, "i")


@pytest.mark.parametrize(
    "notation",
    [
        base64.urlsafe_b64encode(RAW).decode(),
        base64.urlsafe_b64encode(RAW).decode().rstrip("="),
        base64.b64encode(RAW).decode(),
        RAW.hex(),
        RAW.hex().upper(),
        f" {RAW.hex()}\n",
    ],
)
def test_notations_of_one_key_are_one_key(notation: str) -> None:
    token = Keyring([RAW.hex()]).seal(b"body", "i")
    assert Keyring([notation]).open(token, "i") == b"body"


@pytest.mark.parametrize(
    "keys",
    [
        [],
        [""],
        ["changeme"],
        ["я" * 44],
        ["z" * 64],
        [base64.b64encode(RAW[:16]).decode()],
        [base64.b64encode(RAW * 2).decode()],
        [NEW, NEW],
    ],
)
def test_bad_keys_are_refused_without_being_quoted(keys: list[str]) -> None:
    with pytest.raises(BadKeyError) as error:
        Keyring(keys)
    assert not any(key and key in str(error.value) for key in keys)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_the_index_is_stable_and_ignores_case_and_outer_spaces(value: str) -> None:
    index = BlindIndex(NEW)
    assert index.of(value) == index.of(f"  {value} ") == index.of(value.casefold())
    assert len(index.of(value)) == 32


def test_the_index_tells_values_and_keys_apart() -> None:
    assert len({BlindIndex(key).of(value) for key in (OLD, NEW) for value in ("+79990000001", "+79990000002")}) == 4


def test_while_keys_rotate_both_digests_are_candidates() -> None:
    rotating = BlindIndex(NEW, OLD)
    assert rotating.candidates("v") == (BlindIndex(NEW).of("v"), BlindIndex(OLD).of("v"))
    assert rotating.of("v") == BlindIndex(NEW).of("v")


def test_the_index_refuses_bad_keys() -> None:
    with pytest.raises(BadKeyError):
        BlindIndex(NEW, "short")


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_a_stamp_vouches_for_its_content_only(content: bytes, other: bytes) -> None:
    stamp = RING.stamp(content)
    assert RING.is_stamp(stamp, content)
    assert RING.is_stamp(stamp, other) == (content == other)


def test_a_stamp_of_an_older_key_still_counts_and_one_of_a_strange_key_is_told_apart() -> None:
    assert RING.is_stamp(Keyring([OLD]).stamp(b"act"), b"act")
    assert not RING.is_stamp(RING.stamp(b"act")[:-1], b"act")
    with pytest.raises(UnknownKeyError):
        RING.is_stamp(Keyring([generate_key()]).stamp(b"act"), b"act")
