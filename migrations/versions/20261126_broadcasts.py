"""Broadcasts to segments, approved, scheduled and paused; who is here, who opted out, tags."""

from alembic import op
import sqlalchemy as sa
import database.types


revision = 'eb46e0edcc15'
down_revision = '51c7d20e94ab'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('broadcast_listed',
    sa.Column('broadcast_id', sa.Uuid(), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('bot_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['broadcast_id'], ['broadcasts.id'], name=op.f('fk_broadcast_listed_broadcast_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('broadcast_id', 'chat_id', name=op.f('pk_broadcast_listed'))
    )
    op.create_table('user_tags',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('tag', sa.String(), nullable=False),
    sa.Column('bot_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', database.types.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_tags_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'tag', name=op.f('pk_user_tags'))
    )
    with op.batch_alter_table('user_tags', schema=None) as table:
        table.create_index(op.f('ix_user_tags_bot_id_tag'), ['bot_id', 'tag'], unique=False)

    with op.batch_alter_table('broadcast_recipients', schema=None) as table:
        table.add_column(sa.Column('skipped', sa.String(), nullable=True))
        table.drop_index(op.f('ix_broadcast_recipients_broadcast_id_queued_at'))
        table.create_index('ix_broadcast_recipients_to_do', ['broadcast_id', 'chat_id'], unique=False, postgresql_where=sa.text('queued_at IS NULL AND skipped IS NULL'), sqlite_where=sa.text('queued_at IS NULL AND skipped IS NULL'))

    with op.batch_alter_table('broadcasts', schema=None) as table:
        table.add_column(sa.Column('kind', sa.String(), server_default='service', nullable=False))
        table.add_column(sa.Column('segment', sa.JSON(), server_default='{}', nullable=False))
        table.add_column(sa.Column('awaits', sa.String(), nullable=True))
        table.add_column(sa.Column('list_file', sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column('audience', sa.Integer(), server_default='0', nullable=False))
        table.add_column(sa.Column('starts_at', database.types.UtcDateTime(), nullable=True))
        table.add_column(sa.Column('submitted_at', database.types.UtcDateTime(), nullable=True))
        table.add_column(sa.Column('approved_by', sa.BigInteger(), nullable=True))
        table.add_column(sa.Column('started_at', database.types.UtcDateTime(), nullable=True))
        table.add_column(sa.Column('frozen_to', sa.BigInteger(), nullable=True))
        table.add_column(sa.Column('frozen_at', database.types.UtcDateTime(), nullable=True))
        table.add_column(sa.Column('progress_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        table.add_column(sa.Column('progress_at', database.types.UtcDateTime(), nullable=True))
        table.create_index(op.f('ix_broadcasts_bot_id_created_at'), ['bot_id', 'created_at'], unique=False)

    with op.batch_alter_table('messages', schema=None) as table:
        table.drop_index(op.f('ix_messages_broadcast'))
        table.create_index('ix_messages_broadcast', ['broadcast_id', 'state', 'id'], unique=False)

    with op.batch_alter_table('users', schema=None) as table:
        table.add_column(sa.Column('drafting', sa.Uuid(), nullable=True))
        table.add_column(sa.Column('drafting_until', database.types.UtcDateTime(), nullable=True))
        table.add_column(sa.Column('seen_at', database.types.UtcDateTime(), nullable=True))
        table.add_column(sa.Column('opted_out_at', database.types.UtcDateTime(), nullable=True))

    op.execute("UPDATE users SET seen_at = created_at")
    op.execute("UPDATE broadcasts SET started_at = created_at, frozen_at = created_at WHERE state IN ('running', 'done')")



def downgrade() -> None:
    with op.batch_alter_table('users', schema=None) as table:
        table.drop_column('opted_out_at')
        table.drop_column('seen_at')
        table.drop_column('drafting_until')
        table.drop_column('drafting')

    with op.batch_alter_table('messages', schema=None) as table:
        table.drop_index('ix_messages_broadcast')
        table.create_index(op.f('ix_messages_broadcast'), ['broadcast_id', 'state'], unique=False)

    with op.batch_alter_table('broadcasts', schema=None) as table:
        table.drop_index(op.f('ix_broadcasts_bot_id_created_at'))
        table.drop_column('progress_at')
        table.drop_column('progress_id')
        table.drop_column('frozen_at')
        table.drop_column('frozen_to')
        table.drop_column('started_at')
        table.drop_column('approved_by')
        table.drop_column('submitted_at')
        table.drop_column('starts_at')
        table.drop_column('audience')
        table.drop_column('list_file')
        table.drop_column('awaits')
        table.drop_column('segment')
        table.drop_column('kind')

    with op.batch_alter_table('broadcast_recipients', schema=None) as table:
        table.drop_index('ix_broadcast_recipients_to_do', postgresql_where=sa.text('queued_at IS NULL AND skipped IS NULL'), sqlite_where=sa.text('queued_at IS NULL AND skipped IS NULL'))
        table.create_index(op.f('ix_broadcast_recipients_broadcast_id_queued_at'), ['broadcast_id', 'queued_at'], unique=False)
        table.drop_column('skipped')

    with op.batch_alter_table('user_tags', schema=None) as table:
        table.drop_index(op.f('ix_user_tags_bot_id_tag'))

    op.drop_table('user_tags')
    op.drop_table('broadcast_listed')
