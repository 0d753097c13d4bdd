"""What is asked of the machinery that makes a release again, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from reconciler.domain.names import Revision


class RowsFrom(StrEnum):
    """Where the rows of a rebuild came from: the dataset's source, or the snapshot that DVC keeps."""

    SOURCE = "source"
    CACHE = "cache"


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildOrder:
    """Run the model's stages up to `package` on a checkout of `base` with `files` laid over it, as if nothing had ever run.

    `records` are the texts that the stage snapshot left then, by path. When the source gives other rows now, or none, the
    rows come from `snapshot`: the names of its files, and where DVC keeps each. Empty: they cannot.
    """

    model: str
    base: Revision
    files: Mapping[str, str]
    records: Mapping[str, str]
    snapshot: Mapping[str, Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """The files under version control that the run wrote, by path. `why` says what kept the rows from being read again."""

    files: Mapping[str, str]
    rows_from: RowsFrom
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildFailed:
    """A stage failed: which, why, and the end of the log, free of secrets and local paths."""

    stage: str
    message: str
    log_tail: str


RebuildResult = Rebuilt | RebuildFailed
