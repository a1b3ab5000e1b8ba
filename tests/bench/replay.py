"""AWS as it once answered: product and peer send real requests, and nothing leaves the process.

Imports nothing that a function would not import: a cold start is measured with it.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from llm_config.runtime import aws_clients
from llm_config.runtime.aws_family import AwsFamily
from llm_config.runtime.settings import settings

ISSUER = "http://127.0.0.1:1"
Heard = Mapping[str, bytes]
"""Operation -> the body of its answer."""


class Wire:
    """The product's own clients with what stands for the network below them. `place` is put where `PLACE` stood in
    what was heard, so that an endless number of names can be asked for."""

    PLACE = b"00000000"

    def __init__(self, heard: Heard) -> None:
        self._heard, self.place, self.calls = heard, self.PLACE, Counter[str]()

    def client(self, service: str) -> Any:
        return self.cut(aws_clients.client.__wrapped__(service))

    def cut(self, client: Any) -> Any:
        """`client`, which from now on is answered from here."""
        client.meta.events.register("before-send.*", self._answer)
        return client

    def _answer(self, request: Any, **_: Any) -> Any:
        from botocore.awsrequest import AWSResponse

        operation = request.headers["X-Amz-Target"].rpartition(b".")[2].decode()
        self.calls[operation] += 1
        body = self._heard[operation]
        if self.place is not self.PLACE:
            body = body.replace(self.PLACE, self.place)
        headers: Any = {"content-type": "application/x-amz-json-1.0"}
        return AWSResponse(request.url, 200, headers, _Body(body))


class _Body:
    """As much of a urllib3 response as botocore reads."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: Any, **__: Any) -> Any:
        yield self._content


class OfflineFamily(AwsFamily):
    """The AWS family as it is deployed, over a cut wire and with an issuer whose keys are at hand."""

    def __init__(self, client: Callable[[str], Any], key_set: bytes, clock: Any = None) -> None:
        super().__init__(settings, client)
        self._published = key_set
        if clock is not None:
            self.clock = clock

    def _issuer_keys(self) -> Any:
        from llm_config.adapters.oidc.issuer_keys import OidcIssuerKeys

        return OidcIssuerKeys(json.loads(self._settings().issuers), self.clock, lambda url: self._published)


ENVIRONMENT = {
    "LLM_CONFIG_TABLE_PREFIX": "llm-config-test-",
    "LLM_CONFIG_VALUES_BUCKET": "llm-config-test-values",
    "LLM_CONFIG_ISSUERS": json.dumps({ISSUER: "https://unused.test/jwks"}),
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_EC2_METADATA_DISABLED": "true",
}
