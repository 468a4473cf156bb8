"""Local servers that stand in for Telegram and for a language model; they know nothing of the bot's code."""
