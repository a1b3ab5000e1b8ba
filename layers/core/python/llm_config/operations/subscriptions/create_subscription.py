"""Have a tenant's changes told by webhook, from now on. The signing secret is in this one answer, and sealed in the store."""

from base64 import b64encode
from dataclasses import replace

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.subscriptions.answers import subscription_fields
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.journal_lines import JournalLines
from llm_config.ports.journal_marks import JournalMarks
from llm_config.ports.sealer import Sealer
from llm_config.ports.subscription_reader import SubscriptionReader
from llm_config.ports.subscription_writer import SubscriptionWriter
from llm_config.ports.webhook_sender import WebhookSender
from llm_config_contract.subscriptions import CreatedSubscription, CreateSubscriptionRequest
from llm_config_domain.errors import ValueRefused
from llm_config_domain.lines import Place
from llm_config_domain.names import TenantId
from llm_config_domain.policy import Resource
from llm_config_domain.secrets.values import Plaintext
from llm_config_domain.subscriptions import MAX_SUBSCRIPTIONS, HeldSubscription, Subscription

EVER_MADE = 1000
"""Of one tenant, deleted ones among them."""


def create_subscription(
    request: CreateSubscriptionRequest,
    context: Context,
    *,
    identifiers: Identifiers,
    journal_lines: JournalLines,
    journal_marks: JournalMarks,
    sealer: Sealer,
    subscription_reader: SubscriptionReader,
    subscription_writer: SubscriptionWriter,
    webhook_sender: WebhookSender,
) -> Answer:
    webhook_sender.check(request.url)
    _check_count(context.caller.tenant, subscription_reader)
    new, secret = _new(request, context, identifiers.ulid()), _secret(identifiers)
    newest = {line: revision for line, revision in journal_lines.lines(new.tenant) if new.follows(line)}
    journal_marks.begin(new.consumer, {line: Place(revision + 1) for line, revision in newest.items()})
    entry = replace(context.entry, resource=Resource("subscriptions", new.id))
    held = HeldSubscription(new, sealer.seal(new.name, 1, secret))
    done = subscription_writer.create(held, entry=entry, idempotency=context.idempotency)
    shown = None if done.replayed else secret.reveal.decode()
    body = CreatedSubscription(secret=shown, **subscription_fields(done.version))
    return Answer(body, created=True, location=f"/api/v1/subscriptions/{done.version.id}", replayed=done.replayed)


def _check_count(tenant: TenantId, reader: SubscriptionReader) -> None:
    made = reader.listing(tenant, "", EVER_MADE)
    kept = [one for one in made if one.deleted_at is None]
    if len(kept) >= MAX_SUBSCRIPTIONS or len(made) == EVER_MADE:
        raise ValueRefused(f"a tenant has at most {MAX_SUBSCRIPTIONS} subscriptions: delete one that is not needed")


def _secret(identifiers: Identifiers) -> Plaintext:
    """As the Standard Webhooks specification writes it; 32 bytes."""
    return Plaintext(b"whsec_" + b64encode(bytes.fromhex(identifiers.secret())))


def _new(request: CreateSubscriptionRequest, context: Context, subscription_id: str) -> Subscription:
    return Subscription(
        id=subscription_id,
        tenant=context.caller.tenant,
        url=request.url,
        namespaces=tuple(request.namespaces),
        types=tuple(request.types or ()),
        description=request.description,
        created_at=context.entry.at,
        created_by=context.caller.subject,
    )


CREATE_SUBSCRIPTION = Operation(
    name="create_subscription",
    summary="Have changes told by webhook; the signing secret is shown this once",
    action="access:write",
    method="POST",
    path="/api/v1/subscriptions",
    request=CreateSubscriptionRequest,
    response=CreatedSubscription,
    run=create_subscription,
    foreseen=False,
    recorded=Recorded.WITH_CHANGE,
    event_type="subscription.write",
    success=(201,),
    holds_secret=True,
)
