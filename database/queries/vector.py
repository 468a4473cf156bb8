"""Queries over vectors kept by pgvector: collections of them, and the nearest to a question. PostgreSQL only."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import text

from database.queries.scope import Queries

Vector = Sequence[float]


class VectorQueries(Queries):
    """The vectors of one bot. Their table is made when it is first needed, since the extension need not be there."""

    def prepare(self, dimensions: int) -> None:
        """Make the table for vectors of a length; raises ProgrammingError or NotSupportedError without pgvector."""
        self.session.execute(text("SELECT pg_advisory_xact_lock(hashtext('vectors'))"))
        self.session.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
        self.session.execute(
            text(
                f"CREATE TABLE IF NOT EXISTS {_table(dimensions)} (bot_id bigint NOT NULL, collection uuid NOT NULL, "
                f"language text NOT NULL, position integer NOT NULL, embedding vector({int(dimensions)}) NOT NULL, "
                "added_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (collection, position))"
            )
        )

    def add(self, dimensions: int, collection: UUID, language: str, start: int, vectors: Iterable[Vector]) -> None:
        """Add vectors to a collection, numbered from `start`."""
        rows = [
            {"bot": self.bot_id, "id": collection, "language": language, "position": position, "row": _literal(vector)}
            for position, vector in enumerate(vectors, start=start)
        ]
        insert = f"INSERT INTO {_table(dimensions)} (bot_id, collection, language, position, embedding) "
        self.session.execute(text(insert + "VALUES (:bot, :id, :language, :position, CAST(:row AS vector))"), rows)

    def arrange(self, dimensions: int, collection: UUID) -> None:
        """Make a graph of a collection's vectors (HNSW), so that a search looks at few of them."""
        name = f"ix_vectors_{collection.hex}"
        self.session.execute(
            text(
                f"CREATE INDEX IF NOT EXISTS {name} ON {_table(dimensions)} USING hnsw (embedding vector_ip_ops) "
                f"WHERE collection = '{collection}'"
            )
        )

    def nearest(self, dimensions: int, collection: UUID, vector: Vector, k: int) -> list[tuple[int, float]]:
        """Return the positions of the `k` vectors with the greatest inner product, and that product."""
        self.session.execute(text(f"SET LOCAL hnsw.ef_search = {min(max(2 * int(k), 40), 1000)}"))
        # The collection stands in the statement, not beside it: only so is its own graph used.
        statement = text(
            f"SELECT position, -(embedding <#> CAST(:row AS vector)) FROM {_table(dimensions)} "  # noqa: S608 - see above
            f"WHERE collection = '{collection}' AND bot_id = :bot ORDER BY embedding <#> CAST(:row AS vector) LIMIT :k"
        )
        rows = self.session.execute(statement, {"bot": self.bot_id, "row": _literal(vector), "k": k})
        return [(int(position), float(score)) for position, score in rows]

    def all_of(self, dimensions: int, collection: UUID) -> list[list[float]]:
        """Return the vectors of a collection in their order."""
        statement = text(
            f"SELECT embedding::text FROM {_table(dimensions)} "  # noqa: S608 - see above
            "WHERE collection = :id AND bot_id = :bot ORDER BY position"
        )
        rows = self.session.execute(statement, {"bot": self.bot_id, "id": collection})
        return [[float(number) for number in row.strip("[]").split(",")] for row in rows.scalars()]

    def forget_old(self, dimensions: int, language: str, keep: int) -> None:
        """Remove the collections of a language but for those that were added last."""
        table = _table(dimensions)
        old = text(
            f"SELECT collection FROM {table} WHERE bot_id = :bot AND language = :language "  # noqa: S608 - see above
            "GROUP BY collection ORDER BY max(added_at) DESC OFFSET :keep"
        )
        own = {"bot": self.bot_id, "language": language, "keep": keep}
        for collection in self.session.execute(old, own).scalars().all():
            self.session.execute(text(f"DROP INDEX IF EXISTS ix_vectors_{collection.hex}"))
            self.session.execute(text(f"DELETE FROM {table} WHERE collection = :id"), {"id": collection})  # noqa: S608 - see above


def _table(dimensions: int) -> str:
    return f"knowledge_vectors_{int(dimensions)}"


def _literal(vector: Vector) -> str:
    return "[" + ",".join(format(float(number), ".7g") for number in vector) + "]"
