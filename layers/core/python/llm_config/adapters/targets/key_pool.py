"""A pool of keys that somebody bought ahead, for providers without a way to mint: each is used once, in the order in which
they stand in another secret, a list of texts."""

from llm_config.adapters.targets.turns import Credential, Turn, plain, read
from llm_config_domain.errors import TargetRefused
from llm_config_domain.json_text import Json
from llm_config_domain.secrets.values import Plaintext


class KeyPoolTarget:
    """Implements `rotation_target`. `pool` gives the list. Nothing is kept of what was used: it is what stands before the
    current key, so the list is only ever added to at its end."""

    def __init__(self, pool: Credential) -> None:
        self._pool = pool

    def create(self, turn: Turn, current: Plaintext) -> Plaintext:
        told, keys = read(current), self._keys(turn)
        used = _key(told)
        place = keys.index(used) + 1 if used in keys else 0
        if place == len(keys):
            raise TargetRefused("the pool has no unused key left: add some at its end")
        return plain({**told, "key": keys[place]} if isinstance(told, dict) else keys[place])

    def install(self, turn: Turn, pending: Plaintext) -> None:
        """It was valid when it was bought."""

    def test(self, turn: Turn, pending: Plaintext) -> None:
        """It is of the pool; nothing here knows its provider."""
        if _key(read(pending)) not in self._keys(turn):
            raise TargetRefused("the new key is not in the pool any more")

    def retire(self, turn: Turn, old: Plaintext) -> None:
        """Nobody can be told; it is not given out again."""

    def withdraw(self, turn: Turn, pending: Plaintext) -> None:
        """The next turn gives it out."""

    def last_used(self, turn: Turn, old: Plaintext) -> str | None:
        return None

    def _keys(self, turn: Turn) -> list[str]:
        keys = read(self._pool(turn))
        if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
            raise TargetRefused("the pool is a secret with a list of texts")
        if len(set(keys)) != len(keys):
            raise TargetRefused("the pool has a key twice")
        return keys


def _key(told: Json) -> str:
    key = told.get("key") if isinstance(told, dict) else told
    if not isinstance(key, str):
        raise TargetRefused("the secret is a key, or an object with `key`")
    return key
