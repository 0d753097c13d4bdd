"""Facts: what was observed of one model. What could not be seen is Missing, with the reason; never None, never NaN."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from reconciler.domain.clusters import Deployed
from reconciler.domain.evidence import Evidence
from reconciler.domain.fallbacks import Fallback
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.live import (
    Alert,
    ConceptDrift,
    Fleet,
    LabelLag,
    LiveQuality,
    Maturity,
    Override,
    Point,
    Request,
    Separation,
    Skew,
)
from reconciler.domain.names import Digest, Revision
from reconciler.domain.needs import (
    AlertNeed,
    BusinessNeed,
    ConceptNeed,
    DomainNeed,
    Lookback,
    MaturityNeed,
    ProfileNeed,
    PromqlNeed,
    QualityNeed,
    ScoreNeed,
    SkewNeed,
)
from reconciler.domain.overrides import GateOverride
from reconciler.domain.packages import Packaging
from reconciler.domain.profiles import Profile
from reconciler.domain.proofs import Proof, objection
from reconciler.domain.releases import Build, Fingerprint, HoldNote, Release
from reconciler.domain.rollouts import Changeover
from reconciler.domain.sharing import NOT_SHARED, Sharing
from reconciler.domain.training import Begun


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFacts:
    """Labels of the dataset. `new` counts mature rows newer than all that the newest build has seen."""

    delay: timedelta
    new: int
    newest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A trained build that is to go on to an environment. `files` are what its promotion carries beside the release.

    `base` is the commit on main that it was trained from. `reason` says why it was trained, as far as its commit tells.
    `landed`: an environment runs it, and this was read from main, which has all that a promotion carries but the release file.
    """

    build: Build
    revision: Revision
    base: Revision
    trained_at: datetime
    evidence: Evidence
    files: Mapping[str, str]
    reason: str = ""
    landed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenChange:
    """An open pull request of this model. `edited`: the branch's tip is not Perennial's, so it is not overwritten.

    `foreign` are those who pushed to it, where the forge can tell; `approved_by` who approves of its tip; `author` who opened it;
    `written` when its tip was committed.
    """

    number: int
    environment: str
    digest: Digest
    content: Digest
    title: str
    body: str
    tip: Revision | None
    edited: bool
    foreign: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    draft: bool = False
    author: str = ""
    approved_by: tuple[str, ...] = ()
    written: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrainGain:
    """What one retrain was worth: the gain over the champion of each metric, 0 where it was refused."""

    at: datetime
    digest: Digest
    gains: Mapping[str, float]
    refused: bool
    cost: float | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aborted:
    """Why all requests went back to the release before. `digest` is the candidate's."""

    digest: Digest
    code: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An environment began to run something, as the ledger has it: that line is written when its manifests are rendered.

    `commit` on main brought it; `digest` is empty and `version` "none" when the environment was to run nothing any more.
    """

    environment: str
    digest: Digest
    version: str
    at: datetime
    commit: Revision
    rolled_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the ledger says of the model. `failures` counts failed trainings since the last good one.

    `released` holds every (environment, digest) that ever ran; `aborted` why a rollout ended badly, by (environment, the commit
    on main that brought the release), `taken_back` every (environment, digest) that a roll-back was decided for; `events` the
    ids of all lines; `moves` what the environments ran, oldest first. `broken` says which line does not hold, and why; then the
    rest is only of the lines before it.
    """

    last_trained_at: datetime | None = None
    last_failed_at: datetime | None = None
    failures: int = 0
    failed_from: Fingerprint | None = None
    refused: frozenset[Digest] = frozenset()
    released: frozenset[tuple[str, Digest]] = frozenset()
    aborted: Mapping[tuple[str, Revision], Aborted] = field(default_factory=dict)
    taken_back: frozenset[tuple[str, Digest]] = frozenset()
    events: frozenset[str] = frozenset()
    gains: tuple[RetrainGain, ...] = ()
    requests: tuple[Request, ...] = ()
    overrides: tuple[Override, ...] = ()
    moves: tuple[Move, ...] = ()
    broken: str = ""

    def taken_back_in(self, environment: str) -> frozenset[Digest]:
        """What was taken back there, half-way through a rollout or later."""
        aborted = {one.digest for (place, _), one in self.aborted.items() if place == environment}
        return frozenset(aborted | {digest for place, digest in self.taken_back if place == environment})

    def in_environment(self, environment: str) -> tuple[Move, ...]:
        """What the environment ran, oldest first."""
        return tuple(move for move in self.moves if move.environment == environment)

    def rolled_back(self, environment: str, digest: Digest) -> bool:
        """The environment ran the digest, and left it by going back."""
        moves = self.in_environment(environment)
        return any(before.digest == digest != after.digest and after.rolled_back for before, after in pairwise(moves))


