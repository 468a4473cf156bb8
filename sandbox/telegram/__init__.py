"""A local Bot API server: its world of people and chats, and the methods that a bot may call."""
