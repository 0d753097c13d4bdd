"""Ports of what is run and signed: programs, trainings, rebuilds, signatures."""

from collections.abc import Sequence
from typing import Protocol

from reconciler.domain.judgements import Judgement
from reconciler.domain.programs import Program, Ran
from reconciler.domain.rebuilding import RebuildOrder, RebuildResult
from reconciler.domain.signing import Trust
from reconciler.domain.training import Begun, TrainingOrder, TrainingResult


class Programs(Protocol):
    """Runs the programs that a team brings, with no secret in their environment and nothing of them left running."""

    def run(self, program: Program) -> Ran:
        """Run it to its end or its limit, and tell how it ended. Raises ActError when it cannot even start."""


class Trainer(Protocol):
    """Runs the data and training stages in a checkout of its own. Raises ActError when it cannot even start."""

    def train(self, order: TrainingOrder) -> TrainingResult:
        """Run, and return what was written, or how it failed."""


class RunsReader(Protocol):
    """What became of the trainings that began on this machine."""

    def interrupted(self, model: str) -> Sequence[Begun]:
        """Those of the model whose process is gone and that did not end, oldest first. Raises ObserveError."""


class RunsWriter(Protocol):
    """Lets go of them."""

    def forget(self, begun: Begun) -> None:
        """The ledger has it: `interrupted` names it no more. Raises ActError."""


class Rebuilder(Protocol):
    """Makes a release again in a checkout of its own. Raises ActError when that cannot even start."""

    def rebuild(self, order: RebuildOrder) -> RebuildResult:
        """Run everything, taking nothing from earlier runs, and return what was written, or how it failed."""


class Signer(Protocol):
    """Signs statements as the one who runs Perennial. Raises ActError when there is no key, identity or network."""

    def sign(self, statement: bytes) -> bytes:
        """The content of the file that goes beside the statement."""


class Verifier(Protocol):
    """Checks signatures. Needs no network."""

    def verify(self, statement: bytes, signature: bytes, trust: Trust) -> Judgement:
        """YES: this very statement, signed by somebody who counts, whom the message names. UNKNOWN: it cannot be checked here."""
