"""Operations on the fleet: who holds what."""
