"""The cards that ask a second person about a broadcast, and when its file is to be given to the messenger."""

import sqlalchemy as sa
from alembic import op

revision = "7c3f10b6e9d4"
down_revision = "eb46e0edcc15"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("broadcasts", sa.Column("questions", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("broadcasts", sa.Column("file_due_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("broadcasts") as table:
        table.drop_column("file_due_at")
        table.drop_column("questions")
