"""Operations on configs."""
