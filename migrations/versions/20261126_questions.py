"""The cards that ask a second person about a broadcast."""

import sqlalchemy as sa
from alembic import op

revision = "7c3f10b6e9d4"
down_revision = "eb46e0edcc15"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("broadcasts", sa.Column("questions", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("broadcasts") as table:
        table.drop_column("questions")
