"""The desk: a customer asks for a person, a moderator takes the chat, both speak, either side ends it."""
