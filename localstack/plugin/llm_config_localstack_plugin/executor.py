"""LocalStack's Lambda service over processes of this machine: the function's code and layers first on the path, as in Lambda."""

import os
import sys
import time
from pathlib import Path

import localstack.config as config
from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from llm_config_localstack_plugin.runtime_api import Invocation
from llm_config_localstack_plugin.sandbox import InitFailed, Sandbox, deadline_ms


class ProcessExecutor(RuntimeExecutor):
    """One execution environment. No isolation: what runs here is trusted as this repository's own code is."""

    def __init__(self, id: str, function_version: FunctionVersion) -> None:  # noqa: A002 - the name that it overrides
        super().__init__(id, function_version)
        self._sandbox: Sandbox | None = None

    def start(self, env_vars: dict[str, str]) -> None:
        task = self.function_version.config.code.get_unzipped_code_location()
        command = [sys.executable, "-m", "awslambdaric", self.function_version.config.handler]
        self._sandbox = Sandbox(command, task, self._environment(task, env_vars))
        try:
            self._sandbox.start()
        except InitFailed as error:
            raise StatusErrorException(str(error), payload=error.outcome.payload) from error

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        assert self._sandbox is not None
        request_id, seconds, began = payload["invoke-id"], self.function_version.config.timeout, time.monotonic()
        invocation = Invocation(
            request_id,
            payload["payload"].encode(),
            payload["invoked-function-arn"],
            payload["trace-id"],
            deadline_ms(seconds),
        )
        try:
            outcome = self._sandbox.invoke(invocation, seconds)
        except InitFailed as error:
            outcome = error.outcome
        logs = self._told(request_id, self._sandbox.said(), (time.monotonic() - began) * 1000)
        return InvocationResult(request_id, outcome.payload, is_error=outcome.is_error, logs=logs)

    def stop(self) -> None:
        if self._sandbox:
            self._sandbox.stop()

    def get_logs(self) -> str:
        return self._sandbox.said() if self._sandbox else ""

    def get_address(self) -> str:
        return "127.0.0.1"

    def get_endpoint_from_executor(self) -> str:
        return "127.0.0.1"

    def get_runtime_endpoint(self) -> str:
        return f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}/_localstack_lambda/{self.id}"

    def _environment(self, task: Path, told: dict[str, str]) -> dict[str, str]:
        """What Lambda says, and nothing of LocalStack's own environment."""
        layers = [layer.code.get_unzipped_code_location() / "python" for layer in self.function_version.config.layers]
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            **{name: str(value) for name, value in told.items()},
            "LAMBDA_TASK_ROOT": str(task),
            "PYTHONPATH": os.pathsep.join(map(str, [task, *layers])),
        }

    def _told(self, request_id: str, said: str, milliseconds: float) -> str:
        version = self.function_version.id.qualifier
        return (
            f"START RequestId: {request_id} Version: {version}\n{said}END RequestId: {request_id}\n"
            f"REPORT RequestId: {request_id}\tDuration: {milliseconds:.2f} ms\n"
        )

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        function_version.config.code.prepare_for_execution()
        for layer in function_version.config.layers:
            layer.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """Layers are shared by versions, and what was unpacked ends with LocalStack's own directory."""


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    name = "process"

    def load(self, *_: object, **__: object) -> type[ProcessExecutor]:
        return ProcessExecutor
