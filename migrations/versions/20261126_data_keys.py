"""a data key per customer, and legal holds."""

from alembic import op
import sqlalchemy as sa

import database.types


revision = 'd47a6e91c053'
down_revision = 'd13d5e6a7c20'
branch_labels = None
depends_on = None

ALIVE = sa.text('destroyed_at IS NULL')
IN_FORCE = sa.text('lifted_at IS NULL')


def upgrade() -> None:
    op.create_table(
        'data_keys',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('telegram_id', sa.BigInteger(), nullable=False),
        sa.Column('wrapped', sa.LargeBinary(), nullable=True),
        sa.Column('destroyed_at', database.types.UtcDateTime(), nullable=True),
        sa.Column('bot_id', sa.BigInteger(), nullable=False),
        sa.Column('created_at', database.types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_data_keys')),
    )
    op.create_index(
        'uq_data_keys_alive',
        'data_keys',
        ['bot_id', 'telegram_id'],
        unique=True,
        postgresql_where=ALIVE,
        sqlite_where=ALIVE,
    )
    op.create_index('ix_data_keys_telegram_id', 'data_keys', ['bot_id', 'telegram_id'])
    op.create_table(
        'legal_holds',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('telegram_id', sa.BigInteger(), nullable=False),
        sa.Column('reason', sa.LargeBinary(), nullable=False),
        sa.Column('placed_by', sa.BigInteger(), nullable=True),
        sa.Column('lifted_at', database.types.UtcDateTime(), nullable=True),
        sa.Column('lifted_by', sa.BigInteger(), nullable=True),
        sa.Column('lift_reason', sa.LargeBinary(), nullable=True),
        sa.Column('bot_id', sa.BigInteger(), nullable=False),
        sa.Column('created_at', database.types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_holds')),
    )
    op.create_index(
        'ix_legal_holds_in_force',
        'legal_holds',
        ['bot_id', 'telegram_id'],
        postgresql_where=IN_FORCE,
        sqlite_where=IN_FORCE,
    )


def downgrade() -> None:
    op.drop_table('legal_holds')
    op.drop_table('data_keys')
