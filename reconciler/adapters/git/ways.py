"""How to reach a remote: its address and who we are, told to git by its environment, which no list of processes shows."""

import base64
from collections.abc import Callable, Mapping, Sequence

from reconciler.adapters.git.process import GitProcess
from reconciler.errors import PermanentActError

Settings = Sequence[tuple[str, str]]
"""Names and values of git's configuration; one name may have several values."""
Credentials = Callable[[], Settings]
"""Settings that let git in; asked each time, because a token may have run out."""
_ABOUT = r"^remote\.{name}\.(url|pushurl|proxy|proxyauthmethod|receivepack|uploadpack|vcs)$"


def nobody() -> Settings:
    """Who needs no credentials, or has them from git's own configuration."""
    return ()


def by_token(address: str, token: Callable[[], str], user: str = "x-access-token") -> Credentials:
    """Let in by a token, for what lies under the address (`https://github.com/`).

    The empty value takes back headers that other configuration sets for it: two of them are refused.
    """

    def settings() -> Settings:
        header = base64.b64encode(f"{user}:{token()}".encode()).decode()
        key = f"http.{address}.extraheader"
        return ((key, ""), (key, f"Authorization: Basic {header}"))

    return settings


def address_of(git: GitProcess, name: str) -> str:
    """The remote's address; it may hold a password, so it is not to be shown. Raises PermanentActError without such a remote."""
    return next(value for key, value in way_to(git, name, name) if key.endswith(".url"))


def way_to(git: GitProcess, name: str, alias: str) -> Settings:
    """The remote's address and ways under another name, without its refspecs: git then moves no tracking branch of people's.

    Somebody's `git push --force-with-lease` trusts those branches to be what that person has seen. Raises PermanentActError
    when there is no such remote.
    """
    pattern = _ABOUT.format(name=name.replace(".", r"\."))
    answer = git.attempt("config", "--null", "--get-regexp", pattern)
    found = [entry.partition("\n") for entry in answer.out.decode(errors="surrogateescape").split("\0") if entry]
    if answer.code or not any(key.endswith(".url") for key, _, _ in found):
        raise PermanentActError(f"there is no git remote {name} here", help=f"git remote add {name} URL")
    return [(f"remote.{alias}.{key.rpartition('.')[2]}", value) for key, _, value in found]


def configured(environment: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """The environment with the settings after those that it has already."""
    count = environment.get("GIT_CONFIG_COUNT", "")
    first = int(count) if count.isdecimal() else 0
    added = {"GIT_CONFIG_COUNT": str(first + len(settings))}
    for number, (key, value) in enumerate(settings, start=first):
        added |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return {**environment, **added}
