"""The control API of the sandbox: people's acts in, chats out, faults and the journal."""
