"""Settings to adapters: the only reader of the environment, and the only place that knows which adapter is behind a port."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.adapters.clock import FixedClock, SystemClock
from reconciler.adapters.git import GitRepository
from reconciler.errors import ReconcilerError
from reconciler.ports import Clock, Readers, Writers
from reconciler.rules.fields import parse_time

QUIET = {
    "DVC_NO_ANALYTICS": "1",
    "DVC_STUDIO_OFFLINE": "1",
    "GX_ANALYTICS_ENABLED": "false",
}
"""Switches that keep the libraries that we run from phoning home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that a command needs."""

    root: Path
    readers: Readers
    writers: Writers


def environment() -> Mapping[str, str]:
    """The process's environment, with telemetry switched off."""
    return {**os.environ, **QUIET}  # noqa: TID251 - the one place where the environment is read


def quiet() -> None:
    """Switch telemetry off for the libraries that are used in this process."""
    os.environ.update(QUIET)  # noqa: TID251 - the one place where the environment is touched


def clock(as_of: str | None) -> Clock:
    """The machine's clock, or one that stands still at `--as-of`. Raises ReconcilerError for a time that is none."""
    if as_of is None:
        return SystemClock()
    try:
        return FixedClock(parse_time(as_of))
    except ValueError as error:
        raise ReconcilerError(f"--as-of {as_of}: {error}", help="perennial plan --as-of 2013-06-01") from error


def root_of(path: str) -> Path:
    """The top of the working tree that holds the path. Raises ObserveError outside of a repository."""
    return GitRepository.open(Path(path), environment()).root
