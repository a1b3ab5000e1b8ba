"""A signer whose tokens are the same for the same claims, where a whole answer is compared."""

import base64
import json
from collections.abc import Mapping
from typing import Any


class StandingSigner:
    """Implements `token_signer`, but for the signature: nobody believes its tokens."""

    def sign(self, claims: Mapping[str, Any]) -> str:
        return f"unsigned.{base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b'=').decode()}."
