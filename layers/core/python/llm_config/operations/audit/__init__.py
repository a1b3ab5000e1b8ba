"""Operations on the audit: what was recorded, and the proof of it."""
