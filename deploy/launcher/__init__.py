"""A small process supervisor: starts the product's parts in order, restarts what dies, leaves nothing behind."""
