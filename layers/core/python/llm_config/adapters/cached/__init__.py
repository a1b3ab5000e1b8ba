"""What a process keeps in its own memory."""
