"""The shared cache: Valkey, or a Redis that speaks as it does."""
