"""What is looked for by its name, on the wire. No value, and nothing that was computed of one."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from llm_config_contract.wire import ListRequest, Wire, from_query
from llm_config_domain.name_index import MAX_TEXT, MIN_TEXT, words_of

Kind = Literal["config", "secret"]
_AS_OF = (
    "whatever was committed before this time, this answer knows of, to clock skew; null while what is searched is made for the "
    "first time"
)


def _text(text: str) -> str:
    words_of(text)
    return text


class SearchNamesRequest(ListRequest):
    q: Annotated[str, Field(min_length=MIN_TEXT, max_length=MAX_TEXT), AfterValidator(_text)] = from_query(
        description="text that stands in the path, case as names have it; of several words, each must stand in it"
    )
    kind: Kind | None = from_query(None, description="`config` or `secret`; both when left out")
    tag: Annotated[str, Field(max_length=400)] | None = from_query(None, description="a tag's name, or `name:value`")


class FoundName(Wire):
    """A config or a secret, as it stood; its own listing says more. `type` and `stage` are a secret's."""

    kind: Kind
    path: str
    namespace: str
    key: str
    environment: str
    version: int
    revision: int
    type: str | None
    stage: str | None
    classification: str
    tags: dict[str, str]
    created_at: str
    updated_at: str
    expires_at: str | None


class FoundNames(Wire):
    items: list[FoundName]
    next_cursor: str | None = None
    as_of: Annotated[str | None, Field(description=_AS_OF)]
