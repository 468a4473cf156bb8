"""attachments: one file of an album can be taken back."""

import sqlalchemy as sa
from alembic import op

import database.types

revision = "6b1e5a90c3d2"
down_revision = "de5c0a1f3b72"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("attachments") as batch:
        batch.add_column(sa.Column("deleted_at", database.types.UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("attachments") as batch:
        batch.drop_column("deleted_at")
