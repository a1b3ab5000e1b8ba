"""What a standard asks of a deployment, and what can be seen of it: controls as data, checks as pure functions."""
