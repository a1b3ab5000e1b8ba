"""Rotation targets: the systems in which credentials are valid, one module a kind."""
