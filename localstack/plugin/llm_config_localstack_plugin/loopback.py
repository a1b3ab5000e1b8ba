"""LocalStack listens where it is told to. Its server takes the port of GATEWAY_LISTEN, ignores the host, and listens
to the whole network; it asks nobody for a credential.
"""

from typing import Any

import localstack.config as config
from localstack.runtime import hooks
from localstack.runtime.server import twisted

LOOPBACK = ("127.0.0.1", "::1")


class _Endpoints:
    """twisted's endpoints, with the host that belongs to each port."""

    def __init__(self, real: Any, hosts: dict[int, str]) -> None:
        self._real, self._hosts = real, hosts
        self.TCP6ServerEndpoint = real.TCP6ServerEndpoint

    def TCP4ServerEndpoint(self, reactor: Any, port: int) -> Any:  # noqa: N802 - twisted's name
        return self._real.TCP4ServerEndpoint(reactor, port, interface=self._hosts[port])


@hooks.on_infra_start(name="llm_config_loopback", priority=1000)
def bind_loopback_alone() -> None:
    hosts = {listen.port: listen.host for listen in config.GATEWAY_LISTEN}
    if strangers := sorted(set(hosts.values()) - set(LOOPBACK)):
        raise RuntimeError(f"refusing to listen on {', '.join(strangers)}: set GATEWAY_LISTEN to 127.0.0.1:<port>")
    twisted.endpoints = _Endpoints(twisted.endpoints, hosts)
