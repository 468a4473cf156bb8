"""Private Redis and PostgreSQL servers for the demo, the tests and the tools that measure."""
