"""Envelope encryption as AWS Encryption SDK messages, whoever keeps the tenants' keys.

A new data key for each sealed value, wrapped by the tenant's key; one key-committing, unsigned suite; the name and
version in the encryption context. Written once for both homes: they differ in the master key provider alone.
"""
