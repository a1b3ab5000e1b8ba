from typing import Protocol


class HealthProbe(Protocol):
    def check(self) -> None:
        """One small read of the store. Raises Unavailable when the service cannot answer requests now."""
        ...
