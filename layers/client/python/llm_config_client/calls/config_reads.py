"""Reading configs: one, its layers, its history, and what changed anywhere."""

from typing import Any, Literal

from llm_config_client.calls.options import given, unless
from llm_config_client.core import Call, Route, call
from llm_config_contract.configs import (
    Changes,
    ConfigDiff,
    ConfigEntry,
    ConfigPage,
    ConfigValidation,
    DiffConfigRequest,
    GetConfigRequest,
    ListChangesRequest,
    ListConfigsRequest,
    ListConfigVersionsRequest,
    ValidateConfigRequest,
)
from llm_config_contract.resolved import ResolveConfigRequest, ResolvedConfig

GET_CONFIG = Route("GET", "/api/v1/configs/{path}", GetConfigRequest, ConfigEntry)
LIST_CONFIGS = Route("GET", "/api/v1/configs", ListConfigsRequest, ConfigPage)
LIST_CONFIG_VERSIONS = Route("GET", "/api/v1/config-versions/{path}", ListConfigVersionsRequest, ConfigPage)
DIFF_CONFIG = Route("GET", "/api/v1/config-diffs/{path}", DiffConfigRequest, ConfigDiff)
RESOLVE_CONFIG = Route("GET", "/api/v1/resolved/{path}", ResolveConfigRequest, ResolvedConfig)
VALIDATE_CONFIG = Route("POST", "/api/v1/config-validations/{path}", ValidateConfigRequest, ConfigValidation)
LIST_CHANGES = Route("GET", "/api/v1/changes", ListChangesRequest, Changes)


def get_config(
    path: str, *, environment: str, version: int | None = None, if_none_match: str | None = None
) -> Call[ConfigEntry]:
    """Read exactly this environment's entry. Raises NotModified while its etag is `if_none_match`."""
    return call(
        GET_CONFIG, given({"path": path, "environment": environment, "version": version}), unless(if_none_match)
    )


def list_configs(
    *,
    namespace: str | None = None,
    environment: str | None = None,
    tag: str | None = None,
    q: str | None = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> Call[ConfigPage]:
    """One page of configs without their values; `every` of a client goes through all pages.

    `namespace`: one, everything under one (`team/*`), or all. `tag`: `name:value`. `q`: text that the path holds.
    """
    return call(LIST_CONFIGS, given(locals()))


def list_config_versions(
    path: str, *, environment: str, limit: int | None = None, cursor: str | None = None
) -> Call[ConfigPage]:
    """One page of a config's history, newest first, without values; `every` of a client goes through all pages."""
    return call(LIST_CONFIG_VERSIONS, given(locals()))


def diff_config(path: str, *, environment: str, from_version: int, to_version: int) -> Call[ConfigDiff]:
    """Say how to make one version of another: as a JSON Patch (RFC 6902), and in words."""
    return call(DIFF_CONFIG, {"path": path, "environment": environment, "from_": from_version, "to": to_version})


def resolve(
    path: str,
    *,
    environment: str,
    explain: bool = False,
    as_of: str | int | None = None,
    min_revision: int | None = None,
    secrets: Literal["reveal"] | None = None,
    if_none_match: str | None = None,
) -> Call[ResolvedConfig]:
    """Read a config along the environment chain. `secrets="reveal"` puts secrets in the place of references.

    `as_of`: as it stood at a time (RFC 3339) or at a revision of the namespace; without secrets. `min_revision`: a
    revision that the answer must know, such as that of your own last write.
    """
    options = given({"path": path, "environment": environment, "explain": explain or None, "secrets": secrets})
    options |= given({"as_of": None if as_of is None else str(as_of), "min_revision": min_revision})
    return call(RESOLVE_CONFIG, options, unless(if_none_match))


def validate_config(
    path: str, value: Any, *, environment: str, schema: dict[str, Any] | str | None = None
) -> Call[ConfigValidation]:
    """Say whether `value` could be stored, and whether it follows `schema` (a JSON Schema); nothing is stored."""
    options = given({"path": path, "environment": environment, "schema": schema})
    return call(VALIDATE_CONFIG, {**options, "value": value})


def changes(
    namespace: str,
    since: str = "0",
    *,
    environment: str | None = None,
    wait: int | None = None,
    limit: int | None = None,
    on_gap: Literal["refuse", "tell"] | None = None,
) -> Call[Changes]:
    """What was written after `since`, in the order of each namespace's revisions: one page; `watch` keeps on.

    `namespace`: one, everything under one (`team/*`), or all (`*`). `since`: `next` of the answer before, or of one
    namespace its revision; "0" is the beginning. `wait`: seconds, at most 20, to wait when there is nothing yet.
    `on_gap="tell"`: a `since` that the feed does not have is answered with `gap` and the feed from its beginning.
    """
    return call(LIST_CHANGES, given(locals()))
