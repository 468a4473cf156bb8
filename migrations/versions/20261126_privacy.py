"""Erasures, rotations of keys, and consents that were withdrawn."""

from alembic import op
import sqlalchemy as sa
import database.types


revision = "9f1c6a2e7d40"
down_revision = "e58b7fa2d164"
branch_labels = None
depends_on = None

_UNDONE = sa.text("state <> 'done'")
_LOOSE = sa.text("conversation_id IS NULL")


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("by_staff", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("lease_until", database.types.UtcDateTime(), nullable=True),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("certificate", sa.String(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("erased_at", database.types.UtcDateTime(), nullable=True),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", database.types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index(
        "uq_erasures_undone",
        "erasures",
        ["bot_id", "telegram_id"],
        unique=True,
        postgresql_where=_UNDONE,
        sqlite_where=_UNDONE,
    )
    op.create_table(
        "rotations",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("left_out", sa.BigInteger(), nullable=False),
        sa.Column("unreadable", sa.BigInteger(), nullable=False),
        sa.Column("done_at", database.types.UtcDateTime(), nullable=True),
        sa.Column("created_at", database.types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "target", "place", name=op.f("pk_rotations")),
    )
    op.create_index(
        "ix_messages_loose", "messages", ["bot_id", "chat_id"], postgresql_where=_LOOSE, sqlite_where=_LOOSE
    )
    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(sa.Column("erase_until", database.types.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("erasing", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("consents") as batch_op:
        batch_op.add_column(sa.Column("withdrawn_at", database.types.UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("consents") as batch_op:
        batch_op.drop_column("withdrawn_at")
    with op.batch_alter_table("users") as batch_op:
        batch_op.drop_column("erasing")
        batch_op.drop_column("erase_until")
    op.drop_index("ix_messages_loose", table_name="messages")
    op.drop_table("rotations")
    op.drop_table("erasures")
