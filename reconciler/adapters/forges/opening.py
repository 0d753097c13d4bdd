"""Which forge, and whose refs count: this repository's, or its remote's."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from reconciler.adapters.forges.local import LocalForge
from reconciler.adapters.git import GitRepository, RemoteRepository
from reconciler.adapters.git.ways import address_of, by_token, nobody
from reconciler.adapters.memory import FolderMemory
from reconciler.ports import Readers

if TYPE_CHECKING:
    from reconciler.adapters.forges.github import GitHubForge

Service: TypeAlias = "GitHubForge"
"""A forge that can be asked about itself, and shows more than pull requests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The repository whose refs count, the forge on it, and the same forge where it is a service: with comments and notices."""

    repository: GitRepository
    forge: "LocalForge | Service"
    service: "Service | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the settings say of the forge. `repository` is `owner/name`; None: as the remote's address says."""

    type: Literal["local", "remote", "github"]
    remote: str
    repository: str | None
    url: str


def open_forge(local: GitRepository, choice: Choice, environment: Mapping[str, str]) -> Opened:
    """Open it; no service is asked yet. Raises PermanentActError or ReconcilerError for settings that cannot be right."""
    match choice.type:
        case "local":
            return Opened(repository=local, forge=LocalForge(local))
        case "remote":
            repository = RemoteRepository.of(local, choice.remote)
            return Opened(repository=repository, forge=LocalForge(repository))
        case "github":
            return _github(local, choice, environment)


def last_seen(readers: Readers) -> Readers:
    """The readers for somebody without a network: the remote's refs as last seen, and pull requests as far as refs tell."""
    if not isinstance(readers.repository, RemoteRepository):
        return readers
    seen = readers.repository.last_seen()
    return replace(readers, repository=seen, forge=LocalForge(seen), conversations=None, data_remote=None)


def _github(local: GitRepository, choice: Choice, environment: Mapping[str, str]) -> Opened:
    """PyGithub takes long to import, and most have no use for it."""
    from reconciler.adapters.forges.github.opening import credentials_of, git_host, open_github, place_of

    address = "" if choice.repository else address_of(local.git, choice.remote)
    place = place_of(choice.repository, choice.url, address)
    credentials = credentials_of(environment)
    service = open_github(place, credentials, FolderMemory(local.common_dir / "perennial" / "cache" / "forge"))
    let_in = by_token(git_host(choice.url), service.password) if credentials else nobody
    return Opened(repository=RemoteRepository.of(local, choice.remote, let_in), forge=service, service=service)
