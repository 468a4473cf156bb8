"""presence."""

from alembic import op
import sqlalchemy as sa
import database.types


revision = 'b7d3e0a1c592'
down_revision = '51ff70a93eff'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('presences',
    sa.Column('bot_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('part', sa.String(), nullable=False),
    sa.Column('process', sa.String(), nullable=False),
    sa.Column('breakers', sa.String(), nullable=False),
    sa.Column('started_at', database.types.UtcDateTime(), nullable=False),
    sa.Column('seen_at', database.types.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('bot_id', 'part', 'process', name=op.f('pk_presences'))
    )


def downgrade() -> None:
    op.drop_table('presences')
