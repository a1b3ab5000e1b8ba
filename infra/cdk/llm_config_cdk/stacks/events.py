"""What moves between functions: the bus with its archive, a queue for each kind of consumer, the minute, the alarms.

Events go from the bus to a queue and from there to a function, so that a consumer that fails loses nothing. Every change
wakes the functions that tell subscribers, watchers and the index of names of it; denials are told to nobody, so they wake nobody.

What a task did not manage lies in a queue of its own (`<task>-failed`), and wakes somebody.
"""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from llm_config.operations.catalog import TASKS
from llm_config.operations.operation import Task, Trigger
from llm_config_cdk.deployed_rows import rows_of
from llm_config_cdk.rules import acknowledge
from llm_config_cdk.service_grants import CHANGES, DAYS, failed
from llm_config_cdk.stack import StageStack
from llm_config_cdk.stages import Stage
from llm_config_domain.events import SOURCE, type_of

DENIED = type_of("access.denied")
MINUTE = Duration.minutes(1)
ATTEMPTS, FOR_A_DAY = 5, 480
HIDDEN, HIDDEN_DAY = Duration.minutes(3), Duration.minutes(30)
"""A message is hidden from others for six times as long as its function may take."""


class EventsStack(StageStack):
    def __init__(self, scope: Construct, stage: Stage, platform_key: kms.IKey) -> None:
        super().__init__(scope, stage, "events")
        self.alarms = self._alarms_topic(platform_key)
        self.bus = events.EventBus(self, "bus", event_bus_name=self.place.event_bus)
        self.bus.archive(
            "archive",
            archive_name=stage.prefix,
            description="Every event, for a replay",
            event_pattern=events.EventPattern(source=[SOURCE]),
            retention=Duration.days(stage.archive_days),
        )
        for task in TASKS:
            if task.trigger is Trigger.QUEUE and task in rows_of(stage):
                self._queue(task.name, kept=Duration.days(4))
            if task.trigger is Trigger.LOGS and task in rows_of(stage):
                self._queue(task.name, kept=Duration.days(14), attempts=FOR_A_DAY)
            if task.trigger is Trigger.STREAM:
                acknowledge(self._failed_queue(task.name), "SQS3")
            if task.trigger is Trigger.SCHEDULE and task in rows_of(stage):
                self._times(task.name, task.every_minutes)
        events.Rule(
            self,
            "every-change",
            event_bus=self.bus,
            event_pattern=events.EventPattern(source=[SOURCE], detail_type=events.Match.anything_but(DENIED)),
            targets=[self._told(CHANGES[row.name]) for row in rows_of(stage) if row.name in CHANGES],
        )
        ticking = [self._minutes(task.name) for task in TASKS if task.trigger is Trigger.TICK]
        events.Rule(self, "every-minute", schedule=events.Schedule.rate(MINUTE), targets=ticking)
        if [row for row in rows_of(stage) if isinstance(row, Task) and row.trigger is Trigger.UPKEEP]:
            self._every_day()

    def _told(self, name: str) -> targets.SqsQueue:
        """A queue for each kind of those who are told: of one queue each would get a part."""
        changes, given_up = self._queue(name, kept=Duration.days(4))
        return targets.SqsQueue(changes, dead_letter_queue=given_up)

    def _minutes(self, task: str) -> targets.SqsQueue:
        """A queue a task: of one queue each of two would get every other minute. A minute that was missed is made up by
        the next one: old ones are worth nothing."""
        queue, missed = self._queue(task, kept=Duration.minutes(5))
        return targets.SqsQueue(queue, dead_letter_queue=missed)

    def _times(self, task: str, minutes: int) -> None:
        """Set times come to a task by a queue of its own. One that was missed is made up by the next."""
        schedule = events.Schedule.rate(Duration.minutes(minutes))
        events.Rule(self, f"every-{task}", schedule=schedule, targets=[self._minutes(task)])

    def _every_day(self) -> None:
        """A day that was missed is made up by the next one."""
        days, missed = self._queue(DAYS, kept=Duration.days(1), hidden=HIDDEN_DAY)
        events.Rule(
            self,
            "every-day",
            schedule=events.Schedule.rate(Duration.days(1)),
            targets=[targets.SqsQueue(days, dead_letter_queue=missed)],
        )

    def _alarms_topic(self, key: kms.IKey) -> sns.Topic:
        topic = sns.Topic(self, "alarms", topic_name=f"{self.stage.prefix}-alarms", master_key=key, enforce_ssl=True)
        if self.stage.alarms_email:
            topic.add_subscription(subscriptions.EmailSubscription(self.stage.alarms_email))
        return topic

    def _queue(
        self, name: str, kept: Duration, hidden: Duration = HIDDEN, attempts: int = ATTEMPTS
    ) -> tuple[sqs.Queue, sqs.Queue]:
        """A queue, and one beside it for what failed for good, which wakes somebody."""
        given_up = self._failed_queue(name)
        queue = sqs.Queue(
            self,
            name,
            queue_name=self.place.queue(name),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=kept,
            visibility_timeout=hidden,
            dead_letter_queue=sqs.DeadLetterQueue(queue=given_up, max_receive_count=attempts),
        )
        return queue, given_up

    def _failed_queue(self, name: str) -> sqs.Queue:
        queue = sqs.Queue(
            self,
            f"{name}-failed",
            queue_name=self.place.queue(failed(name)),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
        )
        self._watch(name, queue)
        return queue

    def _watch(self, name: str, queue: sqs.Queue) -> None:
        alarm = queue.metric_approximate_number_of_messages_visible(period=MINUTE).create_alarm(
            self,
            f"{name}-failed-alarm",
            alarm_name=f"{self.stage.prefix}-{name}-failed",
            alarm_description=f"Messages of {name} were given up: read them, repair, and put them back",
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self.alarms))
