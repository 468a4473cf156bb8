"""roles that need a second administrator."""

from alembic import op
import sqlalchemy as sa
import database.types


revision = 'ad6b0a77ed02'
down_revision = 'ad6b0a77ed01'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('role_requests',
    sa.Column('id', database.types.BigId, nullable=False),
    sa.Column('telegram_id', sa.BigInteger(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('asked_by', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('decided_by', sa.BigInteger(), nullable=True),
    sa.Column('decided_at', database.types.UtcDateTime(), nullable=True),
    sa.Column('bot_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', database.types.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_requests'))
    )
    pending = sa.text("state = 'pending'")
    op.create_index(
        'ix_role_requests_pending', 'role_requests', ['bot_id', 'telegram_id', 'role'],
        unique=True, postgresql_where=pending, sqlite_where=pending,
    )


def downgrade() -> None:
    op.drop_table('role_requests')
