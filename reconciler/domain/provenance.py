"""What a release was made from, by what, and with what result: all that its statement says."""

from dataclasses import dataclass
from datetime import datetime

from reconciler.domain.names import Digest, Revision
from reconciler.domain.releases import Build


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Of one digest. `base` is the commit on main that it was trained from, `finished` the time of the training's commit, UTC.

    `champion` is the digest that it was compared with, or `none`; `evidence` the SHA-256 of its gate report's bytes.
    """

    build: Build
    version: str
    base: Revision
    finished: datetime
    seed: int
    champion: str
    evidence: Digest
