"""What customers may demand, done at a terminal on a written request; certificates are checked there."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from commands.privacy import privacy
from config import load_settings
from database.db import Database
from database.models import AuditAct
from database.queries.audit import Wanted
from services.access import Role
from services.privacy_rights.certificate import Certifier
from services.retention import hold as holds
from services.wiring_audit import make_certifier
from tests.database.fixtures import INDEX_KEY, KEY
from tests.services.archiving import Room
from tests.services.forgetting import CUSTOMER, PHONE, Forgetting
from utils.encryption import generate_key


@pytest.fixture
def bank(own_sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Forgetting:
    own = {"ENCRYPTION_KEY": KEY, "BLIND_INDEX_KEY": INDEX_KEY, "STORAGE_DIR": str(tmp_path / "objects")}
    for name, value in {**own, "BOT_TOKEN": f"{own_sqlite.bot_id}:{'A' * 35}", "AUDIT_KEY": generate_key()}.items():
        monkeypatch.setenv(name, value)
    return Forgetting(own_sqlite, tmp_path / "objects")


def run(bank: Forgetting, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(privacy, arguments, obj=bank.database, input=typed)


def test_an_export_goes_into_two_files_and_the_audit_log(bank: Forgetting, tmp_path: Path) -> None:
    folder = tmp_path / "given"
    assert run(bank, "export", str(CUSTOMER), "--reference", "2026/114", "--to", str(folder)).exit_code == 0
    given = json.loads((folder / f"customer-{CUSTOMER}.json").read_text(encoding="utf-8"))
    assert given["profile"]["phone"] == PHONE
    page = folder / f"customer-{CUSTOMER}.html"
    assert PHONE in page.read_text(encoding="utf-8")
    assert page.stat().st_mode & 0o077 == 0
    with bank.database.reading() as uow:
        [event] = uow.audit.find(Wanted(act=AuditAct.DATA_EXPORTED), 5)
    assert event.actor is None
    assert json.loads(event.details)["reference"] == "2026/114"


def test_an_export_tells_of_what_is_in_archives_alone(bank: Forgetting, tmp_path: Path) -> None:
    room = Room(bank.database, tmp_path)
    talks = [room.talk(CUSTOMER) for _ in range(2)]
    room.archive()
    arguments = ("export", str(CUSTOMER), "--reference", "2026/117", "--to", str(tmp_path / "given"))
    assert "in archives alone" not in run(bank, *arguments).output
    with bank.database.unit_of_work() as uow:
        uow.leaving.remove(talks[:1])
    assert f"1 more conversations are in archives alone: archive restore --customer {CUSTOMER}" in (
        run(bank, *arguments).output
    )


def test_an_erasure_is_asked_for_once_and_its_certificate_holds(bank: Forgetting, tmp_path: Path) -> None:
    bank.certifier = make_certifier(load_settings())
    bank.eraser._certifier = bank.certifier
    assert run(bank, "erase", str(CUSTOMER), "--reference", "2026/115", typed="n\n").exit_code == 1
    assert run(bank, "erase", str(CUSTOMER), "--reference", "2026/115", typed="y\n").exit_code == 0
    assert "was asked for before" in run(bank, "erase", str(CUSTOMER), "--reference", "2026/116", "--yes").output
    erasure = str(bank.erasure().id)
    assert f"{erasure}  wanted     customer {CUSTOMER}" in run(bank, "list").output
    assert "not done yet" in run(bank, "certificate", erasure).output
    bank.forget()
    assert "  done       " in run(bank, "list").output
    assert str(CUSTOMER) not in run(bank, "list").output
    file = tmp_path / "certificate.txt"
    file.write_text(run(bank, "certificate", erasure).output, encoding="utf-8")
    key = run(bank, "key").output.strip()
    for checked in (run(bank, "check", str(file)), run(bank, "check", str(file), "--key", key)):
        assert checked.exit_code == 0, checked.output
        assert f"erasure {erasure} of bank-bot/{bank.database.bot_id}/erasure" in checked.output
        assert "kept  audit_log, key_mark, telegram_chat" in checked.output


def test_a_certificate_that_was_changed_or_is_of_others_proves_nothing(bank: Forgetting, tmp_path: Path) -> None:
    user = bank.bank.user(CUSTOMER)
    note = Certifier(bank.database.bot_id, [b"x" * 32]).sign(user.id, user.created_at, {})
    for text in (note, note.replace("audit_log", "nothing"), "hello", ""):
        file = tmp_path / "note.txt"
        file.write_text(text, encoding="utf-8")
        checked = run(bank, "check", str(file))
        assert checked.exit_code == 1
        assert "not signed by a key that is known here" in checked.output
    assert "neither a signed note nor the key of one" in run(bank, "check", str(file), "--key", "a+b+c").output


@pytest.mark.parametrize("reference", ["", "because he asked", "Ivanov", "x" * 41 + "1"])
@pytest.mark.parametrize("act", ["export", "erase"])
def test_without_the_number_of_a_request_nothing_is_done(bank: Forgetting, act: str, reference: str) -> None:
    done = run(bank, act, str(CUSTOMER), "--reference", reference, *(["--yes"] if act == "erase" else []))
    assert done.exit_code == 1
    assert "a reference is the number of a written request" in done.output
    with bank.database.reading() as uow:
        assert uow.erasures.all(1) == []


def test_nobody_and_the_staff_cannot_be_erased(bank: Forgetting) -> None:
    assert "there is no customer 5" in run(bank, "erase", "5", "--reference", "1", "--yes").output
    bank.bank.grant(CUSTOMER, Role.EDITOR)
    assert "works, or worked, for the bank" in run(bank, "erase", str(CUSTOMER), "--reference", "1", "--yes").output


def test_holds_are_named(bank: Forgetting) -> None:
    with bank.database.unit_of_work() as uow:
        holds.place(uow, CUSTOMER, "case 17", actor=None)
    told = run(bank, "erase", str(CUSTOMER), "--reference", "1", "--yes").output
    assert "1 legal holds keep all of it: it goes when they are lifted" in told
