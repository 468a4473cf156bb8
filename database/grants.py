"""What the product's own account may do in a PostgreSQL whose tables belong to another account.

(An owner of a table bypasses grants: contract.md, traps. So the tables belong to the account that migrates.)
"""

from sqlalchemy import URL, Connection, text

KEPT = ("audit_events", "audit_leaves")  # rows that nobody changes and nobody removes

_MAY = (
    "GRANT USAGE, CREATE ON SCHEMA public TO {role}",  # vectors are kept in tables that the product makes
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    *(f"REVOKE ALL ON {table} FROM {{role}}" for table in KEPT),
    *(f"GRANT SELECT, INSERT ON {table} TO {{role}}" for table in KEPT),
    "REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}",
)


def let_in(connection: Connection, account: URL) -> None:
    """Make the account that an address names, if it is not there, and let it do what the product needs and no more.

    To be run by the owner after each migration, since new tables come with it.
    """
    if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": account.username}):
        making = text("SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', CAST(:name AS text), CAST(:password AS text))")
        made = connection.scalar(making, {"name": account.username, "password": account.password or ""})
        connection.exec_driver_sql(str(made).replace("%", "%%"))  # no placeholder is meant
    role = str(connection.scalar(text("SELECT quote_ident(:name)"), {"name": account.username})).replace("%", "%%")
    for statement in _MAY:
        connection.exec_driver_sql(statement.format(role=role))
