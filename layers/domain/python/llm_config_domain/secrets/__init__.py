"""Secrets: plaintext that never prints, sealed values that any store may hold, and their versions."""
