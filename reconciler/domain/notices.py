"""What people are told on the forge. Telling is ensuring: the same notice again changes nothing, another one replaces it."""

from dataclasses import dataclass
from enum import StrEnum

from reconciler.domain.names import Revision

LONGEST_DESCRIPTION = 140
LONGEST_BODY = 60_000
"""Characters; GitHub takes 65,536, and an adapter adds a line of its own."""


class StatusState(StrEnum):
    """Where the commit stands. `error`: it could not be told."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The word of one context, e.g. `perennial/gates`, on a commit. `description` has at most LONGEST_DESCRIPTION characters."""

    revision: Revision
    context: str
    state: StatusState
    description: str
    url: str = ""


class Conclusion(StrEnum):
    """How a check ended."""

    SUCCESS = "success"
    FAILURE = "failure"
    NEUTRAL = "neutral"
    ACTION_REQUIRED = "action_required"


class Level(StrEnum):
    """How grave an annotation is."""

    NOTICE = "notice"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A remark on a line (from 1) of a file of the commit."""

    path: str
    line: int
    level: Level
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """One finished check run, by name, on a commit. `summary` is Markdown of at most LONGEST_BODY characters."""

    revision: Revision
    name: str
    conclusion: Conclusion
    title: str
    summary: str
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What is said on a pull request: one comment for each key, found again by the hidden mark that `text` begins with."""

    number: int
    key: str
    body: str

    @property
    def mark(self) -> str:
        """The HTML comment that carries the key. Only in a comment of Perennial's own does it count."""
        return f"<!-- perennial:{self.key} -->"

    @property
    def text(self) -> str:
        """The comment as the forge keeps it."""
        return f"{self.mark}\n{self.body}"


class DeploymentState(StrEnum):
    """How far a release is in its environment."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    SUCCESS = "success"
    FAILURE = "failure"
    INACTIVE = "inactive"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentRecord:
    """What main's commit `revision` brought of one model to an environment. There is one for each of all four."""

    environment: str
    revision: Revision
    model: str
    version: str
    state: DeploymentState
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """The one issue with this title, open, which Perennial keeps up to date. `body` has at most LONGEST_BODY characters."""

    title: str
    body: str


Notice = Status | CheckReport | Comment | DeploymentRecord | Dashboard
