"""archives of closed conversations, and which of them a conversation is in."""

from alembic import op
import sqlalchemy as sa

import database.types


revision = 'e58b7fa2d164'
down_revision = 'd47a6e91c053'
branch_labels = None
depends_on = None

WRITING = sa.text("state = 'writing'")
UNARCHIVED = sa.text("state = 'closed' AND (archived_end IS NULL OR archived_end <> closed_at)")


def upgrade() -> None:
    op.create_table(
        'archives',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('attempt', sa.Integer(), nullable=False),
        sa.Column('lease_until', database.types.UtcDateTime(), nullable=True),
        sa.Column('conversations', sa.Integer(), nullable=False),
        sa.Column('messages', sa.Integer(), nullable=False),
        sa.Column('files', sa.Integer(), nullable=False),
        sa.Column('size', sa.BigInteger(), nullable=False),
        sa.Column('manifest', sa.String(), nullable=True),
        sa.Column('verified_at', database.types.UtcDateTime(), nullable=True),
        sa.Column('checked_at', database.types.UtcDateTime(), nullable=True),
        sa.Column('findings', sa.Integer(), nullable=False),
        sa.Column('bot_id', sa.BigInteger(), nullable=False),
        sa.Column('created_at', database.types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_archives')),
    )
    op.create_index(
        'uq_archives_writing',
        'archives',
        ['bot_id'],
        unique=True,
        postgresql_where=WRITING,
        sqlite_where=WRITING,
    )
    op.create_index('ix_archives_day', 'archives', ['bot_id', 'day'])
    op.create_table(
        'archived_conversations',
        sa.Column('archive_id', sa.Uuid(), nullable=False),
        sa.Column('conversation_id', sa.Uuid(), nullable=False),
        sa.Column('key_id', sa.Uuid(), nullable=False),
        sa.Column('ended_at', database.types.UtcDateTime(), nullable=False),
        sa.Column('stamp', sa.LargeBinary(), nullable=False),
        sa.Column('bot_id', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ['archive_id'], ['archives.id'], name=op.f('fk_archived_conversations_archive_id')
        ),
        sa.PrimaryKeyConstraint('archive_id', 'conversation_id', name=op.f('pk_archived_conversations')),
    )
    op.create_index(
        'ix_archived_conversations_conversation', 'archived_conversations', ['bot_id', 'conversation_id']
    )
    op.create_index('ix_archived_conversations_key', 'archived_conversations', ['bot_id', 'key_id'])
    op.add_column('conversations', sa.Column('archived_end', database.types.UtcDateTime(), nullable=True))
    op.create_index(
        'ix_conversations_unarchived',
        'conversations',
        ['bot_id', 'closed_at', 'id'],
        postgresql_where=UNARCHIVED,
        sqlite_where=UNARCHIVED,
    )


def downgrade() -> None:
    op.drop_index('ix_conversations_unarchived', 'conversations')
    op.drop_column('conversations', 'archived_end')
    op.drop_table('archived_conversations')
    op.drop_table('archives')
