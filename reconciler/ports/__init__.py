"""The whole outside world on one page: what may be read, and what may be written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from reconciler.domain.changes import Proposal, PullRequest
from reconciler.domain.commits import CommitInfo, RefUpdate
from reconciler.domain.conversations import CommentCommand
from reconciler.domain.data import RowQuery, Source
from reconciler.domain.live import Alert, Point, Sample
from reconciler.domain.names import Digest, Revision
from reconciler.domain.notices import CheckReport, Comment, Dashboard, DeploymentRecord, Status
from reconciler.domain.releases import Artifact
from reconciler.ports.clusters import ClusterReader as ClusterReader
from reconciler.ports.clusters import ClusterWriter as ClusterWriter
from reconciler.ports.packages import Packages as Packages
from reconciler.ports.packages import PackagesWriter as PackagesWriter
from reconciler.ports.work import Programs as Programs
from reconciler.ports.work import Rebuilder as Rebuilder
from reconciler.ports.work import RunsReader as RunsReader
from reconciler.ports.work import RunsWriter as RunsWriter
from reconciler.ports.work import Signer as Signer
from reconciler.ports.work import Trainer as Trainer
from reconciler.ports.work import Verifier as Verifier

if TYPE_CHECKING:
    import polars


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """Now, aware, UTC."""


class RepositoryReader(Protocol):
    """Git objects and refs. A ref is given in full (`refs/heads/main`). Raises ObserveError when git cannot answer."""

    def refs(self, *prefixes: str) -> Mapping[str, Revision]:
        """Full ref name to the commit it stands for (annotated tags are peeled); all refs under the prefixes."""

    def files(self, revision: Revision, *prefixes: str) -> Mapping[str, bytes]:
        """Path to content of all regular files at or under the prefixes (none given: all). Links are left out."""

    def last_change(self, revision: Revision, path: str) -> Revision | None:
        """The newest first-parent commit, from `revision` back, that changed the path; None when none did."""

    def commit_info(self, revision: Revision) -> CommitInfo:
        """Parents, author, committer and time of one commit."""

    def contains(self, tip: Revision, revision: Revision) -> bool:
        """Whether `revision` is `tip` or one of its ancestors; not, when the repository does not have it."""


class RepositoryWriter(Protocol):
    """Writes objects freely, and moves refs only by compare-and-swap. Commits are deterministic: same input, same id."""

    def commit(
        self, *, parent: Revision | None, files: Mapping[str, bytes | None], message: str, at: datetime, whole: bool = False
    ) -> Revision:
        """Write a commit: the parent's tree with `files` laid over it (None removes), or only `files` when `whole`."""

    def tag(self, *, name: str, target: Revision, message: str, at: datetime) -> Revision:
        """Write an annotated tag object and return its id; `update` makes the ref."""

    def update(self, updates: Sequence[RefUpdate]) -> None:
        """Move all the refs or none. Raises ConflictError when one is not where it was expected."""


class ForgeReader(Protocol):
    """Where pull requests live. Raises ObserveError when it cannot answer."""

    def pull_requests(self) -> tuple[PullRequest, ...]:
        """All of Perennial's pull requests (their body has a marker), open or not, by number."""


class ForgeWriter(Protocol):
    """Every call is ensure, not create: calling twice is calling once."""

    def propose(self, proposal: Proposal, at: datetime) -> PullRequest:
        """Have one open pull request from the branch to the base with this title, body, labels and draft, updated in place."""

    def close(self, number: int, comment: str, at: datetime) -> PullRequest:
        """Close without merging and leave the comment. Merged already: ConflictError. Unknown: PermanentActError."""

    def merge(self, number: int, expected: Revision, at: datetime, by: str = "") -> PullRequest:
        """Merge into the base, for `by`. Not `expected` or no clean merge: ConflictError. A draft: NotYetError."""

    def comment(self, comment: Comment, at: datetime) -> bool:
        """Have one comment of Perennial's with that key; whether anything was written. Unknown number: PermanentActError."""


class Conversations(Protocol):
    """What people ask for in comments on pull requests, where the forge knows who may. Raises ObserveError."""

    def commands(self, since: datetime) -> tuple[CommentCommand, ...]:
        """Those by others since then on Perennial's pull requests without an answer yet, oldest first. In doubt nobody may."""


class Notices(Protocol):
    """What else a forge shows. Every call ensures, and tells whether anything had to be written. Raises ActError."""

    def status(self, status: Status) -> bool:
        """Have this be the newest word of its context on the commit."""

    def check(self, report: CheckReport) -> bool:
        """Have one finished check run of that name on the commit, with all annotations."""

    def deployment(self, record: DeploymentRecord) -> bool:
        """Have it on record, and its state be the newest of it."""

    def dashboard(self, dashboard: Dashboard) -> bool:
        """Have one open issue of Perennial's own with that title hold exactly the body."""


class Data(Protocol):
    """Reads rows by event time, never more of the source than the range needs where the format allows."""

    def read(self, query: RowQuery) -> "polars.DataFrame":
        """Rows ordered by event time; the time column is Datetime in UTC. Raises ObserveError."""


