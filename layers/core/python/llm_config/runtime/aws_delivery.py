"""The AWS family's adapters of events and of those who follow the journal, imported at first use as all of them are."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from llm_config.runtime.settings import Settings

if TYPE_CHECKING:
    from llm_config.runtime.aws_family import AwsFamily


class AwsDelivery:
    """What stands behind the ports of delivery, beside the rest of a family. `client` and `settings` are the family's."""

    def __init__(self, family: "AwsFamily", client: Callable[[str], Any], settings: Callable[[], Settings]) -> None:
        self._family, self._client, self._settings = family, client, settings

    def factories(self) -> dict[str, Callable[[], Any]]:
        return {
            "event_bus": self._event_bus,
            "journal_lines": self._journal_lines,
            "journal_marks": self._journal_marks,
            "subscription_reader": self._subscriptions,
            "subscription_writer": self._subscriptions,
            "delivery_states": self._delivery_states,
            "webhook_sender": self._webhook_sender,
            "watchers": self._watchers,
            "watcher_lines": self._watcher_lines,
        }

    def _event_bus(self) -> Any:
        from llm_config.adapters.eventbridge.event_bus import EventBridgeBus

        return EventBridgeBus(self._client("events"), self._settings().event_bus, self._family.clock)

    def _journal_lines(self) -> Any:
        from llm_config.adapters.dynamodb.journal_lines import DynamoJournalLines

        return DynamoJournalLines(self._family.store)

    def _journal_marks(self) -> Any:
        from llm_config.adapters.dynamodb.journal_marks import DynamoJournalMarks

        return DynamoJournalMarks(self._family.store)

    def _subscriptions(self) -> Any:
        from llm_config.adapters.dynamodb.subscriptions import DynamoSubscriptions

        return DynamoSubscriptions(self._family.control_rows)

    def _delivery_states(self) -> Any:
        from llm_config.adapters.dynamodb.subscriptions import DynamoDeliveryStates

        return DynamoDeliveryStates(self._family.store)

    def _webhook_sender(self) -> Any:
        from llm_config.adapters.targets.posts import Posts
        from llm_config.adapters.targets.webhook_sender import HttpWebhookSender

        return HttpWebhookSender(Posts(), self._family.clock)

    def _watchers(self) -> Any:
        from llm_config.adapters.dynamodb.watchers import DynamoWatchers

        return DynamoWatchers(self._family.store, self._family.clock)

    def _watcher_lines(self) -> Any:
        from llm_config.adapters.gateway.watcher_lines import GatewayWatcherLines

        return GatewayWatcherLines(self._client("apigatewaymanagementapi"))
