"""What is told of one version: who asked, what triggered, what was found, who approved and merged, and what runs where."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from reconciler.domain.events import Event
from reconciler.domain.judgements import Judgement
from reconciler.domain.names import Digest, Revision
from reconciler.domain.releases import Build, HoldNote


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit as far as people want to know it: `by` made it (or asked Perennial to), `at` is UTC."""

    revision: Revision
    by: str
    at: datetime
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A pull request for one environment. `number` is None where the forge does not know it any more."""

    environment: str
    at: datetime
    number: int | None
    state: str
    approved_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A time for which an environment ran the version, by what main says. `until` is None while it does.

    `commit` brought it there, by a merge or by a revert (`rolled_back`); None when the repository has it no more. `rendered`:
    the environment's branch says so, too.
    """

    environment: str
    since: datetime
    until: datetime | None
    rolled_back: bool
    commit: Commit | None
    rendered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One line in the list of all that was trained or ran. `fate` is what became of it, in words."""

    version: str | None
    digest: Digest
    at: datetime
    reason: str
    fate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One version from the first wish to what runs. What the records do not tell is None or empty."""

    model: str
    version: str | None
    digest: Digest
    requests: tuple[Event, ...]
    overrides: tuple[Event, ...]
    trained_at: datetime | None
    reason: str
    build: Build | None
    seed: int | None
    base: Commit | None
    compared_with: str | None
    gates: Judgement | None
    refused: str
    declined: str
    proposals: tuple[Proposal, ...]
    stays: tuple[Stay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What `perennial audit MODEL` tells. `running` maps each environment to the version that main says it runs.

    `hold` is the stop sign that stands now, and the commit that put it there. `broken` says which line of the ledger does
    not hold; what comes after it is not told.
    """

    model: str
    running: Mapping[str, str]
    hold: tuple[HoldNote, Commit | None] | None
    story: Story | None
    versions: tuple[Version, ...]
    broken: str
