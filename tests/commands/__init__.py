"""Commands of `manage.py`, run in this process."""
