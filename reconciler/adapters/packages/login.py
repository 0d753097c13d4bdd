"""Who one is for a container registry: from two variables of the environment, or from Docker's configuration."""

import base64
import binascii
import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciler.errors import ObserveError

USERNAME, PASSWORD = "PERENNIAL_REGISTRY_USERNAME", "PERENNIAL_REGISTRY_PASSWORD"
_HELPER = re.compile(r"[A-Za-z0-9._-]+")
_PATIENCE = 30.0
_DOCKER_HUB = {"docker.io": "https://index.docker.io/v1/", "registry-1.docker.io": "https://index.docker.io/v1/"}
"""Docker writes down its own registry under another name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A name and a password. Never printed."""

    username: str
    password: str = field(repr=False)


def login_for(host: str, environment: Mapping[str, str]) -> Login | None:
    """For the registry at the host; None: as nobody. Raises ObserveError for a configuration that cannot be read."""
    if environment.get(PASSWORD):
        return Login(username=environment.get(USERNAME, ""), password=environment[PASSWORD])
    config = _config(environment)
    named = {host, f"https://{host}", _DOCKER_HUB.get(host, host)}
    helpers = config.get("credHelpers") or {}
    helper = next((helpers[name] for name in sorted(named) if name in helpers), "") or config.get("credsStore", "")
    for name in sorted(named):
        if found := _written(config, name) or (_helped(helper, name, environment) if helper else None):
            return found
    return None


def _config(environment: Mapping[str, str]) -> dict[str, Any]:
    folder = environment.get("DOCKER_CONFIG") or (f"{home}/.docker" if (home := environment.get("HOME")) else "")
    path = Path(folder) / "config.json"
    if not folder or not path.is_file():
        return {}
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # what the parser says might show a password
        raise ObserveError(f"{path.name} of Docker cannot be read: {type(error).__name__}", help="docker login") from None
    return config if isinstance(config, dict) else {}


def _written(config: Mapping[str, Any], name: str) -> Login | None:
    entry = (config.get("auths") or {}).get(name) or {}
    try:
        username, colon, password = base64.b64decode(entry.get("auth", ""), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return Login(username=username, password=password) if colon else None


def _helped(helper: str, name: str, environment: Mapping[str, str]) -> Login | None:
    """What a credential helper of Docker says; it says nothing of registries that it does not know."""
    if not _HELPER.fullmatch(helper):
        return None
    command = [f"docker-credential-{helper}", "get"]
    try:
        done = subprocess.run(
            command, input=name, env=dict(environment), capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
        said = json.loads(done.stdout) if done.returncode == 0 else {}
        return Login(username=said["Username"], password=said["Secret"])
    except (OSError, ValueError, KeyError, TypeError, subprocess.TimeoutExpired):
        return None
