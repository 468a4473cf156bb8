"""What is left of a customer in the rows, the storage, and what the customer was sent."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import LargeBinary, select

from database.db import Database
from database.models import Base
from database.sealed import Sealed
from services.outbound import Outbound
from tests.services.forgetting import CUSTOMER, NAME, PHONE, Forgetting

# What the law wants kept: who did what, by account numbers; that a key was destroyed; holds that were.
MAY_NAME = {"audit_events.actor", "audit_events.subject", "data_keys.telegram_id", "legal_holds.telegram_id"}


def traces(bank: Forgetting) -> set[str]:
    """Return the columns in which anything tells of the customer."""
    canaries = (str(CUSTOMER), NAME, PHONE, "heron")
    return {where for where, value in everything(bank.database) if any(canary in value for canary in canaries)}


def stored(bank: Forgetting) -> list[Path]:
    return [path for path in bank.folder.rglob("*") if path.is_file()]


def certificate_of(given: list[tuple[int, Outbound]]) -> Outbound:
    [message] = [m for chat, m in given if chat == CUSTOMER and m.files and m.files[0].source.startswith("certificate")]
    return message


def everything(database: Database) -> Iterator[tuple[str, str]]:
    """Yield every value of every row of a bot, opened if it is sealed, with the column that it stands in."""
    with database.reading() as uow:
        for table in Base.metadata.sorted_tables:
            own = table.columns.get("id" if table.name == "bots" else "bot_id")
            if own is None:
                continue
            for row in uow.session.execute(select(table).where(own == database.bot_id)).mappings():
                for column in table.columns:
                    value = row[column.name]
                    if isinstance(column.type, Sealed) and value:
                        opened = database.vault.keyring.open(value, column.type.identity.format(**row))
                        value = opened.decode(errors="replace")
                    elif isinstance(column.type, LargeBinary) and value:
                        value = value.hex()
                    yield f"{table.name}.{column.name}", str(value)
