"""What keys protect is told by the types of the columns, so that neither rotation nor erasure forgets a table."""

from string import Formatter

import pytest
from sqlalchemy import LargeBinary

from database.models import Base
from database.sealed import BlindIndexed, Sealed, Vaulted, vaulted

# Bytes that are neither sealed nor found by: hashes, signatures, and what says nothing of anybody.
PLAIN = {
    *("audit_events.stamp", "audit_leaves.hash", "audit_trees.peaks", "archived_conversations.stamp"),
    *("sign_in_codes.code_hash", "sign_in_codes.browser_hash", "sign_in_codes.source_hash"),
    *("console_sessions.token_hash", "console_sessions.browser_hash"),
}


def test_every_column_of_bytes_is_sealed_or_known_not_to_be() -> None:
    columns = [column for table in Base.metadata.sorted_tables for column in table.columns]
    plain = {
        f"{column.table.name}.{column.name}"
        for column in columns
        if isinstance(column.type, LargeBinary) and not isinstance(column.type, Sealed | BlindIndexed)
    }
    assert plain == PLAIN, "give a new column the type Sealed, or say here why it needs no key"


@pytest.mark.parametrize("found", list(vaulted(Base.metadata)), ids=lambda found: found.table.name)
def test_a_sealed_value_is_named_by_its_table_its_column_and_columns_of_its_row(found: Vaulted) -> None:
    assert found.key is not None
    for column, identity in found.sealed.items():
        assert identity.startswith(f"{found.table.name}:")
        assert identity.endswith(f":{column}")
        names = {name for _, name, _, _ in Formatter().parse(identity) if name}
        assert names
        assert names <= set(found.table.columns.keys())
    assert {index.of for index in found.indexes.values()} <= set(found.sealed)
