"""People: their row is the lock of their chat, their phone is found by a keyed hash, shared numbers are flagged."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from database.db import Database
from database.models import Tier
from database.queries.scope import Vault
from tests.database.fixtures import INDEX_KEY, KEY, another_bot
from tests.database.people import person
from tests.database.threads import together
from utils.encryption import BlindIndex, Keyring, generate_key

PHONE, OTHER_PHONE = "+79123456789", "+79123456780"


def set_phone(database: Database, telegram_id: int, phone: str, tier: Tier | None = Tier.CONFIRMED) -> None:
    with database.unit_of_work() as uow:
        uow.users.set_phone(person(uow, telegram_id), phone, tier)


def shared(database: Database) -> dict[int, bool]:
    with database.reading() as uow:
        return {user.telegram_id: user.phone_shared for number in (1, 2, 3) if (user := uow.users.get(number))}


def test_a_number_of_two_accounts_is_flagged_on_both(database: Database) -> None:
    set_phone(database, 1, PHONE)
    set_phone(database, 3, OTHER_PHONE)
    assert shared(database) == {1: False, 3: False}
    set_phone(database, 2, PHONE)
    assert shared(database) == {1: True, 2: True, 3: False}


def test_the_same_number_given_twice_by_one_person_is_not_shared(database: Database) -> None:
    set_phone(database, 1, PHONE)
    set_phone(database, 1, PHONE)
    assert shared(database) == {1: False}


def test_a_number_of_two_bots_is_not_shared(database: Database) -> None:
    other = another_bot(database.engine)
    set_phone(database, 1, PHONE)
    set_phone(other, 1, PHONE)
    assert shared(database) == shared(other) == {1: False}


def test_a_number_that_was_only_proposed_is_found_by_nobody(database: Database) -> None:
    set_phone(database, 1, PHONE, tier=None)
    set_phone(database, 2, PHONE)
    assert shared(database) == {1: False, 2: False}
    with database.reading() as uow:
        proposed = uow.users.get(1)
        assert proposed
        assert (proposed.tier, uow.users.phone(proposed)) == (Tier.NONE, PHONE)


def test_a_number_is_found_while_the_index_key_rotates(database: Database) -> None:
    set_phone(database, 1, PHONE)
    rotated = Database(database.engine, database.bot_id, Vault(Keyring([KEY]), BlindIndex(generate_key(), INDEX_KEY)))
    set_phone(rotated, 2, PHONE)
    assert shared(rotated) == {1: True, 2: True}


def test_workers_that_meet_a_new_chat_at_once_write_one_row(database: Database) -> None:
    def worker(_: int) -> int:
        with database.unit_of_work() as uow:
            return len(uow.users.lock_chats([1, 2, 3]))

    locked = together(worker)
    assert max(locked) == 3
    with database.reading() as uow:
        assert uow.users.counts() == {"all": 3, "registered": 0, "blocked": 0}


def test_a_chat_that_is_held_is_left_to_its_holder(database: Database) -> None:
    held, done = Event(), Event()

    def holder() -> None:
        with database.unit_of_work() as uow:
            uow.users.lock_chats([1])
            held.set()
            done.wait(timeout=20)

    if database.engine.dialect.name == "sqlite":
        return  # one writer at a time: nobody can even look while a chat is held
    with database.unit_of_work() as uow:
        uow.users.lock_chats([1, 2])
    with ThreadPoolExecutor(1) as pool:
        pool.submit(holder)
        assert held.wait(timeout=20)
        with database.unit_of_work() as uow:
            assert uow.users.lock_chats([1, 2]) == [2]
        done.set()


def test_the_newest_consent_is_kept_with_its_time_and_the_older_ones_stay(database: Database) -> None:
    with database.unit_of_work() as uow:
        user = person(uow)
        assert uow.users.consents(user) == []
        for version in ("2026-01", "2026-11"):
            uow.users.consent(user, version, "en")
        uow.session.flush()
        now = uow.now()
        consent = uow.users.consents(user)[0]
    assert consent
    assert (consent.version, consent.language) == ("2026-11", "en")
    assert abs((now - consent.created_at).total_seconds()) < 60


def test_a_profile_is_sealed_anew_only_when_it_changed(database: Database) -> None:
    with database.unit_of_work() as uow:
        user = person(uow)
        assert uow.users.profile(user) == ""
        uow.users.set_profile(user, "Анна")
        first = user.profile
        uow.users.set_profile(user, "Анна")
        assert user.profile == first
        uow.users.set_profile(user, "Анна К.")
        assert uow.users.profile(user) == "Анна К."
