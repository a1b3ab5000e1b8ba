"""moto's interpreter of the Amazon States Language, with our functions and our clock: no port, no child, no AWS client.

`state_machines` imports this at the first rotation, and nobody else does. What it changes in moto is what would ask the
world outside: the client of Lambda, and the wait for a time. Each home is an account of its own here.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any, Protocol

from moto.stepfunctions.parser.api import StateMachineType
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEventException
from moto.stepfunctions.parser.asl.component.eval_component import EvalComponent
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.timestamp import TimestampPath
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.evaluation_details import AWSExecutionDetails
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext
from moto.stepfunctions.parser.asl.eval.states import ContextObjectData, ExecutionData, StateMachineData
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.utils import TMP_THREADS

_ROLE = "arn:aws:iam::000000000000:role/rotation"
_MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:rotate_secret"
_homes: dict[str, "Home"] = {}
_accounts = count(1)


class Home(Protocol):
    """Whose functions and clock they are."""

    def invoke(self, function: str, payload: bytes) -> dict[str, Any]:
        """As Lambda's client answers `Invoke`."""
        ...

    def wait(self, stamp: str) -> bool:
        """Until a time as a Wait says it; False when the run shall be over instead."""
        ...


class _Lambda:
    """The one method of a Lambda client that the interpreter calls."""

    def invoke(self, **asked: Any) -> dict[str, Any]:
        account, function = asked["FunctionName"].split(":")[4::2]
        return _homes[account].invoke(function, asked.get("Payload") or b"{}")


class Machine:
    """One state machine of one home. `functions` are the names that stand as `${name}` in its definition."""

    def __init__(self, home: Home, definition: str, functions: list[str]) -> None:
        self._account = f"{next(_accounts):012}"
        _homes[self._account] = home
        for name in functions:
            definition = definition.replace(f"${{{name}}}", f"arn:aws:lambda:us-east-1:{self._account}:function:{name}")
        self._definition = definition

    def _environment(self, name: str, given: Mapping[str, Any]) -> Any:
        execution = ExecutionData(
            Id=name, Input=dict(given), Name=name, RoleArn=_ROLE, StartTime=datetime.now(UTC).isoformat()
        )
        return Environment(
            aws_execution_details=AWSExecutionDetails(account=self._account, region="us-east-1", role_arn=_ROLE),
            execution_type=StateMachineType.STANDARD,
            context=ContextObjectData(  # type: ignore[typeddict-item]  # moto makes it of these two as well
                Execution=execution, StateMachine=StateMachineData(Id=_MACHINE, Name="rotate_secret")
            ),
            event_history_context=EventHistoryContext.of_program_start(),
            cloud_watch_logging_session=None,
            activity_store={},
        )

    def run(self, name: str, given: Mapping[str, Any]) -> list[str]:
        """In this thread, to the end. The names of the states that were entered."""
        environment = self._environment(name, given)
        program: Any = AmazonStateLanguageParser.parse(self._definition)[0]
        environment.next_state_name = program.start_at.start_at_name
        EvalComponent.eval(program, environment)
        TMP_THREADS.clear()
        events = (event.get("stateEnteredEventDetails") for event in environment.event_manager.get_event_history())
        return [details["name"] for details in events if details]

    def close(self) -> None:
        del _homes[self._account]


def _lambda(region: str, service: str, state_credentials: Any = None) -> _Lambda:
    if service != "lambda":
        raise NotImplementedError(service)  # our definitions call functions alone
    return _Lambda()


def _wait(function: Any, env: Any) -> None:
    function.string.eval(env=env)
    if not _homes[env.aws_execution_details.account].wait(env.stack.pop()):
        raise FailureEventException(function._create_failure_event(env, "parked"))


setattr(lambda_eval_utils, "boto_client_for", _lambda)  # noqa: B010 - what a type checker would rightly refuse
setattr(TimestampPath, "_eval_body", _wait)  # noqa: B010
logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL)  # it prints what failed, and with what
