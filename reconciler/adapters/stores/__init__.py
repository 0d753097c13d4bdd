"""Adapters of the port Store."""

from reconciler.adapters.stores.fsspec import FsspecStore

__all__ = ["FsspecStore"]
