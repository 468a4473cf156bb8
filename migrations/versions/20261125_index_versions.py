"""index versions."""

from alembic import op
import sqlalchemy as sa
import database.types


revision = '7c41d0a9e2b5'
down_revision = '7c1d0f5a2b94'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('index_versions',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('basis', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('lease_until', database.types.UtcDateTime(), nullable=True),
    sa.Column('checksum', sa.String(), nullable=True),
    sa.Column('chunks', sa.Integer(), nullable=False),
    sa.Column('ready_at', database.types.UtcDateTime(), nullable=True),
    sa.Column('bot_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', database.types.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_index_versions')),
    sa.UniqueConstraint('bot_id', 'language', 'basis', name=op.f('uq_index_versions_bot_id_language_basis'))
    )


def downgrade() -> None:
    op.drop_table('index_versions')
