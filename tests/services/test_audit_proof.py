"""A proof shows that one event is in the log, to somebody who has the public key and nothing else."""

from pathlib import Path
from uuid import UUID

import pytest

from database.db import Database
from database.models import AuditAct
from services.audit.errors import AuditError, BadProof, NoSuchEvent, NotVouchedFor
from services.audit.proof import Proof, check, prove
from tests.services.auditing import Office
from utils.merkle import HASH_BYTES
from utils.signed_note import Reader

MILLION_DEEP = 20  # hashes from a leaf of a million to the root
LARGEST = 2048  # bytes of a proof (issue 6)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    office = Office(database, tmp_path / "objects")
    office.record(13)
    return office


def proof_of(office: Office, event_id: UUID) -> Proof:
    with office.database.reading() as uow:
        return prove(uow, office.notary, event_id)


def test_each_event_is_proved_to_somebody_with_the_public_key_only(office: Office) -> None:
    reader = Reader.read(str(office.notary.readers[0]))
    for place, event_id in enumerate(office.events()):
        event, checkpoint = check(Proof.read(str(proof_of(office, event_id))), None, [reader])
        assert (event[1], event[4], checkpoint.size) == (str(event_id), place, 13)


def test_a_proof_in_a_log_of_a_million_takes_two_kilobytes_at_most(office: Office) -> None:
    with office.database.unit_of_work() as uow:
        uow.audit.record(
            AuditAct.KNOWLEDGE_APPROVED,
            actor=9_999_999_999,
            subject=f"knowledge:{UUID(int=2**128 - 1)}",
            document="Тарифы и условия обслуживания" * 2,
            language="ru",
            number=1000,
            start="2026-11-25 21:00:00.000000+00:00",
            end="2027-11-25 21:00:00.000000+00:00",
        )
    office.clerk.work()
    proof = proof_of(office, office.events()[-1])
    deep = Proof(proof.event, 999_999, (b"\xff" * HASH_BYTES,) * MILLION_DEEP, proof.checkpoint)
    assert len(str(deep).encode()) <= LARGEST


@pytest.mark.parametrize(
    ("what", "other"), [("13", "14"), ('"role_granted"', '"role_revoked"'), ("bank-bot audit", "bank bot audit")]
)
def test_a_proof_that_was_changed_proves_nothing(office: Office, what: str, other: str) -> None:
    written = str(proof_of(office, office.events()[4]))
    assert what in written
    with pytest.raises(AuditError):
        check(Proof.read(written.replace(what, other, 1)), None, office.notary.readers)


def test_a_proof_of_one_place_is_none_of_another(office: Office) -> None:
    proof = proof_of(office, office.events()[4])
    with pytest.raises(BadProof):
        check(Proof(proof.event, 5, proof.way, proof.checkpoint), None, office.notary.readers)
    with pytest.raises(BadProof):
        check(Proof(proof.event, 4, proof.way[:-1], proof.checkpoint), None, office.notary.readers)


def test_a_strange_key_opens_no_proof(office: Office) -> None:
    stranger = Office(office.database, office.folder, seeds=(bytes(32),))
    with pytest.raises(NotVouchedFor):
        check(proof_of(office, office.events()[0]), None, stranger.notary.readers)


def test_there_is_no_proof_of_what_is_not_sealed(office: Office) -> None:
    with pytest.raises(NoSuchEvent):
        proof_of(office, UUID(int=7))
    for text in ("", "nothing", "bank-bot audit proof 1\n{}\nzero\n\n"):
        with pytest.raises(BadProof):
            Proof.read(text)
