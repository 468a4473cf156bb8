"""How fast acts are recorded, sealed and checked, on PostgreSQL: `python -m benchmarks.audit`."""
