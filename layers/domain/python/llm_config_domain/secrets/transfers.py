"""A secret goes to another name, sealed anew for it, and nobody reads it on the way."""

from dataclasses import dataclass, field, replace

from llm_config_domain.errors import Conflict, NotFound, ValueRefused, Violation
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name
from llm_config_domain.secrets.entries import SecretDraft, SecretHead, SecretMetadata
from llm_config_domain.secrets.lifecycle import Deletion
from llm_config_domain.versions import Preconditions


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """The version of `source` that is in use becomes the next version of `target`. A copy (`keep`) leaves the source
    as it is; a move deletes it in the same transaction, and its target must be free. `preconditions` are the source's;
    `new_id` and `version_id` are for the target."""

    source: Name
    target: Name
    keep: bool
    author: str
    new_id: str
    version_id: str
    reason: str | None = None
    preconditions: Preconditions = field(default_factory=Preconditions)

    def check(self, source: SecretHead, target: SecretHead) -> int:
        """The version that goes. Raises NotFound, PreconditionFailed, Conflict, ValueRefused; then nothing moves."""
        if self.source == self.target:
            raise _refused("same", "a secret goes to another name than its own")
        if source.deleted or source.current is None:
            raise NotFound("there is no such secret in this environment")
        self.preconditions.check(source.head)
        if not self.keep and not target.deleted:
            raise Conflict("a secret of the other name exists: delete it first, or copy")
        return source.current

    def draft(self, source: SecretMetadata) -> SecretDraft:
        """What is known about the source goes with it."""
        return SecretDraft(
            type=source.type,
            author=self.author,
            new_id=self.new_id,
            version_id=self.version_id,
            reason=self.reason,
            classification=source.classification,
            tags=source.tags,
            expires_at=source.expires_at,
            computed=source.computed,
        )

    @property
    def deletion(self) -> Deletion:
        return Deletion(reason=self.reason)

    def told_at_target(self, entry: JournalEntry, version: int) -> JournalEntry:
        """The target's record says where its version came from."""
        return entry.with_metadata(**_place("from", self.source), from_version=version)

    def told_at_source(self, entry: JournalEntry) -> JournalEntry:
        """The source's record of a move says where it went."""
        resource = replace(entry.resource, id=self.source.path, environment=self.source.environment)
        return replace(entry.with_metadata(**_place("to", self.target)), resource=resource)


def _place(word: str, name: Name) -> dict[str, str]:
    return {word: name.path, f"{word}_environment": name.environment}


def _refused(rule: str, message: str) -> ValueRefused:
    return ValueRefused("this secret cannot go there", violations=[Violation("/to", rule, message)])
