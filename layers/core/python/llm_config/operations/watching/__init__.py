"""Watching over a connection of the gateway's."""
