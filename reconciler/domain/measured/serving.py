"""What the stage verify finds out about the finished package in a process that has nothing but it: time, memory, answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.domain.judgements import Answer
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.comparison import NoBaseline
from reconciler.domain.names import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A number that differs from run to run: the median of several, and an interval that holds the true one (96 %)."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesLive:
    """How many times as long as the champion the candidate takes, both asked in turn by one process."""

    champion: Digest
    times: Spread


_NOT_COMPARED = Missing(code="notMeasured", why="it was not compared with the live model's")


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Seconds from the text of a request of `rows` rows to its answers: quantiles over `calls` calls, in each of `rounds` rounds.

    `live` compares it with the champion, where a gate asks for that.
    """

    rows: int
    calls: int
    rounds: int
    p50: Spread
    p95: Spread
    live: Known[TimesLive | NoBaseline] = _NOT_COMPARED


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The largest resident memory, in bytes, of a process that loads the package and answers requests of `rows` rows.

    `bare` is what it had before it loaded anything, `libraries` with all that the package needs but not the package. Each is the
    middle of `processes` processes.
    """

    rows: int
    processes: int
    bare: int
    libraries: int
    peak: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Infra:
    """The package tried in the serving environment.

    `made` and `installed` are versions by name (a name that is absent is not installed), `otherwise` sentences on packages that
    are installed in another version than the lock has. `answered` of the package's `samples` rows got numbers for answers.
    """

    made: Mapping[str, str]
    installed: Mapping[str, str]
    otherwise: tuple[str, ...]
    samples: int
    answered: Known[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parity:
    """What was answered to requests in JSON, beside what was predicted offline, of the package's samples and hold-out rows.

    A difference is divided by the prediction where that is larger than 1. `one_by_one` is of `alone` requests of one row,
    `together` of all `rows` in one request, `samples` of the package's. `changed` are sentences on features that JSON changed.
    """

    rows: int
    alone: int
    sample_rows: int
    unanswered: int
    one_by_one: float
    together: float
    samples: float
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What a team's own check said of the candidate: its answer, its code where it gave one, and its sentences."""

    answer: Answer
    code: str
    message: str
    remedy: str
