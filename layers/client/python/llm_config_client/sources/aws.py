"""AWS Secrets Manager and SSM Parameter Store, by the credentials that the AWS CLI uses too.

boto3 is imported here and nowhere else in the client, and only when one of them is read.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from llm_config_client.sources.originals import MAX_SECRETS, Original, SourceFailed

SECRETS_MANAGER, PARAMETER_STORE = "aws-secrets-manager", "aws-ssm"


def read(source: str, prefix: str, region: str | None, step: Callable[[], None]) -> list[Original]:
    """Every secret whose name begins with `prefix`; of the Parameter Store, every SecureString below that path. `step` is
    called after each. Raises SourceFailed."""
    about = ""
    with _told(lambda: about):
        session = _session(region)
        found = _secrets(session, prefix) if source == SECRETS_MANAGER else _parameters(session, prefix)
        originals: list[Original] = []
        for original in found:
            if len(originals) == MAX_SECRETS:
                raise SourceFailed(f"there are more than {MAX_SECRETS} secrets: import them by --prefix")
            originals.append(original)
            about = f" after {original.place}"
            step()
    return originals


def _session(region: str | None) -> Any:
    import boto3

    return boto3.Session(region_name=region)


@contextmanager
def _told(about: Callable[[], str]) -> Iterator[None]:
    """AWS's refusals by their code, and how far it came: what they quote is not ours to show."""
    try:
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        raise SourceFailed("this source needs boto3: pip install 'llm-config-manager[aws]'") from None
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        raise SourceFailed(f"AWS refused {error.operation_name}{about()}: {code}") from None
    except BotoCoreError as error:
        raise SourceFailed(f"AWS could not be asked{about()}: {type(error).__name__}") from None


def _secrets(session: Any, prefix: str) -> Iterator[Original]:
    client = session.client("secretsmanager")
    filters = [{"Key": "name", "Values": [prefix]}] if prefix else []
    for page in client.get_paginator("list_secrets").paginate(Filters=filters):
        for listed in page["SecretList"]:
            name = listed["Name"]
            if name.startswith(prefix):  # AWS's own filter matches words of a name without their case
                told = client.get_secret_value(SecretId=listed["ARN"])
                text = told["SecretString"] if "SecretString" in told else told["SecretBinary"]
                yield Original(name, text, f"{SECRETS_MANAGER}:{name}")


def _parameters(session: Any, prefix: str) -> Iterator[Original]:
    client = session.client("ssm")
    pages = client.get_paginator("get_parameters_by_path").paginate(
        Path=prefix or "/", Recursive=True, WithDecryption=True, ParameterFilters=[_SECURE]
    )
    for page in pages:
        for told in page["Parameters"]:
            yield Original(told["Name"], told["Value"], f"{PARAMETER_STORE}:{told['Name']}")


_SECURE = {"Key": "Type", "Option": "Equals", "Values": ["SecureString"]}
"""Everything else there is no secret."""
