"""resilience: one message of a chat at a time by constraint, and dead letters."""

import sqlalchemy as sa
from alembic import op

revision = "8d1f0c6b52ae"
down_revision = "20261125_dialog"
branch_labels = None
depends_on = None

_SENDING, _DEAD = sa.text("state = 'sending'"), sa.text("state = 'dead'")
# Two messages of a chat under way at this very moment: the later ones stay unknown, as after a kill.
_SECOND_ONES = """
    UPDATE messages SET state = 'unknown', reason = 'unknown', lease_until = NULL
    WHERE state = 'sending' AND EXISTS (
        SELECT 1 FROM messages AS other
        WHERE other.bot_id = messages.bot_id AND other.chat_id = messages.chat_id
          AND other.state = 'sending' AND other.id < messages.id)
"""


def upgrade() -> None:
    """Add the columns and indexes."""
    op.execute(_SECOND_ONES)
    with op.batch_alter_table("messages") as batch:
        batch.add_column(sa.Column("failures", sa.Integer(), server_default="0", nullable=False))
        batch.create_index(
            "uq_messages_sending", ["bot_id", "chat_id"], unique=True, postgresql_where=_SENDING, sqlite_where=_SENDING
        )
        batch.create_index("ix_messages_dead", ["bot_id", "created_at"], postgresql_where=_DEAD, sqlite_where=_DEAD)
    with op.batch_alter_table("inbox") as batch:
        batch.create_index("ix_inbox_dead", ["bot_id", "received_at"], postgresql_where=_DEAD, sqlite_where=_DEAD)


def downgrade() -> None:
    """Take them away again; what was dead has been answered with an apology, or failed."""
    op.execute("UPDATE messages SET state = 'received' WHERE state = 'dead' AND author = 'customer'")
    op.execute("UPDATE messages SET state = 'failed' WHERE state = 'dead'")
    with op.batch_alter_table("inbox") as batch:
        batch.drop_index("ix_inbox_dead")
    with op.batch_alter_table("messages") as batch:
        batch.drop_index("ix_messages_dead")
        batch.drop_index("uq_messages_sending")
        batch.drop_column("failures")
