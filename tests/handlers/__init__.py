"""The front: routes, jobs, and what is acknowledged when."""
