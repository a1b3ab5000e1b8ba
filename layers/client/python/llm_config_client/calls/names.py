"""What there is, by its name, wherever it stands."""

from typing import Literal

from llm_config_client.calls.options import given
from llm_config_client.core import Call, Route, call
from llm_config_contract.names import FoundNames, SearchNamesRequest

SEARCH_NAMES = Route("GET", "/api/v1/search", SearchNamesRequest, FoundNames)


def search_names(
    q: str,
    *,
    kind: Literal["config", "secret"] | None = None,
    namespace: str | None = None,
    environment: str | None = None,
    tag: str | None = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> Call[FoundNames]:
    """One page of the configs and secrets whose path holds each word of `q`; `every` of a client goes through all pages.

    `namespace`: one, everything under one (`team/*`), or all. `tag`: a tag's name, or `name:value`. `as_of` of the answer
    says how new it is: whatever was committed before, it knows of.
    """
    return call(SEARCH_NAMES, given(locals()))
