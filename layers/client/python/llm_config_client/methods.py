"""What both clients offer, once: each call is a method that waits on the one and is awaited on the other."""

import inspect
from collections.abc import Callable, Coroutine
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, overload

from pydantic import BaseModel

from llm_config_client import calls
from llm_config_client.core import Answer, Call

P = ParamSpec("P")
T = TypeVar("T", bound=BaseModel)
S = TypeVar("S", bound=BaseModel)


class Sends(Protocol):
    """A client that waits for its answers."""

    def send(self, call: Call[S]) -> Answer[S]: ...


class SendsLater(Protocol):
    """A client whose answers are awaited."""

    async def send(self, call: Call[S]) -> Answer[S]: ...


class Method(Generic[P, T]):
    """`build`, sent by the client that it is asked of: with its name, text and parameters, for help() and editors."""

    def __init__(self, build: Callable[P, Call[T]]) -> None:
        self._build = build
        self.__doc__ = build.__doc__

    @overload
    def __get__(self, client: Sends, kind: type[Any]) -> Callable[P, T]: ...

    @overload
    def __get__(self, client: SendsLater, kind: type[Any]) -> Callable[P, Coroutine[Any, Any, T]]: ...

    @overload
    def __get__(self, client: None, kind: type[Any]) -> Callable[..., Any]: ...

    def __get__(self, client: Any, kind: type[Any]) -> Any:
        method = _awaited(self._build) if inspect.iscoroutinefunction(kind.send) else _waiting(self._build)
        return _named(method, self._build).__get__(client, kind)


def _waiting(build: Callable[..., Call[T]]) -> Callable[..., T]:
    def method(self: Sends, /, *args: Any, **kwargs: Any) -> T:
        return self.send(build(*args, **kwargs)).body

    return method


def _awaited(build: Callable[..., Call[T]]) -> Callable[..., Coroutine[Any, Any, T]]:
    async def method(self: SendsLater, /, *args: Any, **kwargs: Any) -> T:
        return (await self.send(build(*args, **kwargs))).body

    return method


def _named(method: Any, build: Callable[..., Any]) -> Any:
    signature = inspect.signature(build)
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    response = signature.return_annotation.__args__[0]
    shown = signature.replace(parameters=[own, *signature.parameters.values()], return_annotation=response)
    vars(method).update(__signature__=shown)
    method.__name__, method.__doc__ = build.__name__, build.__doc__
    return method


class Methods:
    """One method for each call. A listing's is one page of it; `every` of a client goes through all pages."""

    put_config = Method(calls.put_config)
    purge_caches = Method(calls.purge_caches)
    create_config = Method(calls.create_config)
    patch_config = Method(calls.patch_config)
    delete_config = Method(calls.delete_config)
    get_config = Method(calls.get_config)
    list_configs = Method(calls.list_configs)
    list_config_versions = Method(calls.list_config_versions)
    diff_config = Method(calls.diff_config)
    rollback_config = Method(calls.rollback_config)
    restore_config = Method(calls.restore_config)
    validate_config = Method(calls.validate_config)
    batch_configs = Method(calls.batch_configs)
    resolve = Method(calls.resolve)
    changes = Method(calls.changes)
    put_secret = Method(calls.put_secret)
    create_secret = Method(calls.create_secret)
    get_secret = Method(calls.get_secret)
    get_secret_stages = Method(calls.get_secret_stages)
    list_secrets = Method(calls.list_secrets)
    list_secret_versions = Method(calls.list_secret_versions)
    activate_secret = Method(calls.activate_secret)
    revoke_secret = Method(calls.revoke_secret)
    copy_secret = Method(calls.copy_secret)
    move_secret = Method(calls.move_secret)
    delete_secret = Method(calls.delete_secret)
    restore_secret = Method(calls.restore_secret)
    destroy_secret = Method(calls.destroy_secret)
    start_rotation = Method(calls.start_rotation)
    list_rotations = Method(calls.list_rotations)
    get_rotation = Method(calls.get_rotation)
    acknowledge_rotation = Method(calls.acknowledge_rotation)
    abort_rotation = Method(calls.abort_rotation)
    resume_rotation = Method(calls.resume_rotation)
    put_rotation_schedule = Method(calls.put_rotation_schedule)
    get_rotation_schedule = Method(calls.get_rotation_schedule)
    delete_rotation_schedule = Method(calls.delete_rotation_schedule)
    preview_schedule = Method(calls.preview_schedule)
    report_usage = Method(calls.report_usage)
    put_namespace = Method(calls.put_namespace)
    get_namespace = Method(calls.get_namespace)
    list_namespaces = Method(calls.list_namespaces)
    delete_namespace = Method(calls.delete_namespace)
    search_names = Method(calls.search_names)
    report_fleet = Method(calls.report_fleet)
    get_fleet = Method(calls.get_fleet)
    create_tenant = Method(calls.create_tenant)
    get_tenant = Method(calls.get_tenant)
    create_api_key = Method(calls.create_api_key)
    get_api_key = Method(calls.get_api_key)
    list_api_keys = Method(calls.list_api_keys)
    delete_api_key = Method(calls.delete_api_key)
    create_service_token = Method(calls.create_service_token)
    create_subscription = Method(calls.create_subscription)
    get_subscription = Method(calls.get_subscription)
    list_subscriptions = Method(calls.list_subscriptions)
    delete_subscription = Method(calls.delete_subscription)
    replay_subscription = Method(calls.replay_subscription)
    list_audit_entries = Method(calls.list_audit_entries)
    get_audit_checkpoint = Method(calls.get_audit_checkpoint)
    get_audit_proof = Method(calls.get_audit_proof)
    get_audit_consistency = Method(calls.get_audit_consistency)
    verify_audit = Method(calls.verify_audit)
    export_audit = Method(calls.export_audit)
    erase_subject = Method(calls.erase_subject)
    get_compliance_report = Method(calls.get_compliance_report)
    whoami = Method(calls.whoami)
    live = Method(calls.live)
    ready = Method(calls.ready)
