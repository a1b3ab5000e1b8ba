"""How many may be somewhere at once: in all, and of one tenant, so that nobody takes all the places."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

MOST, MOST_OF_A_TENANT = 10_000, 2_000


class Places:
    """Taken and left in the front's event loop, by one thread."""

    def __init__(self, most: int = MOST, most_of_a_tenant: int = MOST_OF_A_TENANT) -> None:
        self._most, self._most_of_a_tenant = most, most_of_a_tenant
        self._of_tenant: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        return self._of_tenant.total()

    @contextmanager
    def place(self, tenant: str) -> Iterator[bool]:
        """A place until the end of the block; False when there is none."""
        if self.taken >= self._most or self._of_tenant[tenant] >= self._most_of_a_tenant:
            yield False
            return
        self._of_tenant[tenant] += 1
        try:
            yield True
        finally:
            self._of_tenant[tenant] -= 1
            if not self._of_tenant[tenant]:
                del self._of_tenant[tenant]
