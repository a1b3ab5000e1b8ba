"""The secrets that a target's options name: its admin's login, a private authority, a pool of keys.

They are of the same tenant and environment as the secret that rotates, whatever the options say. Who writes the options
chooses which secret is used, among those that he may read, and never where it is sent to: a target takes the address from
the secret itself or from the deployment.
"""

from llm_config.adapters.targets.turns import Turn, option
from llm_config.ports.clock import Clock
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.journal import Journal
from llm_config.ports.secret_reader import SecretReader
from llm_config.ports.unsealer import Unsealer
from llm_config_domain import times
from llm_config_domain.errors import Malformed, NotFound, TargetRefused
from llm_config_domain.names import Name, split_path
from llm_config_domain.rotation.named_secrets import accessed
from llm_config_domain.secrets.values import Plaintext


class NamedSecret:
    """A `Credential`: the secret whose path stands in this option, as it is in use now. Each use is on record before the
    secret is opened; one that cannot be recorded does not happen."""

    def __init__(
        self,
        member: str,
        reader: SecretReader,
        unsealer: Unsealer,
        *,
        journal: Journal,
        identifiers: Identifiers,
        clock: Clock,
    ) -> None:
        self._member, self._reader, self._unsealer = member, reader, unsealer
        self._journal, self._identifiers, self._clock = journal, identifiers, clock

    def __call__(self, turn: Turn) -> Plaintext:
        try:
            namespace, key = split_path(option(turn, self._member))
        except Malformed:
            raise TargetRefused(f"the option `{self._member}` is the path of a secret") from None
        name = Name(turn.name.tenant, namespace, key, turn.name.environment)
        if name == turn.name:
            raise TargetRefused(f"the option `{self._member}` names another secret than the one that rotates")
        try:
            found = self._reader.entry(name)
        except NotFound:
            raise TargetRefused(f"there is no secret in this environment as the option `{self._member}` says") from None
        told = {"entry_id": self._identifiers.ulid(), "at": times.rfc3339(self._clock.now())}
        self._journal.append([accessed(name, found.version, turn.rotation_id, **told)])
        return self._unsealer.unseal(name, found.version, found.sealed)
