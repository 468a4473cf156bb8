"""the audit log."""

from alembic import op
import sqlalchemy as sa

import database.types


revision = 'a0d17e5ea1ed'
down_revision = 'c5d8e2f7a413'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'audit_events',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('at', database.types.UtcDateTime(), nullable=False),
        sa.Column('act', sa.String(), nullable=False),
        sa.Column('actor', sa.BigInteger(), nullable=True),
        sa.Column('subject', sa.String(), nullable=False),
        sa.Column('details', sa.String(), nullable=False),
        sa.Column('stamp', sa.LargeBinary(), nullable=False),
        sa.Column('bot_id', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_events')),
    )
    op.create_index('ix_audit_events_bot_id_at', 'audit_events', ['bot_id', 'at'])
    op.create_index('ix_audit_events_bot_id_actor_at', 'audit_events', ['bot_id', 'actor', 'at'])
    op.create_index('ix_audit_events_bot_id_subject_at', 'audit_events', ['bot_id', 'subject', 'at'])


def downgrade() -> None:
    op.drop_table('audit_events')
