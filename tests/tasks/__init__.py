"""Tasks and their queues."""
