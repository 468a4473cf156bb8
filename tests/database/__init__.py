"""Rows: what the queries promise, on both databases."""
