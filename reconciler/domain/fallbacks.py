"""What an environment would run again if what it runs now were taken back."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.domain.names import Digest
from reconciler.domain.releases import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """The release that ran before, None where nothing did, and what main is to hold for it to run again.

    `digest` runs now. `files` maps paths to contents (None: no such file); the quarantine of `digest` is not among them.
    `restored`: what runs now was itself put back once, not promoted. `stays` says what does not go back with it, and why.
    """

    digest: Digest
    release: Release | None
    files: Mapping[str, str | None]
    restored: bool = False
    stays: str = ""
