"""The embedded home: the same operations and handlers on one machine, on SQLite and a key file."""
