"""Every kind of target and what makes it: a driver is imported at the first turn of its kind."""

from collections.abc import Callable, Mapping
from typing import Any

OPENAI_URL = "https://api.openai.com/v1"
Provide = Callable[[str], Any]


def factories(provide: Provide, *, local: bool, openai_url: str = OPENAI_URL) -> Mapping[str, Callable[[], Any]]:
    """{kind: what makes its `rotation_target`}. `provide` gives ports by name; `local`: the home runs on its owner's
    machine, whose other servers may be targets too."""
    generated = _Generated(provide)
    return {
        "generic": generated,
        "certificate": generated,
        "ssh_key": generated,
        "jwt_signing_key": generated,
        "key_pool": lambda: _key_pool(provide),
        "postgres": lambda: _postgres(provide, local=local),
        "aws_iam": lambda: _aws_iam(provide),
        "openai": lambda: _openai(provide, openai_url),
        "webhook": lambda: _webhook(provide, generated, local=local),
    }


def _named(provide: Provide, option: str) -> Any:
    from llm_config.adapters.targets.credentials import NamedSecret

    recording = {port: provide(port) for port in ("journal", "identifiers", "clock")}
    return NamedSecret(option, provide("secret_reader"), provide("unsealer"), **recording)


class _Generated:
    def __init__(self, provide: Provide) -> None:
        self._provide = provide

    def __call__(self) -> Any:
        from llm_config.adapters.targets.generated import GeneratedTarget

        generator, inspector = self._provide("secret_generator"), self._provide("key_inspector")
        return GeneratedTarget(generator, inspector, self._provide("clock"), _named(self._provide, "authority"))


def _key_pool(provide: Provide) -> Any:
    from llm_config.adapters.targets.key_pool import KeyPoolTarget

    return KeyPoolTarget(_named(provide, "pool"))


def _postgres(provide: Provide, *, local: bool) -> Any:
    from llm_config.adapters.targets.postgres import PostgresTarget
    from llm_config.adapters.targets.postgres_sessions import Sessions

    return PostgresTarget(_named(provide, "admin"), Sessions(local=local))


def _aws_iam(provide: Provide) -> Any:
    from llm_config.adapters.targets.aws_iam import AwsIamTarget

    return AwsIamTarget(_named(provide, "admin"))


def _openai(provide: Provide, url: str) -> Any:
    from llm_config.adapters.targets.https import Api
    from llm_config.adapters.targets.openai import OpenAiTarget

    return OpenAiTarget(_named(provide, "admin"), Api(url))


def _webhook(provide: Provide, generated: Callable[[], Any], *, local: bool) -> Any:
    from llm_config.adapters.targets.posts import Posts
    from llm_config.adapters.targets.webhook import WebhookTarget

    return WebhookTarget(generated().create, _named(provide, "webhook"), Posts(local=local), provide("clock"))
