"""From settings and an environment to the forge, and to what lets git in with the same token."""

import re
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from reconciler.adapters.forges.github.credentials import AppKey, Credentials, GitHubPlace, Token
from reconciler.adapters.forges.github.forge import GitHubForge
from reconciler.errors import ReconcilerError
from reconciler.ports import Memory

APP, APP_KEY = "PERENNIAL_GITHUB_APP_ID", "PERENNIAL_GITHUB_APP_KEY"
"""The App's number or client id; the file of its private key, or the key itself."""
TOKENS = ("PERENNIAL_GITHUB_TOKEN", "GITHUB_TOKEN")
"""The first that is set counts."""
_PATH = re.compile(r"[/:]([A-Za-z0-9._-]+/[A-Za-z0-9._-]+?)(?:\.git)?/*$")


def open_github(place: GitHubPlace, credentials: Credentials | None, memory: Memory | None = None) -> GitHubForge:
    """The forge, with this machine's sleep and chance. Asks nothing yet."""
    return GitHubForge(place, credentials, sleep=time.sleep, jitter=lambda: secrets.randbelow(1000) / 1000, memory=memory)


def credentials_of(environment: Mapping[str, str]) -> Credentials | None:
    """Who Perennial is: an App before a token; None when the environment has neither. Raises ReconcilerError."""
    app, key = environment.get(APP), environment.get(APP_KEY)
    if app and key:
        return AppKey(app=app, key=_key(key))
    if app or key:
        raise ReconcilerError(f"a GitHub App needs both {APP} and {APP_KEY}", help=f"set {APP_KEY if app else APP}, too")
    value = next((value for name in TOKENS if (value := environment.get(name))), None)
    return Token(value=value) if value else None


def _key(written: str) -> str:
    if written.lstrip().startswith("-----BEGIN"):
        return written
    try:
        return Path(written).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise ReconcilerError(f"{APP_KEY} names {written}, which cannot be read: {reason}", help=f"ls -l {written}") from None


def place_of(repository: str | None, url: str, address: str) -> GitHubPlace:
    """The repository that is named, or that the remote's address ends with. Raises ReconcilerError."""
    found = _PATH.search(address)
    if repository is None and found is None:
        raise ReconcilerError(
            "the git remote's address does not tell the repository on GitHub",
            help='set repository = "owner/name" in [tool.perennial.forge] of pyproject.toml',
        )
    return GitHubPlace(repository=repository or (found[1] if found else ""), url=url)


def git_host(url: str) -> str:
    """Where git is served, by the API's address: another name on github.com, the same host with GitHub Enterprise."""
    parts = urlsplit(url)
    host = parts.netloc.removeprefix("api.") if parts.netloc == "api.github.com" else parts.netloc
    return f"{parts.scheme}://{host}/"
