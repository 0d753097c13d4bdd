"""Steps: one thing to do each, as data. Explaining and executing are two readers of the same steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from reconciler.domain.events import Event
from reconciler.domain.names import Digest, Revision
from reconciler.domain.notices import Comment, Notice
from reconciler.domain.packages import Package
from reconciler.domain.releases import Fingerprint
from reconciler.domain.sharing import Output
from reconciler.domain.training import NO_RETRIES, USUAL_LIMITS, Begun, Limits, Price, Retries


@dataclass(frozen=True, slots=True, kw_only=True)
class Train:
    """Run the model's DVC stages on `base` with `files` laid over it, and commit the result to `branch`.

    `files` holds the narrowed params.yaml and dvc.lock; `replaces` is the candidate branch's tip (None: there is none).
    Only with a `price` the ledger is told how long the training took and what it cost. `cause` is the text of `cause.json`,
    which is committed with what the run leaves.
    """

    model: str
    as_of: datetime
    base: Revision
    branch: str
    replaces: Revision | None
    files: Mapping[str, str]
    made_from: Fingerprint
    reason: str
    cause: str = ""
    price: Price | None = None
    limits: Limits = USUAL_LIMITS
    retries: Retries = NO_RETRIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Push what DVC keeps of the candidate to its remote, so that every machine that reads the proposal can get it."""

    model: str
    digest: Digest
    outputs: tuple[Output, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPackage:
    """Bring the package to where servers fetch it. `released`: main names the build already, so its manifests wait for it."""

    model: str
    digest: Digest
    package: Package
    released: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Sign the statement, and lay the signature beside it at `path`. What the signature is, only the signer knows."""

    path: str
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose:
    """Bring the promotion branch to exactly `base` plus `files` and what is signed, and have one pull request open for it.

    `follows` is the number of the closed one that this is the successor of, which then says so.
    """

    model: str
    environment: str
    digest: Digest
    base: Revision
    branch: str
    replaces: Revision | None
    files: Mapping[str, str]
    commit_message: str
    title: str
    body: str
    event: Event
    sign: Sign | None = None
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    follows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Describe:
    """Bring the words, labels and draft of an open pull request up to date. Its branch stays as it is."""

    model: str
    number: int
    branch: str
    title: str
    body: str
    labels: tuple[str, ...]
    draft: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Merge a pull request that needs nobody's approval, if `expected` is exactly `base` plus `files` and what is signed.

    `takes_back`: it takes a release back, so it waits for no quiet hour.
    """

    model: str
    environment: str
    number: int
    expected: Revision
    base: Revision
    files: Mapping[str, str | None]
    signed: str | None = None
    takes_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeHold:
    """Have one open pull request that puts the stop sign on main, and say so in the answer to who asked for it."""

    model: str
    base: Revision
    branch: str
    replaces: Revision | None
    path: str
    text: str
    title: str
    body: str
    answer: Comment


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRollback:
    """Have one open pull request that puts back what the environment ran before, and say so in the answer to who asked.

    What that is, the history of main says when it is done; that there is none is an answer, too.
    """

    model: str
    environment: str
    branch: str
    replaces: Revision | None
    why: str
    answer: Comment


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack:
    """Have one open pull request that brings main's release file back to what it said before, and quarantines the digest.

    The branch holds exactly `base` plus `files` (None: no such file) and what is signed; `content` is the digest of both, by
    which it is seen whether that has to be written anew.
    """

    model: str
    environment: str
    digest: Digest
    content: Digest
    base: Revision
    branch: str
    replaces: Revision | None
    files: Mapping[str, str | None]
    commit_message: str
    title: str
    body: str
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    sign: Sign | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """Have the forge show this. A failure to tell keeps nothing from being done."""

    model: str
    notice: Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Close a pull request without merging it."""

    model: str
    number: int
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """Create an annotated tag."""

    model: str
    name: str
    target: Revision
    message: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """Make the environment's branch hold exactly these files."""

    environment: str
    branch: str
    replaces: Revision | None
    files: Mapping[str, str]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Append to the ledger. An interrupted training that the line is about is forgotten once the line is there."""

    event: Event
    forgets: Begun | None = None


PullStep = Propose | Describe | Merge | ProposeHold | ProposeRollback | TakeBack | Close
"""What is done to pull requests."""
Step = Train | Share | PublishPackage | PullStep | Tag | Publish | Record | Tell
