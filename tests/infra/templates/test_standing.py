"""What costs by the month, as `make cost` has it, against what is deployed."""

from tests.bench.cost import STANDING
from tests.support.templates import Templates

KINDS = {"kms_key": "AWS::KMS::Key", "alarm": "AWS::CloudWatch::Alarm", "dashboard": "AWS::CloudWatch::Dashboard"}


def test_what_a_stage_costs_while_nobody_asks_is_counted_right(dev: Templates) -> None:
    assert {what: len(dev.all(kind)) for what, kind in KINDS.items()} == STANDING
