"""Commands for people who operate the bot, one file a noun; `manage.py` joins them."""
