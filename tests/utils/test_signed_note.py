"""A signed note opens for those who know the key, unchanged, and for nobody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.signed_note import NoteError, Reader, Signer, opened

# Key, text and signature as in the test of Go's golang.org/x/mod/sumdb/note (note_test.go, "PeterNeumann").
PETER = Reader.read("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
NOTE = f"{TEXT}\n— PeterNeumann {SIGNATURE}\n"

SIGNER = Signer("bank-bot/1/audit", bytes(range(32)))


def test_a_note_that_another_program_signed_opens() -> None:
    assert opened(NOTE, [PETER]) == TEXT


def test_a_key_is_written_and_read() -> None:
    assert Reader.read(str(SIGNER.reader)) == SIGNER.reader
    with pytest.raises(NoteError):
        Reader.read(str(SIGNER.reader).replace("bank-bot/1", "bank-bot/2"))
    assert "seed" not in repr(SIGNER)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1), min_size=1))
def test_what_is_signed_opens(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    assert opened(SIGNER.sign(text), [PETER, SIGNER.reader]) == text


@given(st.data())
def test_any_changed_letter_is_noticed(data: st.DataObject) -> None:
    note = SIGNER.sign("bank-bot/1/audit\n17\nroot\n")
    at = data.draw(st.integers(0, len(note) - 2))
    other = data.draw(st.sampled_from("0aZ+/ —").filter(lambda letter: letter != note[at]))
    with pytest.raises(NoteError):
        opened(note[:at] + other + note[at + 1 :], [SIGNER.reader])


def test_a_strange_key_opens_nothing() -> None:
    note = SIGNER.sign("text\n")
    for readers in ([], [PETER], [Signer("bank-bot/1/audit", bytes(32)).reader]):
        with pytest.raises(NoteError):
            opened(note, readers)
