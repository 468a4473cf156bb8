"""HTTP's ways in: the webhook, health, readiness."""
