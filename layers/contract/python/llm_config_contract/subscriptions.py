"""Subscriptions on the wire: who is told of what by webhook."""

from typing import Annotated

from pydantic import AfterValidator, Field

from llm_config_contract.access import Globs, Id
from llm_config_contract.wire import IdempotencyKey, Namespace, PageRequest, Wire, from_header, from_path
from llm_config_domain.errors import Malformed
from llm_config_domain.events import PUBLISHED_TYPES, type_of

TYPES = frozenset(map(type_of, PUBLISHED_TYPES)) - {type_of("access.denied")}
"""Denials are accesses, which stand in no line: EventBridge has them."""


def _known(event_type: str) -> str:
    if event_type not in TYPES:
        raise Malformed("a type is one of those of docs/events.md, but for denials")
    return event_type


def _address(url: str) -> str:
    if not url.isascii() or not url.isprintable() or " " in url:
        raise Malformed("a url is printable ASCII without spaces")
    return url


Url = Annotated[str, Field(min_length=10, max_length=2000), AfterValidator(_address)]
EventType = Annotated[str, Field(max_length=100), AfterValidator(_known)]


class CreateSubscriptionRequest(Wire):
    url: Annotated[Url, Field(description="an https address that answers 2xx within ten seconds")]
    namespaces: Annotated[Globs, Field(min_length=1, description="`*`: also what is in no namespace")]
    types: Annotated[
        list[EventType] | None, Field(max_length=50, description="event types; all of them when left out")
    ] = None
    description: Annotated[str, Field(max_length=200)] = ""
    idempotency_key: IdempotencyKey | None = from_header("Idempotency-Key", min_length=1, max_length=255)

    @property
    def resource_id(self) -> str:
        return "subscriptions"


class Woken(Wire):
    """Tenants of whom something was published a moment ago."""

    tenants: tuple[str, ...]


class Unserved(Wire):
    """Those of them whose subscribers could not be looked after."""

    tenants: tuple[str, ...] = ()


class SubscriptionRequest(Wire):
    """About one subscription."""

    id: Id = from_path()

    @property
    def resource_id(self) -> str:
        return f"subscriptions/{self.id}"


class GetSubscriptionRequest(SubscriptionRequest):
    pass


class DeleteSubscriptionRequest(SubscriptionRequest):
    idempotency_key: IdempotencyKey | None = from_header("Idempotency-Key", min_length=1, max_length=255)


class ReplaySubscriptionRequest(SubscriptionRequest):
    namespace: Namespace
    from_revision: Annotated[int, Field(ge=1, le=999_999_999, description="of the namespace's configs")]


class ListSubscriptionsRequest(PageRequest):
    @property
    def resource_id(self) -> str:
        return "subscriptions"


class SubscriptionView(Wire):
    """What is known of a subscription; never its signing secret."""

    id: str
    url: str
    namespaces: list[str]
    types: list[str]
    description: str
    status: Annotated[str, Field(description="active, or disabled: nothing came through for five days, or 410")]
    created_at: str
    created_by: str
    disabled_at: str | None


class SubscriptionState(SubscriptionView):
    """And how its deliveries go."""

    last_success_at: str | None
    last_failure_at: str | None
    last_failure: Annotated[str | None, Field(description="unreachable, refused, redirected, or `status NNN`")]
    failing_since: str | None
    next_attempt_at: str | None
    pending: Annotated[int, Field(description="how many lines of changes have something that was not told yet")]


class CreatedSubscription(SubscriptionView):
    secret: Annotated[
        str | None,
        Field(repr=False, description="shown this once; null where the answer to an earlier request is repeated"),
    ]


class SubscriptionPage(Wire):
    items: list[SubscriptionView]
    next_cursor: str | None = None


class Replaying(Wire):
    """What the subscription is told anew, from when its next delivery comes."""

    id: str
    namespace: str
    from_revision: int


class Delivered(Wire):
    """`sent`: how many events were taken."""

    sent: int
