"""Rotation: a secret changes in stages, and its old version goes when evidence says that nobody uses it."""
