"""Operations that need no credential."""
