"""What arrives at the front: one table of routes, and the ways in."""
