"""The repository port on a local git repository, bare or not, and on a remote of one."""

from reconciler.adapters.git.remote import Remote
from reconciler.adapters.git.remote_repository import RemoteRepository
from reconciler.adapters.git.repository import GitRepository

__all__ = ["GitRepository", "Remote", "RemoteRepository"]
