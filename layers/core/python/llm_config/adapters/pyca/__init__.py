"""pyca/cryptography: keys and certificates."""
