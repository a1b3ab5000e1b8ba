"""Every way the product says no. One tree; `kind` is the wire's stable word for each fact.

* Refusal                       (kind, title, retryable; detail never quotes input)
  - Malformed                   the request has the wrong shape
    · EnvironmentRequired       the route needs ?environment=
    · NotAcceptable             no media type that we can answer with
    · UnsupportedMediaType      no media type that we can read
    · MethodNotAllowed          the path exists, the method does not
    · CursorInvalid             a cursor that we did not give for this query
      · ForeignCursor           one that we gave to another tenant: the same answer, and on record
  - Unauthenticated             no valid credential
  - PermissionDenied            a valid credential that may not do this
  - NotFound                    absent, or another tenant's: the two are the same answer
  - Conflict                    the name is taken
    · InProgress                the same idempotency key is being worked on
  - PreconditionFailed          If-Match or If-None-Match is false
  - TooLarge                    over a limit that the answer names
  - ValueRefused                a well-formed value that a rule refuses
    · IdempotencyMismatch       the same idempotency key with another body
    · TargetRefused             the system in which a credential is valid said no, or did nothing
  - Unavailable       retryable something we depend on did not answer
    · Contended       retryable too many writers at one place
    · RateLimited     retryable more at once than one may have
  - Broken                      our own state is not what it must be; nothing is released
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: `path` is a JSON Pointer (RFC 6901) or a field's name, never a value."""

    path: str
    rule: str
    message: str
    severity: str = "error"


class Refusal(Exception):
    """The root: everything that an operation raises on purpose."""

    kind: ClassVar[str] = "internal"
    title: ClassVar[str] = "Something went wrong"
    retryable: ClassVar[bool] = False
    denied: ClassVar[bool] = False
    """It was decided that the caller may not, whatever the caller is told."""
    request_id: str = ""
    """The service's number for the refused request, where a client raises what the service said."""

    def __init__(
        self,
        detail: str = "",
        *,
        violations: Sequence[Violation] = (),
        limit: int | None = None,
        current: int | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.violations = tuple(violations)
        self.limit = limit
        self.current = current
        self.retry_after = retry_after


class Malformed(Refusal):
    kind = "malformed"
    title = "The request has the wrong shape"


class EnvironmentRequired(Malformed):
    kind = "environment_required"
    title = "Name the environment with ?environment="


class NotAcceptable(Malformed):
    kind = "not_acceptable"
    title = "Answers are JSON: accept application/json"


class UnsupportedMediaType(Malformed):
    """`accepted`: the media types that the route takes, where they are patches (RFC 5789 section 3.1)."""

    kind = "unsupported_media_type"
    title = "Send the body as application/json"

    def __init__(self, detail: str = "", *, accepted: Sequence[str] = (), **told: Any) -> None:
        super().__init__(detail, **told)
        self.accepted = tuple(accepted)


class MethodNotAllowed(Malformed):
    kind = "method_not_allowed"
    title = "This path does not take this method"

    def __init__(self, detail: str = "", *, allowed: Sequence[str] = (), **told: Any) -> None:
        super().__init__(detail, **told)
        self.allowed = tuple(allowed)


class CursorInvalid(Malformed):
    kind = "cursor_invalid"
    title = "This cursor is not of this listing: begin it again"


class ForeignCursor(CursorInvalid):
    """Its answer is that of any other invalid cursor."""

    denied = True


class Unauthenticated(Refusal):
    kind = "unauthenticated"
    title = "Send a valid credential"


class PermissionDenied(Refusal):
    kind = "permission_denied"
    title = "Your roles do not allow this"
    denied = True


class NotFound(Refusal):
    kind = "not_found"
    title = "There is nothing here"


class Conflict(Refusal):
    kind = "conflict"
    title = "The name is taken"


class InProgress(Conflict):
    kind = "in_progress"
    title = "A request with this idempotency key is still running"
    retryable = True


class PreconditionFailed(Refusal):
    kind = "precondition_failed"
    title = "The entry is not in the state that you named"


class TooLarge(Refusal):
    kind = "too_large"
    title = "Over the size limit"


class ValueRefused(Refusal):
    kind = "value_refused"
    title = "The value breaks a rule"


class IdempotencyMismatch(ValueRefused):
    kind = "idempotency_mismatch"
    title = "This idempotency key was used with another request"


class TargetRefused(ValueRefused):
    kind = "target_refused"
    title = "The system in which the credential is valid refused it"


class Unavailable(Refusal):
    kind = "unavailable"
    title = "Temporarily unavailable, try again"
    retryable = True


class Contended(Unavailable):
    kind = "contended"
    title = "Too many writers at this name, try again"


class RateLimited(Unavailable):
    kind = "rate_limited"
    title = "Too many at once, come again later"


class Broken(Refusal):
    kind = "broken"
    title = "Stored data failed its check and was not released"
