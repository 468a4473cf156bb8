"""What waiting customers are told; ratings, call-backs, links."""

from alembic import op
import sqlalchemy as sa
import database.types


revision = 'b50c7e1d9a34'
down_revision = 'a0d17e5ea1ee'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('links',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('expires_at', database.types.UtcDateTime(), nullable=False),
    sa.Column('bot_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', database.types.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_links'))
    )
    op.create_table('callbacks',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('staff_id', sa.BigInteger(), nullable=True),
    sa.Column('announced_at', database.types.UtcDateTime(), nullable=True),
    sa.Column('done_at', database.types.UtcDateTime(), nullable=True),
    sa.Column('bot_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', database.types.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_callbacks_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_callbacks'))
    )
    with op.batch_alter_table('callbacks', schema=None) as table:
        table.create_index('uq_callbacks_undone', ['bot_id', 'user_id'], unique=True, postgresql_where=sa.text("state <> 'done'"), sqlite_where=sa.text("state <> 'done'"))

    op.create_table('link_openings',
    sa.Column('link_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('bot_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', database.types.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['link_id'], ['links.id'], name=op.f('fk_link_openings_link_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_link_openings_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('link_id', 'user_id', name=op.f('pk_link_openings'))
    )
    op.create_table('ratings',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('conversation_id', sa.Uuid(), nullable=False),
    sa.Column('staff_id', sa.BigInteger(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('comment', sa.LargeBinary(), nullable=True),
    sa.Column('rated_at', database.types.UtcDateTime(), nullable=False),
    sa.Column('bot_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', database.types.UtcDateTime(), nullable=False),
    sa.CheckConstraint('score BETWEEN 1 AND 5', name=op.f('ck_ratings_score')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversations.id'], name=op.f('fk_ratings_conversation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ratings'))
    )
    with op.batch_alter_table('ratings', schema=None) as table:
        table.create_index('ix_ratings_rated', ['bot_id', 'rated_at'], unique=False)
        table.create_index('uq_ratings_conversation', ['conversation_id'], unique=True)

    op.create_table('thumbs',
    sa.Column('message_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('up', sa.Boolean(), nullable=False),
    sa.Column('rated_at', database.types.UtcDateTime(), nullable=False),
    sa.Column('bot_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['message_id'], ['messages.id'], name=op.f('fk_thumbs_message_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('message_id', name=op.f('pk_thumbs'))
    )
    with op.batch_alter_table('thumbs', schema=None) as table:
        table.create_index('ix_thumbs_rated', ['bot_id', 'rated_at'], unique=False)

    with op.batch_alter_table('bots', schema=None) as table:
        table.add_column(sa.Column('username', sa.String(), nullable=True))

    with op.batch_alter_table('conversations', schema=None) as table:
        table.add_column(sa.Column('taken_at', database.types.UtcDateTime(), nullable=True))
        table.add_column(sa.Column('told_place', sa.Integer(), nullable=True))
        table.add_column(sa.Column('told_at', database.types.UtcDateTime(), nullable=True))
        table.add_column(sa.Column('told_until', database.types.UtcDateTime(), nullable=True))
        table.add_column(sa.Column('quick_question', sa.BigInteger(), nullable=True))
        table.add_column(sa.Column('quick_lease', database.types.UtcDateTime(), nullable=True))
        table.add_column(sa.Column('offered_at', database.types.UtcDateTime(), nullable=True))
        table.create_index('ix_conversations_user', ['user_id', 'created_at'], unique=False)
        table.create_index('ix_conversations_quick', ['bot_id', 'quick_lease'], unique=False, postgresql_where=sa.text('quick_question IS NOT NULL'), sqlite_where=sa.text('quick_question IS NOT NULL'))
        table.create_index('ix_conversations_served', ['bot_id', 'closed_at'], unique=False, postgresql_where=sa.text('taken_at IS NOT NULL AND closed_at IS NOT NULL'), sqlite_where=sa.text('taken_at IS NOT NULL AND closed_at IS NOT NULL'))

    with op.batch_alter_table('users', schema=None) as table:
        table.add_column(sa.Column('comments_on', sa.Uuid(), nullable=True))
        table.add_column(sa.Column('comments_until', database.types.UtcDateTime(), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('users', schema=None) as table:
        table.drop_column('comments_until')
        table.drop_column('comments_on')

    with op.batch_alter_table('conversations', schema=None) as table:
        table.drop_index('ix_conversations_user')
        table.drop_index('ix_conversations_served', postgresql_where=sa.text('taken_at IS NOT NULL AND closed_at IS NOT NULL'), sqlite_where=sa.text('taken_at IS NOT NULL AND closed_at IS NOT NULL'))
        table.drop_index('ix_conversations_quick', postgresql_where=sa.text('quick_question IS NOT NULL'), sqlite_where=sa.text('quick_question IS NOT NULL'))
        table.drop_column('offered_at')
        table.drop_column('quick_lease')
        table.drop_column('quick_question')
        table.drop_column('told_until')
        table.drop_column('told_at')
        table.drop_column('told_place')
        table.drop_column('taken_at')

    with op.batch_alter_table('bots', schema=None) as table:
        table.drop_column('username')

    with op.batch_alter_table('thumbs', schema=None) as table:
        table.drop_index('ix_thumbs_rated')

    op.drop_table('thumbs')
    with op.batch_alter_table('ratings', schema=None) as table:
        table.drop_index('uq_ratings_conversation')
        table.drop_index('ix_ratings_rated')

    op.drop_table('ratings')
    op.drop_table('link_openings')
    with op.batch_alter_table('callbacks', schema=None) as table:
        table.drop_index('uq_callbacks_undone', postgresql_where=sa.text("state <> 'done'"), sqlite_where=sa.text("state <> 'done'"))

    op.drop_table('callbacks')
    op.drop_table('links')
