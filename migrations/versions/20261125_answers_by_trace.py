"""answers by trace."""

from alembic import op

revision = 'c4a9d27e60f1'
down_revision = 'b50c7e1d9a34'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        'ix_answers_bot_id_traceparent', 'answers', ['bot_id', 'traceparent'], postgresql_ops={'traceparent': 'text_pattern_ops'}
    )


def downgrade() -> None:
    op.drop_index('ix_answers_bot_id_traceparent', table_name='answers')
