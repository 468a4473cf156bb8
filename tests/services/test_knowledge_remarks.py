"""Remarks on a document: kept with their kinds, and read again whatever release kept them."""

import json

import pytest

from database.db import Database
from services.knowledge.remarks import Noticed, Remark, kept, remark_of
from tests.services.room import EDITOR, Room


@pytest.mark.parametrize("kind", Noticed)
def test_what_is_kept_is_what_was_remarked(kind: Noticed) -> None:
    remark = Remark(3, kind, "Where?", 2)
    assert remark_of(json.loads(json.dumps(kept(remark)))) == remark
    assert str(remark)


def test_words_of_an_older_release_stay_as_they_were() -> None:
    remark = remark_of("line 3: no answer under the question: A")
    assert (remark.kind, str(remark)) == (Noticed.NOTE, "line 3: no answer under the question: A")


def test_a_version_keeps_the_remarks_of_its_file(database: Database) -> None:
    room = Room(database)
    preview = room.editing.preview("cards.en.txt", b"### Fee?\n9 a month.\n### Limit?\n")
    version = room.editing.upload(EDITOR, preview, "cards", "en")
    [stored] = room.editing.open(version.id).version.warnings
    assert remark_of(stored) == Remark(3, Noticed.NO_ANSWER, "Limit?")
