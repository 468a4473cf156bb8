"""Urgent customers first in the queue; what the bot remembers of a dialog, and what it was told to forget."""

import sqlalchemy as sa
from alembic import op

import database.types

revision = "20261125_dialog"
down_revision = "b7d3e0a1c592"
branch_labels = None
depends_on = None

_QUEUED = sa.text("state = 'queued'")
_SUMMARY_DUE = sa.text("summary_due_at IS NOT NULL")


def upgrade() -> None:
    """Add the columns; who waits already has waited since the conversation began, as far as anybody knows."""
    with op.batch_alter_table("conversations", schema=None) as table:
        table.add_column(sa.Column("queued_at", database.types.UtcDateTime(), nullable=True))
        table.add_column(sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("low_confidence", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("open_question", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("context_from", sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("summary", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("summary_up_to", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("summary_due_at", database.types.UtcDateTime(), nullable=True))
        table.create_index(
            "ix_conversations_queue", ["bot_id", "queued_at"], postgresql_where=_QUEUED, sqlite_where=_QUEUED
        )
        table.create_index(
            "ix_conversations_summary",
            ["bot_id", "summary_due_at"],
            postgresql_where=_SUMMARY_DUE,
            sqlite_where=_SUMMARY_DUE,
        )
    op.execute("UPDATE conversations SET queued_at = created_at WHERE state = 'queued'")


def downgrade() -> None:
    """Take the columns away again."""
    with op.batch_alter_table("conversations", schema=None) as table:
        table.drop_index("ix_conversations_summary")
        table.drop_index("ix_conversations_queue")
        for column in (
            "summary_due_at",
            "summary_up_to",
            "summary",
            "context_from",
            "open_question",
            "low_confidence",
            "urgent",
            "queued_at",
        ):
            table.drop_column(column)
