"""Operations on secrets."""
