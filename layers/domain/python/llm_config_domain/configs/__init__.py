"""Configs: entries and their versions, merging, and resolving along the environment chain."""
