"""what an answer cost, who wrote it, and from what."""

from alembic import op
import sqlalchemy as sa


revision = '7c1d0f5a2b94'
down_revision = '37d971301e1b'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('provider', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('tokens_in', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('tokens_out', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('cost', sa.BigInteger(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('index_version', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('masked', sa.JSON(), nullable=True))
        batch_op.create_index(batch_op.f('ix_answers_bot_id_created_at'), ['bot_id', 'created_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_answers_bot_id_created_at'))
        batch_op.drop_column('masked')
        batch_op.drop_column('index_version')
        batch_op.drop_column('cost')
        batch_op.drop_column('tokens_out')
        batch_op.drop_column('tokens_in')
        batch_op.drop_column('provider')