NOT_ASKED = Missing(code="notAsked", why="no rule asked for it")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFacts:
    """What was seen of the live stream beside profiles and scores of features. Each mapping answers the needs that were stated.

    `rows` counts rows newer than all that the newest build has seen; `baseline` are the champion's metrics in its evidence;
    `outcomes` profiles what the reference's predictions and labels were like; `importance` maps a feature to its share of
    the model's attention, adding up to one; `populations` are the profiles beyond those of unsliced features.
    """

    rows: Known[int] = NOT_ASKED
    lag: Known[LabelLag] = NOT_ASKED
    baseline: Known[Mapping[str, Measured]] = NOT_ASKED
    outcomes: Known[Profile] = NOT_ASKED
    importance: Mapping[str, float] = field(default_factory=dict)
    populations: Mapping[ProfileNeed, Known[Profile]] = field(default_factory=dict)
    quality: Mapping[QualityNeed, Known[LiveQuality]] = field(default_factory=dict)
    maturity: Mapping[MaturityNeed, Known[Maturity]] = field(default_factory=dict)
    skew: Mapping[SkewNeed, Known[Skew]] = field(default_factory=dict)
    domain: Mapping[DomainNeed, Known[Separation]] = field(default_factory=dict)
    concept: Mapping[ConceptNeed, Known[ConceptDrift]] = field(default_factory=dict)
    business: Mapping[BusinessNeed, Known[float]] = field(default_factory=dict)
    series: Mapping[PromqlNeed, Known[tuple[Point, ...]]] = field(default_factory=dict)
    alerts: Mapping[AlertNeed, Known[tuple[Alert, ...]]] = field(default_factory=dict)


NOTHING_LIVE = LiveFacts()
NO_FLEET = Fleet()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """Everything that `decide` may look at for one model.

    `environments` are in the order of promotion; `fingerprint` is what Git says now; `releases` what the release files on
    main say, `proofs` what proves each of them, and `introduced` the commits on main that last changed them; `wanted` are the
    texts of the model's specs in the commit that introduced the champion, where a candidate is waiting; `tags` the
    model's tags and the commits they stand on; `candidate_tip` where the candidate's branch is; `declined` maps a digest to
    the number of the pull request that was closed, `closed` an environment to the newest of these; `profiles` and `scores`
    answer the needs that the rules stated; `interrupted` are trainings whose process is gone, and that did not end;
    `sharing` says where the candidate's data is, `packaging` whether servers can fetch what it and the releases are; `deployed`
    maps an environment to what its cluster has, `rollouts` to the rollout that is under way there, `onward` to what it runs and
    the next one does not, by main's release file and the evidence beside it, `answered` to the rows that this has answered there,
    where the environment asks. `since` is when main began to
    name what an environment runs, where a rule asks; `fallbacks` what would run if that were taken back, where it may have to be;
    `takebacks` are the open pull requests that take something back; `kept` maps (environment, digest) to the number of one that
    was closed, `merged` to that of the promotion that brought it.
    """

    model: str
    environments: tuple[str, ...]
    fingerprint: Fingerprint
    hold: HoldNote | None
    quarantine: Mapping[Digest, str]
    releases: Mapping[str, Release]
    proofs: Mapping[str, Proof]
    introduced: Mapping[str, Revision]
    tags: Mapping[str, Revision]
    candidate: Known[Candidate] | None
    candidate_tip: Revision | None
    changes: tuple[OpenChange, ...]
    declined: Mapping[Digest, int]
    history: History
    labels: Known[LabelFacts]
    reference: Known[Profile]
    profiles: Mapping[Lookback, Known[Profile]]
    scores: Mapping[ScoreNeed, Known[Measured]]
    live: LiveFacts = NOTHING_LIVE
    fleet: Fleet = NO_FLEET
    interrupted: tuple[Begun, ...] = ()
    wanted: Mapping[str, str] = field(default_factory=dict)
    override: GateOverride | None = None
    closed: Mapping[str, int] = field(default_factory=dict)
    sharing: Sharing = NOT_SHARED
    deployed: Mapping[str, Known[Deployed]] = field(default_factory=dict)
    packaging: Packaging = field(default_factory=dict)
    rollouts: Mapping[str, Changeover] = field(default_factory=dict)
    since: Mapping[str, datetime] = field(default_factory=dict)
    fallbacks: Mapping[str, Known[Fallback]] = field(default_factory=dict)
    takebacks: tuple[OpenChange, ...] = ()
    kept: Mapping[tuple[str, Digest], int] = field(default_factory=dict)
    merged: Mapping[tuple[str, Digest], int] = field(default_factory=dict)
    onward: Mapping[str, Candidate] = field(default_factory=dict)
    answered: Mapping[str, Known[int]] = field(default_factory=dict)

    @property
    def champion(self) -> Release | None:
        """What the last environment runs: the release that a candidate has to beat."""
        return self.releases.get(self.environments[-1])

    @property
    def newest(self) -> Build | None:
        """The newest build, promoted or not: the candidate's when there is one, else the champion's."""
        if isinstance(self.candidate, Candidate):
            return self.candidate.build
        return self.champion.build if self.champion else None

    def objection(self, environment: str) -> str:
        """Why the release of the environment may not be acted on; empty when all that proves it holds, or nothing runs."""
        return objection(self.proofs.get(environment)) if environment in self.releases else ""

    def digest_in(self, environment: str) -> Digest | None:
        """The digest of what the environment runs; None where it runs nothing."""
        release = self.releases.get(environment)
        return release.digest if release else None

    def runs(self, digest: Digest) -> bool:
        """Some environment runs the digest."""
        return any(release.digest == digest for release in self.releases.values())
