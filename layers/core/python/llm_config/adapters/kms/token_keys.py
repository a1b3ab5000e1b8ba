"""The service's own issuer on AWS: its tokens are signed in KMS, and its key set is read from there.

The deployment makes one key (`ECC_NIST_P256`, `SIGN_VERIFY`), names it as the place of its own issuer's keys
(`kms:<arn>`), and lets one function sign with it and all of them read its public half.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from llm_config_domain.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

SCHEME = "kms:"
_COORDINATE_BYTES = 32


class KmsTokenSigner:
    """Implements `token_signer`. `place` is where the issuer's keys are: of another issuer's, none can sign."""

    def __init__(self, client: "KMSClient", issuer: str, place: str) -> None:
        self._client, self._issuer = client, issuer
        self._key_id = place.removeprefix(SCHEME) if place.startswith(SCHEME) else None

    def sign(self, claims: Mapping[str, Any]) -> str:
        if self._key_id is None:
            raise Unavailable("this deployment gives out no tokens: name its issuer and that issuer's KMS key")
        header = {"alg": "ES256", "kid": _kid(self._key_id), "typ": "JWT"}
        signed = f"{_part(header)}.{_part({**claims, 'iss': self._issuer})}"
        try:
            answer = self._client.sign(
                KeyId=self._key_id, Message=signed.encode(), MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256"
            )
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("the token cannot be signed now") from error
        return f"{signed}.{_text(_raw_signature(answer['Signature']))}"


def key_set(client: "KMSClient", place: str) -> bytes:
    """The JWK set (RFC 7517) of one KMS key. Raises Unavailable."""
    from cryptography.hazmat.primitives.serialization import load_der_public_key
    from jwt.algorithms import ECAlgorithm

    key_id = place.removeprefix(SCHEME)
    try:
        public: Any = load_der_public_key(client.get_public_key(KeyId=key_id)["PublicKey"])
    except (ClientError, BotoCoreError) as error:
        raise Unavailable("the issuer's key cannot be read now") from error
    jwk = ECAlgorithm.to_jwk(public, as_dict=True)
    return json.dumps({"keys": [{**jwk, "kid": _kid(key_id), "alg": "ES256", "use": "sig"}]}).encode()


def _raw_signature(der: bytes) -> bytes:
    """KMS answers in DER; a JWS holds the two numbers side by side (RFC 7518 section 3.4)."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    return b"".join(number.to_bytes(_COORDINATE_BYTES) for number in decode_dss_signature(der))


def _kid(key_id: str) -> str:
    return hashlib.sha256(key_id.encode()).hexdigest()[:16]


def _part(told: Mapping[str, Any]) -> str:
    return _text(json.dumps(told, separators=(",", ":")).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
