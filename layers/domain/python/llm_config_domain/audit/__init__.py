"""The record that proves itself: a tree of every tenant's entries, signed checkpoints of it, and bundles that verify offline."""