class Schemas(Protocol):
    """What columns a source has now, whatever the contract says."""

    def columns(self, source: Source) -> Mapping[str, str]:
        """Column name to its type in polars' words; no rows are read where the format allows. Raises ObserveError."""


class Metrics(Protocol):
    """A Prometheus server. Raises ObserveError when it cannot answer; of one value or range also unless it is of one series."""

    def instant(self, query: str, at: datetime) -> float:
        """The value of the query at the time."""

    def range(self, query: str, start: datetime, end: datetime, step: timedelta) -> tuple[Point, ...]:
        """The values of the query over [start, end], one each step, oldest first; gaps are left out."""

    def vector(self, query: str, at: datetime) -> tuple[Sample, ...]:
        """Every series of the query at the time, in the order of their labels; none is an answer, too."""


class Alerts(Protocol):
    """Alertmanager webhook payloads that somebody put into files."""

    def read(self, file: str) -> tuple[Alert, ...]:
        """All alerts of the file (or of all files that match the glob), each once, newest state. Raises ObserveError."""


class Database(Protocol):
    """A database that business metrics are asked of."""

    def number(self, url: str, query: str, start: datetime, end: datetime) -> float:
        """The one number that the query returns; `:start` and `:end` are bound. Raises ObserveError."""


class Store(Protocol):
    """Small named contents on any fsspec address. It may forget, never lie; a name is written once and then stays."""

    def get(self, name: str) -> bytes | None:
        """What is stored under the name, or None."""

    def put(self, name: str, content: bytes) -> None:
        """Store it whole or not at all; a place that cannot be written to is no error."""


class Logs(Protocol):
    """Logs of predictions, shadows and labels: Parquet files in one folder a day. Raises ObserveError for files that are none.

    Predictions have the columns `id`, `time` (event time, UTC), `digest` (of the release), `prediction` (float64; of several
    classes `prediction:<class>` each) and the features as they were served. Labels have `id`, `label`, `known` (UTC).
    """

    def predictions(self, model: str, start: datetime, end: datetime) -> "polars.DataFrame":
        """Logged predictions with start <= time < end, by time; of an id that was logged twice the first."""

    def shadows(self, model: str, start: datetime, end: datetime) -> "polars.DataFrame":
        """Answers to copies of requests, which nobody saw; their ids are those of the requests. Else as `predictions`."""

    def labels(self, model: str, since: datetime, until: datetime) -> "polars.DataFrame":
        """Labels with since <= known < until: each id once, with its newest value (a label may be corrected)."""


class ArtifactStore(Protocol):
    """Where the bytes of packaged models are."""

    def fetch(self, artifact: Artifact) -> Path:
        """A local file with exactly the artifact's bytes, its SHA-256 checked. Raises ObserveError."""


class Cache(Protocol):
    """What DVC keeps on this machine."""

    def find(self, md5: str) -> Path | None:
        """The file that is kept under the MD5 (of a folder's list, `.dir` at its end), unchecked; None when there is none."""

    def bring(self, md5s: Sequence[str]) -> None:
        """Have the remote bring those that are not here; what it cannot give stays away, and is no error."""


class DataRemote(Protocol):
    """Where DVC keeps data for other machines."""

    def absent(self, md5s: Sequence[str]) -> frozenset[str]:
        """Those (of a folder's list, `.dir` at its end) that are not wholly there now. Raises ObserveError."""


class DataRemoteWriter(Protocol):
    """Brings data there."""

    def push(self, md5s: Sequence[str]) -> None:
        """Have all of them there, from this machine. Raises ActError when one is not, afterwards."""


class Memory(Protocol):
    """Keeps what is costly to measure, under a digest of everything that it was measured from. It may forget, never lie."""

    def recall(self, key: Digest) -> bytes | None:
        """What was remembered, or None."""

    def remember(self, key: Digest, content: bytes) -> None:
        """Keep it if possible; a full disk is no error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """All that may be read. What is None is not configured, and what would be seen through it is Missing."""

    clock: Clock
    repository: RepositoryReader
    forge: ForgeReader
    data: Data
    artifacts: ArtifactStore
    memory: Memory
    schemas: Schemas | None = None
    metrics: Metrics | None = None
    alerts: Alerts | None = None
    database: Database | None = None
    store: Store | None = None
    logs: Logs | None = None
    runs: RunsReader | None = None
    programs: Programs | None = None
    verifier: Verifier | None = None
    cache: Cache | None = None
    data_remote: DataRemote | None = None
    packages: Packages | None = None
    conversations: Conversations | None = None
    clusters: ClusterReader | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Writers:
    """All that may be written. Without a `signer` nothing can be signed; without `notices` the forge has none."""

    repository: RepositoryWriter
    forge: ForgeWriter
    trainer: Trainer
    runs: RunsWriter | None = None
    signer: Signer | None = None
    notices: Notices | None = None
    data_remote: DataRemoteWriter | None = None
    clusters: ClusterWriter | None = None
    packages: PackagesWriter | None = None
