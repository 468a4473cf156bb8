"""attachments: files of the dialog, and where what two people say to each other was written."""

import sqlalchemy as sa
from alembic import op

import database.types

revision = "9e2b61d4c0f7"
down_revision = "a0d17e5ea1ed"
branch_labels = None
depends_on = None

_RELAYED = sa.text("source_message_id IS NOT NULL")
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns, their indexes and the table."""
    with op.batch_alter_table("messages") as batch:
        batch.add_column(sa.Column("source_chat_id", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("source_message_id", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("edited_at", database.types.UtcDateTime(), nullable=True))
        batch.add_column(sa.Column("deleted_at", database.types.UtcDateTime(), nullable=True))
    for name, columns in (
        ("ix_messages_source", ["bot_id", "source_chat_id", "source_message_id"]),
        ("ix_messages_copy", ["bot_id", "chat_id", "telegram_message_id"]),
    ):
        op.create_index(name, "messages", columns, postgresql_where=_RELAYED, sqlite_where=_RELAYED)
    op.create_table(
        "attachments",
        sa.Column("id", _ID, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", _ID, nullable=False),
        sa.Column("copy_id", _ID, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("album", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_id", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("source_message_id", sa.BigInteger(), nullable=True),
        sa.Column("copy_message_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("stored_at", database.types.UtcDateTime(), nullable=True),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", database.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_attachments_conversation_id_conversations"
        ),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_attachments_message_id_messages"),
        sa.ForeignKeyConstraint(["copy_id"], ["messages.id"], name="fk_attachments_copy_id_messages"),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
    )
    op.create_index("uq_attachments_uid", "attachments", ["uid"], unique=True)
    op.create_index("ix_attachments_conversation", "attachments", ["conversation_id", "id"])
    op.create_index("ix_attachments_message", "attachments", ["message_id"])
    op.create_index("ix_attachments_copy", "attachments", ["copy_id"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("attachments")
    op.drop_index("ix_messages_copy", "messages")
    op.drop_index("ix_messages_source", "messages")
    with op.batch_alter_table("messages") as batch:
        for column in ("deleted_at", "edited_at", "source_message_id", "source_chat_id"):
            batch.drop_column(column)
