"""Which server, which credential, which environment: options before variables before the profile.

A profile that was named on the command line comes before the variables: naming it is the later wish.
"""

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llm_config_client.address import (
    DEFAULT_URL,
    TOKEN_VARIABLE,
    URL_VARIABLE,
    WATCH_VARIABLE,
    Server,
    allows_danger,
)
from llm_config_client.errors import Misconfigured

PROFILE_VARIABLE = "LLM_CONFIG_PROFILE"
ENVIRONMENT_VARIABLE = "LLM_CONFIG_ENV"
CONFIG_FILE = Path(".config/llm-config/config.toml")
MEMBERS = frozenset({"url", "environment", "token_file", "danger_allow_plain_http"})


@dataclass(frozen=True, slots=True)
class Settings:
    """`url_from` and `token_from` say where each was found; no `token_from`: there is no token."""

    server: Server
    environment: str | None
    url_from: str
    token_from: str | None


@dataclass(frozen=True, slots=True)
class Profile:
    """One table of the file. `named`: on the command line."""

    name: str
    named: bool
    members: Mapping[str, Any]
    directory: Path

    def text(self, member: str) -> str | None:
        found = self.members.get(member)
        return found if isinstance(found, str) and found else None

    def token(self) -> str | None:
        """Raises Misconfigured when others may read the file."""
        name = self.text("token_file")
        return read_token(self.directory / Path(name).expanduser()) if name else None


def settings(variables: Mapping[str, str], *, url: str | None = None, profile: str | None = None) -> Settings:
    """Raises Misconfigured, which quotes no value."""
    chosen = _profile(Path(variables.get("HOME") or Path.home()) / CONFIG_FILE, variables, profile)
    address, url_from = _url(variables, url, chosen)
    token, token_from = _token(variables, address, chosen)
    danger = allows_danger(variables) or chosen.members.get("danger_allow_plain_http") is True
    environment = _first(chosen, variables.get(ENVIRONMENT_VARIABLE), chosen.text("environment"))
    watch_url = variables.get(WATCH_VARIABLE, "") if url_from == URL_VARIABLE else ""
    return Settings(Server(address, token, danger, watch_url), environment, url_from, token_from)


def _first(profile: Profile, variable: str | None, member: str | None) -> str | None:
    return ((member or variable) if profile.named else (variable or member)) or None


def _url(variables: Mapping[str, str], option: str | None, profile: Profile) -> tuple[str, str]:
    if option:
        return option, "--url"
    variable, member = variables.get(URL_VARIABLE), profile.text("url")
    found = _first(profile, variable, member)
    if found is None:
        return DEFAULT_URL, "the default"
    return found, f"profile {profile.name}" if found == member else URL_VARIABLE


def _token(variables: Mapping[str, str], url: str, profile: Profile) -> tuple[str | None, str | None]:
    """A profile's token goes to the profile's own server only, whatever address another setting names."""
    variable = variables.get(TOKEN_VARIABLE)
    if variable and not (profile.named and profile.text("token_file")):
        return variable, TOKEN_VARIABLE
    if url != (profile.text("url") or DEFAULT_URL):
        return variable or None, TOKEN_VARIABLE if variable else None
    token = profile.token()
    return token, f"profile {profile.name}" if token else None


def _profile(file: Path, variables: Mapping[str, str], option: str | None) -> Profile:
    name = option or variables.get(PROFILE_VARIABLE)
    if not name:
        return Profile("", named=False, members={}, directory=file.parent)
    members = _profiles(file).get(name)
    if not isinstance(members, dict):
        raise Misconfigured(f"there is no such profile in ~/{CONFIG_FILE}")
    unknown = set(members) - MEMBERS
    if unknown:
        raise Misconfigured(f"a profile takes {', '.join(sorted(MEMBERS))} and nothing else (a token has its own file)")
    return Profile(name, named=option is not None, members=members, directory=file.parent)


def _profiles(file: Path) -> Mapping[str, Any]:
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8")).get("profiles", {})
    except FileNotFoundError:
        raise Misconfigured(f"there is no ~/{CONFIG_FILE} to find a profile in") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise Misconfigured(f"~/{CONFIG_FILE} cannot be read as TOML") from None
    return found if isinstance(found, dict) else {}


def read_token(file: Path) -> str:
    """Raises Misconfigured when the file is not there or when anybody but its owner may open it."""
    try:
        with file.open(encoding="ascii") as opened:
            if stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & 0o077:
                raise Misconfigured("the profile's token_file is open to others: chmod 600 it")
            return opened.read().strip()
    except (OSError, UnicodeDecodeError):
        raise Misconfigured("the profile's token_file cannot be read") from None
