"""Conversations that are tests, and the message that is pinned in an operator's chat."""

import sqlalchemy as sa
from alembic import op

revision = "d13d5e6a7c20"
down_revision = "6b1e5a90c3d2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("conversations", sa.Column("test", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("operators", sa.Column("header_id", sa.BigInteger(), nullable=True))
    op.add_column("operators", sa.Column("header", sa.String(), nullable=True))


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("operators") as table:
        table.drop_column("header")
        table.drop_column("header_id")
    with op.batch_alter_table("conversations") as table:
        table.drop_column("test")
