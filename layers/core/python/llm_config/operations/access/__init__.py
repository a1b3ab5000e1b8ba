"""Operations on identity and access."""
