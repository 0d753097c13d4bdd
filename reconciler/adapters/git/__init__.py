"""The repository port on a local git repository, bare or not."""

from reconciler.adapters.git.repository import GitRepository

__all__ = ["GitRepository"]
