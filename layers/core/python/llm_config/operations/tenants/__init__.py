"""Operations on tenants."""
