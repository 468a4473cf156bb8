"""Private servers (Redis, PostgreSQL, RabbitMQ) for the demo, the tests and the tools that measure."""
