"""What a deployment knows of the audit's migrations: that they are others than last time."""

from hashlib import sha256
from pathlib import Path

MIGRATIONS = Path(__file__).parents[3] / "layers/core/python/llm_config/adapters/postgres/migrations"


def migrations_fingerprint() -> str:
    """In one word: it changes when a migration is added."""
    digest = sha256()
    for path in sorted(MIGRATIONS.glob("*.sql")):
        digest.update(f"{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()
