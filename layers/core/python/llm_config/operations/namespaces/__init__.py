"""Operations on namespaces."""
