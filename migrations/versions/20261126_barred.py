"""people whom the bank bars, and how an administrator finds people."""

from alembic import op
import sqlalchemy as sa
import database.types


revision = 'ad6b0a77ed01'
down_revision = '9f1c6a2e7d40'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('users', sa.Column('phone_tail', sa.LargeBinary(), nullable=True))
    op.add_column('users', sa.Column('barred_at', database.types.UtcDateTime(), nullable=True))
    op.add_column('users', sa.Column('barred_told', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('users') as users:
        users.alter_column('barred_told', server_default=None)
    op.create_index('ix_users_bot_id_phone_tail', 'users', ['bot_id', 'phone_tail'])
    op.create_index('ix_users_bot_id_created_at', 'users', ['bot_id', 'created_at'])
    barred = sa.text('barred_at IS NOT NULL')
    op.create_index('ix_users_barred', 'users', ['bot_id'], postgresql_where=barred, sqlite_where=barred)


def downgrade() -> None:
    for name in ('barred', 'bot_id_created_at', 'bot_id_phone_tail'):
        op.drop_index(f'ix_users_{name}', table_name='users')
    for name in ('barred_told', 'barred_at', 'phone_tail'):
        op.drop_column('users', name)
