"""The ways a config changes: each says which version it starts from and what it makes of it, and does no IO.

A writer asks `wants` first, with what stands (a refusal there writes nothing), reads the version named, if any, and
asks `draft` for what to write. Both may be asked again on newer state when another writer was faster.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from llm_config_domain.configs import special_values
from llm_config_domain.configs.entries import NO_VALUE, ConfigDraft, ConfigMetadata, ConfigVersion, value_text
from llm_config_domain.errors import Conflict, NotFound, ValueRefused, Violation
from llm_config_domain.json_text import Json
from llm_config_domain.versions import ChangeType, Moment, Preconditions, head_of

Source: TypeAlias = "int | Moment | None"
"""A version by its number, the one that stood at a moment, or none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(ABC):
    """`author` and `reason` sign the new version; `new_id` is used when the name is new."""

    author: str
    new_id: str
    reason: str | None = None
    preconditions: Preconditions = field(default_factory=Preconditions)

    def wants(self, current: ConfigMetadata | None) -> Source:
        """The version that `draft` must be given. Raises PreconditionFailed, Conflict, NotFound."""
        self.preconditions.check(head_of(current))
        return self.source(current)

    def source(self, current: ConfigMetadata | None) -> Source:
        return None

    @abstractmethod
    def draft(self, current: ConfigMetadata | None, source: ConfigVersion | None) -> ConfigDraft:
        """What to write on top of `current`. Raises NotFound, Conflict, ValueRefused, TooLarge."""

    def _draft(self, value: str, classification: str, tags: Mapping[str, str], **more: Any) -> ConfigDraft:
        return ConfigDraft(
            value=value,
            author=self.author,
            new_id=self.new_id,
            reason=self.reason,
            classification=classification,
            tags=tags,
            **more,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement(Change):
    """A whole new value. `value` is exact JSON text."""

    value: str
    classification: str
    tags: Mapping[str, str]

    @classmethod
    def of(cls, value: Json, **more: Any) -> "Replacement":
        """Raises ValueRefused, TooLarge."""
        special_values.check(value)
        return cls(value=value_text(value), **more)

    def draft(self, current: ConfigMetadata | None, source: ConfigVersion | None) -> ConfigDraft:
        return self._draft(self.value, self.classification, self.tags)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment(Change):
    """The current value with a patch applied; classification and tags stay."""

    apply: Callable[[Json], Json]

    def source(self, current: ConfigMetadata | None) -> Source:
        return _standing(current).version

    def draft(self, current: ConfigMetadata | None, source: ConfigVersion | None) -> ConfigDraft:
        before = _found(source)
        value = self.apply(before.json())
        special_values.check(value)
        return self._draft(value_text(value), before.classification, before.tags)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion(Change):
    """The name holds nothing from now on; its versions stay, and `Restoration` brings the last one back."""

    def source(self, current: ConfigMetadata | None) -> Source:
        _standing(current)
        return None

    def draft(self, current: ConfigMetadata | None, source: ConfigVersion | None) -> ConfigDraft:
        standing = _standing(current)
        return self._draft(NO_VALUE, standing.classification, standing.tags, change_type=ChangeType.DELETE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback(Change):
    """An earlier version again, as a new one, with the classification and the tags that it had."""

    to: int | Moment

    def source(self, current: ConfigMetadata | None) -> Source:
        standing = _standing(current)
        if isinstance(self.to, int) and self.to > standing.version:
            raise NotFound("there is no such version")
        return self.to

    def draft(self, current: ConfigMetadata | None, source: ConfigVersion | None) -> ConfigDraft:
        return _again(self, _found(source), ChangeType.ROLLBACK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration(Change):
    """What a deletion took away, as a new version."""

    def source(self, current: ConfigMetadata | None) -> Source:
        if current is None:
            raise NotFound("there never was such a config in this environment")
        if not current.head.deleted:
            raise Conflict("this config is not deleted: there is nothing to restore")
        return current.version - 1

    def draft(self, current: ConfigMetadata | None, source: ConfigVersion | None) -> ConfigDraft:
        return _again(self, _found(source), ChangeType.RESTORE)


def _standing(current: ConfigMetadata | None) -> ConfigMetadata:
    if current is None or current.head.deleted:
        raise NotFound("there is no such config in this environment")
    return current


def _found(source: ConfigVersion | None) -> ConfigVersion:
    if source is None:
        raise NotFound("there is no such version")
    return source


def _again(change: Change, earlier: ConfigVersion, change_type: ChangeType) -> ConfigDraft:
    """`earlier` once more, held to the rules of today."""
    if earlier.head.deleted:
        violation = Violation("/version", "deleted", "this version is a deletion: choose one that holds a value")
        raise ValueRefused("a deletion cannot be brought back", violations=[violation])
    special_values.check(earlier.json())
    return change._draft(
        earlier.value, earlier.classification, earlier.tags, change_type=change_type, from_version=earlier.version
    )
