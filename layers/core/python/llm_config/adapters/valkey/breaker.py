"""Whether a server that failed is asked again: not by every request, and not at once."""

from llm_config.ports.clock import Clock

REST_SECONDS = 5.0


class Breaker:
    """Closed until a call fails; then open for `REST_SECONDS`, after which one call tries."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._open_until = clock, 0.0

    @property
    def is_closed(self) -> bool:
        return self._clock.monotonic() >= self._open_until

    def failed(self) -> None:
        self._open_until = self._clock.monotonic() + REST_SECONDS
