"""A release: one digest over everything that a model was made from, and where its bytes are."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import lru_cache

from reconciler.domain.names import Digest

LEFT_OUT = {"leftOutIfNone": True}
"""Metadata of a field that most values do not have: where it is None, their JSON says nothing of it."""


def digest_of(value: object) -> Digest:
    """SHA-256 of the value as canonical JSON (sorted keys, no spaces, UTF-8).

    Raises TypeError for what JSON cannot hold and ValueError for NaN or infinity.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return digest_of_bytes(text.encode())


def digest_of_bytes(content: bytes) -> Digest:
    """SHA-256 of the bytes."""
    return Digest("sha256:" + hashlib.sha256(content).hexdigest())


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """Digests of what Git says a model is made from; data is apart, because only a run fixes it."""

    spec: Digest
    code: Digest
    parameters: Digest
    environment: Digest

    def differences(self, other: "Fingerprint") -> tuple[str, ...]:
        """Names of the parts that differ, in the order of the fields."""
        mine, theirs = asdict(self), asdict(other)
        return tuple(name for name in mine if mine[name] != theirs[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """Where the model's bytes are: the DVC output's path, its MD5 (DVC's address) and our SHA-256. Size in bytes."""

    path: str
    sha256: Digest
    md5: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """A model that goes on with a release's: which one, and the `as_of` of the full training that both go back to."""

    continues: Digest
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRange:
    """What data a run saw: rows of [train_from, train_until) and [holdout_from, holdout_until), labels known at `as_of`.

    With a `lineage` the model has also seen what the release before it has; then `digest` covers which release that is.
    """

    dataset: str
    digest: Digest
    as_of: datetime
    train_from: datetime
    train_until: datetime
    holdout_from: datetime
    holdout_until: datetime
    train_rows: int
    holdout_rows: int
    lineage: Lineage | None = field(default=None, metadata=LEFT_OUT)

    @property
    def since(self) -> datetime:
        """When everything that the model knows was last learnt from the beginning."""
        return self.lineage.since if self.lineage else self.as_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """What one training made, and from what. The one digest that is trained, gated, reviewed, merged and served."""

    model: str
    artifact: Artifact
    data: DataRange
    made_from: Fingerprint

    @property
    def digest(self) -> Digest:
        """One digest over model, data, spec, code, parameters and environment."""
        return _digest_of_parts(self.artifact.sha256, self.data.digest, self.made_from)


@lru_cache(maxsize=10_000)
def _digest_of_parts(artifact: Digest, data: Digest, made_from: Fingerprint) -> Digest:
    """Remembered, because a plan asks for it again and again."""
    return digest_of({"artifact": artifact, "data": data, **asdict(made_from)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What an environment runs. `version` is semantic, without the leading v."""

    environment: str
    version: str
    build: Build

    @property
    def digest(self) -> Digest:
        """The digest of what runs."""
        return self.build.digest


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldNote:
    """A person's stop sign: why, who, until when (None: until the file is removed), and of which environments (none: of all)."""

    reason: str
    owner: str
    until: datetime | None
    environments: tuple[str, ...] = ()


Releases = Mapping[str, Release]
"""Environment name to what runs there."""
