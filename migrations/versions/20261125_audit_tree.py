"""the tree over the audit log, and triggers that keep both as they were written."""

from alembic import op
import sqlalchemy as sa

import database.types


revision = 'a0d17e5ea1ee'
down_revision = '9e2b61d4c0f7'
branch_labels = None
depends_on = None

KEPT = ('audit_events', 'audit_leaves')

POSTGRES = """
CREATE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE FUNCTION audit_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_waiting (bot_id, event_id) VALUES (NEW.bot_id, NEW.id);
    RETURN NULL;
END $$;
"""
WAIT = {
    'postgresql': 'CREATE TRIGGER audit_wait AFTER INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION audit_wait()',
    'sqlite': 'CREATE TRIGGER audit_wait AFTER INSERT ON audit_events BEGIN'
    ' INSERT INTO audit_waiting (bot_id, event_id) VALUES (NEW.bot_id, NEW.id); END',
}


def upgrade() -> None:
    op.create_table(
        'audit_waiting',
        sa.Column('number', database.types.BigId, autoincrement=True, nullable=False),
        sa.Column('event_id', sa.Uuid(), nullable=False),
        sa.Column('bot_id', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('number', name=op.f('pk_audit_waiting')),
    )
    op.create_table(
        'audit_leaves',
        sa.Column('bot_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('position', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('event_id', sa.Uuid(), nullable=False),
        sa.Column('hash', sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint('bot_id', 'position', name=op.f('pk_audit_leaves')),
        sa.UniqueConstraint('bot_id', 'event_id', name=op.f('uq_audit_leaves_bot_id_event_id')),
    )
    op.create_table(
        'audit_trees',
        sa.Column('bot_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('size', sa.BigInteger(), nullable=False),
        sa.Column('peaks', sa.LargeBinary(), nullable=False),
        sa.Column('checkpoint', sa.String(), nullable=False),
        sa.Column('stored_size', sa.BigInteger(), nullable=False),
        sa.Column('checked_at', database.types.UtcDateTime(), nullable=True),
        sa.Column('checked_size', sa.BigInteger(), nullable=False),
        sa.Column('findings', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('bot_id', name=op.f('pk_audit_trees')),
    )
    op.execute('INSERT INTO audit_waiting (bot_id, event_id) SELECT bot_id, id FROM audit_events ORDER BY at, id')
    dialect = op.get_bind().dialect.name
    if dialect == 'postgresql':
        op.execute(POSTGRES)
    op.execute(WAIT[dialect])
    for table in KEPT:
        if dialect == 'postgresql':
            for act, each in (('UPDATE OR DELETE', 'ROW'), ('TRUNCATE', 'STATEMENT')):
                name = f'{table}_keep_{each.lower()}'
                op.execute(f'CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH {each} EXECUTE FUNCTION audit_keep()')
            continue
        for act in ('UPDATE', 'DELETE'):
            op.execute(
                f"CREATE TRIGGER {table}_keep_{act.lower()} BEFORE {act} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def downgrade() -> None:
    op.drop_table('audit_trees')
    op.drop_table('audit_leaves')
    op.drop_table('audit_waiting')
    if op.get_bind().dialect.name == 'postgresql':
        for act in ('row', 'statement'):
            op.execute(f'DROP TRIGGER audit_events_keep_{act} ON audit_events')
        op.execute('DROP TRIGGER audit_wait ON audit_events')
        op.execute('DROP FUNCTION audit_keep(), audit_wait()')
        return
    for name in ('audit_wait', 'audit_events_keep_update', 'audit_events_keep_delete'):
        op.execute(f'DROP TRIGGER {name}')
