"""Celery tasks: each wakes a use case for rows that are there already; a lost or doubled task changes nothing."""
