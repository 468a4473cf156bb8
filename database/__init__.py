"""Rows: models, queries (all SQL of the product) and the unit of work that commits them."""
