"""The one way this product uses the AWS Encryption SDK."""

import logging
from functools import cache

from aws_encryption_sdk import CommitmentPolicy, EncryptionSDKClient
from aws_encryption_sdk.identifiers import AlgorithmSuite

SUITE = AlgorithmSuite.AES_256_GCM_HKDF_SHA512_COMMIT_KEY
"""Commits to its key (no message opens to two plaintexts) and is not signed: the reader is the writer."""


@cache
def client() -> EncryptionSDKClient:
    """Refuses uncommitted messages, and messages with more than one wrapped data key."""
    logging.getLogger("aws_encryption_sdk").setLevel(logging.CRITICAL)  # it logs tracebacks of refusals that we answer
    return EncryptionSDKClient(
        commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT, max_encrypted_data_keys=1
    )
