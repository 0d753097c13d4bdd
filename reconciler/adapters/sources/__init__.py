"""The port Data: rows by event time from files, databases and functions of the repository."""

from reconciler.adapters.sources.data import SourceData

__all__ = ["SourceData"]
