"""The order of service of what waits to be sent."""

from alembic import op
import sqlalchemy as sa


revision = 'c5d8e2f7a413'
down_revision = '7c41d0a9e2b5'
branch_labels = None
depends_on = None


def upgrade() -> None:
    waits = sa.text("state = 'pending'")
    op.create_index(
        'ix_messages_service', 'messages', ['bot_id', 'priority', 'id'], postgresql_where=waits, sqlite_where=waits
    )


def downgrade() -> None:
    op.drop_index('ix_messages_service', 'messages')
