"""Codes for the console belong to the browser that asked for them, and sessions remember theirs."""

import sqlalchemy as sa
from alembic import op

from database.types import UtcDateTime

revision = "c58e0d7b91f3"
down_revision = "7c3f10b6e9d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table anew, since codes last for minutes, and add the column."""
    op.drop_table("sign_in_codes")
    op.create_table(
        "sign_in_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("source_hash", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_codes")),
    )
    op.create_index("ix_sign_in_codes_account", "sign_in_codes", ["bot_id", "telegram_id", "created_at"])
    op.add_column("console_sessions", sa.Column("browser_hash", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Go back to one code an account."""
    with op.batch_alter_table("console_sessions") as table:
        table.drop_column("browser_hash")
    op.drop_table("sign_in_codes")
    op.create_table(
        "sign_in_codes",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lockouts", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("bot_id", "telegram_id", name=op.f("pk_sign_in_codes")),
    )
