"""Resolved configs in the memory of a program: a look at one that is fresh costs no request and less than a microsecond.

What is believed for how long, and what is asked then: `held_configs`. Threads that want the same config at the same
moment ask for it once, and what that comes to, a failure too, they are all told.
"""

from llm_config_client.client import Client
from llm_config_client.held_configs import Asking, HeldConfig, HeldConfigs, Kept, Key
from llm_config_domain.flights import Flights
from llm_config_domain.json_text import Json


class ConfigCache(HeldConfigs[Client]):
    """For threads."""

    def get(self, path: str, environment: str) -> Json:
        """The value, frozen: objects are read-only mappings, arrays are tuples. Raises what `Client.resolve` raises."""
        kept = self._kept.get((path, environment))
        if kept is not None and self._monotonic() < kept.ask_at:
            return kept.value
        return self._renewed((path, environment)).value

    def held(self, path: str, environment: str) -> HeldConfig:
        """The same, with its version, its revision and how far it may be believed."""
        kept = self._kept.get((path, environment))
        return self._told(kept if kept is not None and self._is_fresh(kept) else self._renewed((path, environment)))

    def forget(self) -> None:
        super().forget()
        self._flights: Flights[Key, Kept] = Flights()

    def _renewed(self, key: Key) -> Kept:
        return self._flights.ask(key, lambda: self._moved(self._asking(key)), self._is_fresh)

    def _moved(self, asking: Asking) -> Kept:
        try:
            call = next(asking)
            while True:
                try:
                    answer = self._client.send(call)
                except Exception as failure:  # the question is asked what it makes of it
                    call = asking.throw(failure)
                else:
                    call = asking.send(answer)
        except StopIteration as done:
            kept: Kept = done.value
            return kept
