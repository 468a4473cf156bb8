"""settings: versions of those that change while the bot runs, and the number that tells of a change."""

import sqlalchemy as sa
from alembic import op

from database.types import UtcDateTime

revision = "51c7d20e94ab"
down_revision = "ad6b0a77ed02"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the column."""
    op.create_table(
        "setting_versions",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("changed_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "name", "version", name=op.f("pk_setting_versions")),
    )
    with op.batch_alter_table("bots") as batch:
        batch.add_column(sa.Column("settings_revision", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    """Take them away again: the environment's settings hold."""
    with op.batch_alter_table("bots") as batch:
        batch.drop_column("settings_revision")
    op.drop_table("setting_versions")
